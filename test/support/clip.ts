import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { randomWeights, type Measures } from '../../src/encoder/clip/random.ts'
import { writeTorchArchive, type Tensors } from './weights.ts'

export const VOCABULARY = 'bpe_simple_vocab_16e6.txt.gz'
const TEXT = { width: 32, layers: 1, context: 77, vocabulary: 49408 }
/** Models small enough to write and run in a moment. */
export const TINY_RN: Measures = { resolution: 64, width: 8, layers: [1, 2, 1, 1], embedding: 16, text: TEXT }
export const TINY_VIT: Measures = { resolution: 64, width: 64, layers: 3, patch: 16, embedding: 16, text: TEXT }

/** Writes a model with random weights, stored as OpenAI does: large ones as float16. */
export function writeClip(path: string, measures: Measures): void {
  const tensors: Tensors = Object.fromEntries(
    Array.from(randomWeights(measures), ([name, weight]) => {
      const large = weight.shape.length > 1 && !name.includes('embedding')
      return [name, { data: weight.read(), shape: [...weight.shape], type: large ? 'float16' : 'float32' }]
    }),
  )
  writeTorchArchive(path, tensors)
}

/** How many pairs CLIP's vocabulary joins. */
const MERGES = 48894

/** A vocabulary in the form of CLIP's, which knows these merges first and then none that occurs. */
export function vocabularyText(merges: readonly string[]): string {
  const rest = Array.from({ length: MERGES - merges.length + 10 }, (_, i) => `unused${i} unused`)
  return ['"a heading"', ...merges, ...rest].join('\n')
}

export function writeVocabulary(folder: string, merges: readonly string[] = []): void {
  writeFileSync(join(folder, VOCABULARY), gzipSync(vocabularyText(merges)))
}

/** The files of a small CLIP, as a server would have them. */
export function tinyFiles(): { weights: Buffer; vocabulary: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'fewline-clip-'))
  writeClip(join(folder, 'tiny.pt'), TINY_RN)
  writeVocabulary(folder)
  const [weights, vocabulary] = ['tiny.pt', VOCABULARY].map((name) => readFileSync(join(folder, name)))
  rmSync(folder, { recursive: true })
  return { weights: weights!, vocabulary: vocabulary! }
}
