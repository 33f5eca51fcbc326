import type * as Engine from '../index.ts'
import type { Frame, Strokes, Tensor } from '../index.ts'
import { benchBatch } from './bench-batch.ts'
import { benchCount } from './bench-count.ts'
import { benchEncoder, type BenchOptions } from './bench-encoder.ts'
import { benchFind } from './bench-find.ts'
import { benchWords } from './bench-words.ts'
import { benchSketchWith, type SketchBenchOptions } from './bench-sketch.ts'
import { WrongCall } from './complain.ts'
import { median, PHOTO, timed } from './measure.ts'
import { answer } from './say.ts'

type Fewline = typeof Engine

const BENCHES: Record<string, (fewline: Fewline) => Promise<void>> = {
  raster: benchRaster,
  encoder: benchBuiltin,
  sketch: benchSketch,
  find: benchFind,
  count: benchCount,
  batch: benchBatch,
  words: benchWords,
}
/** What takes minutes is measured when it is named. */
const LONG: readonly unknown[] = [benchBatch, benchWords]

/**
 * `fewline bench`: medians on this machine, on stdout; `model` is for a bench of the encoder with a CLIP model of that
 * name. Resolves to the exit code. Throws on a name it doesn't know.
 */
export async function bench(
  what?: string,
  model?: string,
  options?: BenchOptions & SketchBenchOptions,
): Promise<number> {
  const chosen = what === undefined ? Object.values(BENCHES).filter((run) => !LONG.includes(run)) : [BENCHES[what]]
  if (chosen.includes(undefined)) {
    throw new WrongCall(
      `a bench (${Object.keys(BENCHES).join(', ')})`,
      `"${what!}" came`,
      'choose one, or none for all',
    )
  }
  const fewline = await import('../index.ts')
  if (options?.encoder !== undefined && what === 'sketch') return benchSketchWith(fewline, options)
  if (model !== undefined && what === 'encoder') await benchEncoder(fewline, model, options!)
  else for (const run of chosen) await run!(fewline)
  return 0
}

/** One rendering with its gradient. */
async function benchRaster({ renderStrokes }: Fewline): Promise<void> {
  for (const count of [16, 64]) {
    const strokes = scribbles(count)
    await measure(`raster: ${count} strokes at 224 × 224, forward and gradient`, 200, () => {
      const { output, pullback } = renderStrokes(strokes)
      pullback(output)
    })
  }
}

/** One look at a sketch: how far off it is, and the gradient of that. */
async function benchBuiltin({ openEncoder, renderStrokes }: Fewline): Promise<void> {
  const encoder = await openEncoder('builtin', { threads: 2 })
  const { name, resolution } = encoder
  const picture = (strokes: Strokes): Tensor => {
    const { data } = renderStrokes(strokes).output
    const planes = Float32Array.from({ length: 3 * data.length }, (_, i) => data[i % data.length]!)
    return { data: planes, shape: [1, 3, resolution, resolution] }
  }
  try {
    const target = await encoder.prepare(picture(scribbles(64, resolution)))
    const drawing = picture(scribbles(16, resolution))
    await measure(`encoder: ${name} at ${resolution}, compare on 2 threads`, 60, () => encoder.compare(drawing, target))
  } finally {
    await encoder.dispose()
  }
}

/** The default sketch of a photo, the first one with the start of the program. */
async function benchSketch({ draw }: Fewline): Promise<void> {
  let last: Frame | undefined
  const sketch = async () => {
    for await (const frame of draw({ photo: PHOTO })) last = frame
  }
  await sketch()
  const { strokes, step } = last!
  const seconds = (performance.now() / 1000).toFixed(2)
  answer(`sketch: ${strokes.widths.length} strokes in ${step} steps, first one with the start of Fewline: ${seconds} s`)
  await measure(`sketch: ${strokes.widths.length} strokes in ${step} steps`, 3, sketch)
}

/** Strokes here and there, the same each time, on a square canvas. */
function scribbles(count: number, size = 224): Strokes {
  const points = Float32Array.from({ length: 8 * count }, (_, i) => {
    const start = ((1 + (i >> 3)) * (i % 2 ? 0.7549 : 0.5698)) % 1
    return size * (0.1 + 0.7 * start + 0.1 * Math.sin(i))
  })
  return { points, widths: new Float32Array(count).fill(3), width: size, height: size }
}

/** Prints the median time of `work` in milliseconds, after it has warmed up. */
async function measure(name: string, runs: number, work: () => unknown): Promise<void> {
  const times: number[] = []
  for (let i = -Math.ceil(runs / 10); i < runs; i++) {
    const [time] = await timed(work)
    if (i >= 0) times.push(time)
  }
  answer(`${name}: ${median(times).toFixed(2)} ms (median of ${runs})`)
}
