import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Engine from '../index.ts'
import type { EncoderOptions, ImageEncoder, Target } from '../index.ts'
import { median, pictures, timed } from './measure.ts'
import { answer } from './say.ts'

type Device = EncoderOptions['device']

/** Options of `fewline bench`, as they were typed. */
export interface BenchOptions {
  batch: number[]
  threads: number[]
  device: Device[]
  runs: number
}

/**
 * `fewline bench encoder NAME`: a model of the real shapes with random weights. Prints how long it takes from the weights
 * to the first gradient, then, for each device, number of threads and batch size, medians of looking at the drawings alone
 * (encode) and of comparing them with a prepared photo (compare), and at last the most memory that was taken.
 */
export async function benchEncoder(fewline: typeof Engine, name: string, options: BenchOptions): Promise<void> {
  const { batch, runs } = options
  const devices = options.device
  const threads = options.threads.length > 0 ? options.threads : [availableParallelism()]
  const folder = await mkdtemp(join(tmpdir(), 'fewline-bench-'))
  const open = (device: Device, count: number) => fewline.openRandomEncoder(name, { folder, device, threads: count })
  try {
    for (const time of ['first', 'second']) {
      const [took, encoder] = await timed(() => firstGradient(open(devices[0], threads[0]!), Math.max(...batch)))
      await encoder.dispose()
      answer(`${name}: from weights to a gradient the ${time} time: ${(took / 1000).toFixed(1)} s`)
    }
    const drawing = peakMemory()
    answer('device  threads  batch   encode  compare  ratio')
    for (const [device, count] of devices.flatMap((device) => threads.map((count) => [device, count] as const))) {
      const encoder = open(device, count)
      const target = await encoder.prepare(pictures(encoder, 1))
      for (const size of batch) answer(await row(encoder, target, count, size, runs))
      await encoder.dispose()
    }
    answer(`medians of ${runs}, in ms; peak memory ${drawing} MB for comparing, ${peakMemory()} MB with both at once`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Opens what a drawing needs, and takes the first step. */
async function firstGradient(encoder: ImageEncoder, batch: number): Promise<ImageEncoder> {
  await encoder.compare(pictures(encoder, batch), await encoder.prepare(pictures(encoder, 1)))
  return encoder
}

/** In MB. */
function peakMemory(): number {
  return Math.round(process.resourceUsage().maxRSS / 1000)
}

/** Encode and compare take turns, so that whatever else the machine does falls on both. */
async function row(encoder: ImageEncoder, target: Target, threads: number, batch: number, runs: number) {
  const images = pictures(encoder, batch)
  const times = { encode: [] as number[], compare: [] as number[] }
  for (let i = -1; i < runs; i++) {
    const [encode] = await timed(() => encoder.encode(images))
    const [compare] = await timed(() => encoder.compare(images, target))
    if (i < 0) continue
    times.encode.push(encode)
    times.compare.push(compare)
  }
  const [encode, compare] = [median(times.encode), median(times.compare)]
  const ratio = median(times.compare.map((time, i) => time / times.encode[i]!))
  const cells = [encode.toFixed(0).padStart(7), compare.toFixed(0).padStart(8), ratio.toFixed(2).padStart(6)]
  return `${encoder.device.padEnd(6)}${String(threads).padStart(9)}${String(batch).padStart(7)}  ${cells.join(' ')}`
}
