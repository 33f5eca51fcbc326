import type * as Engine from '../index.ts'
import type { EditRequest, Strokes } from '../index.ts'
import { median, timed } from './measure.ts'
import { answer } from './say.ts'

type Fewline = typeof Engine

/** Real shapes, random weights: they see nothing, at the real speed. */
const ENCODER = 'random:ViT-B/32'
const SENTENCE = 'a red fox in the snow'
const [STROKES, CUBICS] = [128, 3]
/** A photo of 12 megapixels. */
const [WIDTH, HEIGHT] = [4000, 3000]

/**
 * `fewline bench words`: a raster of coloured strokes with its gradient; then a whole drawing of a sentence and whole edits of
 * a photo of 12 megapixels, from the start of the encoder to the file, each once. The first of them also makes the encoder's
 * graphs ready, which later ones find on the disk.
 */
export async function benchWords(fewline: Fewline): Promise<void> {
  await benchRaster(fewline)
  const photo = await fewline.pictureFile(pattern(), 'jpg', {})
  await benchEdit(fewline, { photo, text: SENTENCE, mode: 'style' })
  await benchEdit(fewline, { photo, text: SENTENCE, mode: 'tone' })
  let steps = 0
  const [time] = await timed(async () => {
    for await (const { way } of fewline.draw({ text: SENTENCE, encoder: ENCODER, strokes: STROKES })) steps = way.taken
  })
  answer(`words: draw standard, ${ENCODER}, ${STROKES} strokes, ${steps} steps, all in: ${(time / 1000).toFixed(0)} s`)
}

async function benchRaster({ renderStrokes }: Fewline): Promise<void> {
  const strokes = coloured()
  const times: number[] = []
  for (let i = -5; i < 60; i++) {
    const [time] = await timed(() => {
      const { output, pullback } = renderStrokes(strokes)
      pullback(output)
    })
    if (i >= 0) times.push(time)
  }
  const what = `raster of ${STROKES} coloured strokes of ${CUBICS} cubics at 224 × 224, forward and gradient`
  answer(`words: ${what}: ${median(times).toFixed(2)} ms (median of ${times.length})`)
}

async function benchEdit(fewline: Fewline, request: EditRequest & { photo: Uint8Array }): Promise<void> {
  let steps = 0
  const [time] = await timed(async () => {
    let last: Engine.EditFrame | undefined
    for await (const frame of fewline.edit({ ...request, encoder: ENCODER })) last = frame
    steps = last!.steps
    const original = await fewline.openOriginal(request.photo)
    await fewline.pictureFile(await fewline.editedPhoto(original, last!), 'jpg', {})
  })
  const peak = Math.round(process.resourceUsage().maxRSS / 1000)
  const what = `edit ${request.mode!}, ${ENCODER}, ${(WIDTH * HEIGHT) / 1e6} megapixels, ${steps} steps, all in`
  answer(`words: ${what}: ${(time / 1000).toFixed(0)} s, peak ${peak} MB so far`)
}

/** A picture with edges and shades, the same each time. */
function pattern(): Engine.Samples {
  const data = new Uint8Array(3 * WIDTH * HEIGHT)
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i += 3) {
      const disc = Math.hypot((x % 1000) - 500, (y % 1000) - 500) < 350 ? 90 : 0
      data[i] = (x >> 5) + disc
      data[i + 1] = (y >> 5) + disc
      data[i + 2] = 160 - disc + ((x * 7 + y * 13) % 32)
    }
  }
  return { data, width: WIDTH, height: HEIGHT, channels: 3 }
}

/** Strokes here and there, as a sentence's drawing begins. */
function coloured(): Strokes {
  const each = 3 * CUBICS + 1
  const points: number[] = []
  for (let i = 0; i < STROKES; i++) {
    let [x, y] = [(224 * i * 0.618034) % 224, (224 * i * 0.754878) % 224]
    for (let k = 0; k < each; k++) {
      points.push(x, y)
      x = Math.min(224, Math.max(0, x + 11 * Math.sin(9 * i + k)))
      y = Math.min(224, Math.max(0, y + 11 * Math.cos(5 * i + 2 * k)))
    }
  }
  return {
    points: Float32Array.from(points),
    widths: Float32Array.from({ length: STROKES }, (_, i) => 2 + (i % 9)),
    segments: new Uint8Array(STROKES).fill(CUBICS),
    colors: Float32Array.from({ length: 4 * STROKES }, (_, i) => (i % 4 === 3 ? 0.7 : (i * 0.618034) % 1)),
    ...{ width: 224, height: 224 },
  }
}
