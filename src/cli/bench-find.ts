import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Engine from '../index.ts'
import { median, PHOTO, timed } from './measure.ts'
import { answer } from './say.ts'

const PHRASES = ['the teapot', 'the table', 'a cup']
/** Words mean nothing to random weights, but they take as long to read. */
const VOCABULARY = 'bpe_simple_vocab_16e6.txt.gz'
const MERGES = 48894

/**
 * `fewline bench find`: how long finding takes with models of the real shapes and random weights. `clip` and `crops` the first
 * time, with other phrases, and on another photo; a click without a model.
 */
export async function benchFind(fewline: typeof Engine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fewline-bench-find-'))
  const before = process.env['FEWLINE_MODELS']
  process.env['FEWLINE_MODELS'] = folder
  await writeFile(join(folder, VOCABULARY), await vocabulary())
  try {
    await row(fewline, 'clip', 'ViT-B/16')
    await row(fewline, 'crops', 'RN50')
    await clicks(fewline)
  } finally {
    if (before === undefined) delete process.env['FEWLINE_MODELS']
    else process.env['FEWLINE_MODELS'] = before
    await rm(folder, { recursive: true, force: true })
  }
}

async function row({ openEye }: typeof Engine, finder: string, model: string): Promise<void> {
  const options = { finder, encoder: `random:${model}`, device: 'cpu', threads: 2 } as const
  const seconds = (time: number): string => `${(time / 1000).toFixed(2)} s`
  const eye = openEye()
  try {
    const [first] = await timed(() => eye.find(PHOTO, PHRASES, options))
    const words: number[] = []
    for (const phrase of ['a spoon', 'a window', 'a hand']) {
      words.push((await timed(() => eye.find(PHOTO, [phrase], options)))[0])
    }
    const [other] = await timed(() => eye.find(PHOTO.replace(/[^/\\]+$/, 'cat.jpg'), PHRASES, options))
    const known = `a new phrase ${seconds(median(words))}, another photo ${seconds(other)}`
    answer(`${finder} with ${model}: the first time ${seconds(first)}, then ${known}`)
  } finally {
    await eye.dispose()
  }
}

async function clicks({ openEye }: typeof Engine): Promise<void> {
  const eye = openEye()
  const times: number[] = []
  for (let i = 0; i < 6; i++) {
    const [time] = await timed(() => eye.find(PHOTO, { points: [{ x: 40 + 30 * i, y: 60 }] }, { finder: 'region' }))
    times.push(time)
  }
  answer(`a click without a model: the first ${times[0]!.toFixed(0)} ms, then ${median(times.slice(1)).toFixed(0)} ms`)
}

/** A vocabulary in the form of CLIP's that joins nothing. */
async function vocabulary(): Promise<Uint8Array> {
  const { gzipSync } = await import('node:zlib')
  const merges = Array.from({ length: MERGES }, (_, i) => `unused${i} unused`)
  return gzipSync(['"a heading"', ...merges].join('\n'))
}
