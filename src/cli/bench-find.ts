import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Engine from '../index.ts'
import { median, PHOTO, timed } from './measure.ts'
import { answer } from './say.ts'

/** In the vocabulary below each letter is a token, and OWL-ViT reads few. */
const PHRASES = ['a pot', 'a table', 'a cup']
/** Words mean nothing to random weights, but they take as long to read. */
const VOCABULARY = 'bpe_simple_vocab_16e6.txt.gz'
const MERGES = 48894

/**
 * `fewline bench find`: how long finding takes with models of the real shapes and random weights: once, when the graphs of
 * a model are rewritten; the first time a program does it; with other phrases, on another photo, and a click with and
 * without a model. In seconds of the clock, and of processor time, which tells more where other programs run.
 */
export async function benchFind(fewline: typeof Engine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fewline-bench-find-'))
  const before = process.env['FEWLINE_MODELS']
  process.env['FEWLINE_MODELS'] = folder
  await writeFile(join(folder, VOCABULARY), await vocabulary())
  try {
    await row(fewline, 'clip', 'ViT-B/16')
    await row(fewline, 'crops', 'RN50')
    await row(fewline, 'owlvit', 'OWL-ViT')
    await clicks(fewline, 'region', 'without a model')
    for (const file of fewline.writeRandomSam(folder)) await fewline.importModel(file)
    await clicks(fewline, 'sam', 'with the decoder of SlimSAM')
    answer(`the most memory at any time: ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`)
  } finally {
    if (before === undefined) delete process.env['FEWLINE_MODELS']
    else process.env['FEWLINE_MODELS'] = before
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds of the clock, and of all processors together. */
interface Time {
  clock: number
  processor: number
}

async function timeOf(work: () => Promise<unknown>): Promise<Time> {
  const before = process.cpuUsage()
  const [clock] = await timed(work)
  const { user, system } = process.cpuUsage(before)
  return { clock, processor: (user + system) / 1000 }
}

function middle(times: readonly Time[]): Time {
  return { clock: median(times.map(({ clock }) => clock)), processor: median(times.map(({ processor }) => processor)) }
}

const seconds = ({ clock, processor }: Time): string =>
  `${(clock / 1000).toFixed(2)} s (${(processor / 1000).toFixed(2)} s)`

async function row({ find, openEye }: typeof Engine, finder: string, model: string): Promise<void> {
  const options = { finder, encoder: `random:${model}`, device: 'cpu', threads: 2 } as const
  const prepared = await timeOf(() => find(PHOTO, PHRASES, options))
  const eye = openEye()
  try {
    const first = await timeOf(() => eye.find(PHOTO, PHRASES, options))
    const words: Time[] = []
    for (const phrase of ['a spoon', 'a wall', 'a hand']) {
      words.push(await timeOf(() => eye.find(PHOTO, [phrase], options)))
    }
    const other = await timeOf(() => eye.find(PHOTO.replace(/[^/\\]+$/, 'cat.jpg'), PHRASES, options))
    const known = `a new phrase ${seconds(middle(words))}, another photo ${seconds(other)}`
    answer(
      `${finder} with ${model}: once, when the model is prepared, ${seconds(prepared)}; from then on the first time`,
    )
    answer(`  ${seconds(first)}, then ${known}`)
  } finally {
    await eye.dispose()
  }
}

async function clicks({ openEye }: typeof Engine, finder: string, how: string): Promise<void> {
  const eye = openEye()
  const options = { finder, device: 'cpu', threads: 2 } as const
  try {
    const times: Time[] = []
    for (let i = 0; i < 6; i++) {
      times.push(await timeOf(() => eye.find(PHOTO, { points: [{ x: 40 + 30 * i, y: 60 }] }, options)))
    }
    answer(`a click ${how}: the first ${seconds(times[0]!)}, then ${seconds(middle(times.slice(1)))}`)
  } finally {
    await eye.dispose()
  }
}

/** A vocabulary in the form of CLIP's that joins nothing. */
async function vocabulary(): Promise<Uint8Array> {
  const { gzipSync } = await import('node:zlib')
  const merges = Array.from({ length: MERGES }, (_, i) => `unused${i} unused`)
  return gzipSync(['"a heading"', ...merges].join('\n'))
}
