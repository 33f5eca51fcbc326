import { FewlineError } from '../errors.ts'
import { tensor, type Tensor } from '../tensor.ts'
import type { ImageEncoder } from './encoder.ts'
import { wordsIn } from './segments.ts'
import { dot, rowsOf, sum, unit } from './vectors.ts'

/** A sentence as it is. */
const AS_IT_IS = ['{}']
/** Fewline asks about photos as well as about drawings. */
export const TEMPLATES = [
  '{}',
  'a photo of {}',
  'a picture of {}',
  'a drawing of {}',
  'a line drawing of {}',
  'this is {}',
]

/**
 * What sentences mean to an encoder, [n, d] of length 1: each is put into the templates where they say {}, and what these
 * mean on the whole is taken (Radford et al. 2021), since one sentence says something of its own and several agree on the
 * thing alone. Throws a FewlineError of kind `call` when the encoder can't read.
 */
export async function meanings(
  { name, encodeText }: Pick<ImageEncoder, 'name' | 'encodeText'>,
  sentences: readonly string[],
  templates: readonly string[] = AS_IT_IS,
): Promise<Tensor> {
  if (!encodeText) throw noReader(name)
  const all = sentences.flatMap((sentence) => templates.map((template) => template.replace('{}', () => sentence)))
  const rows = rowsOf(await encodeText(all)).map(unit)
  const means = sentences.map((_, i) => unit(sum(rows.slice(i * templates.length, (i + 1) * templates.length))))
  return tensor([means.length, means[0]?.length ?? 0], Float32Array.from(means.flatMap((mean) => [...mean])))
}

/** As much of a sentence as an encoder reads, in each of the templates, and what its owner should know about the rest. */
export async function asRead(
  { readable }: Pick<ImageEncoder, 'readable'>,
  sentence: string,
  templates: readonly string[] = AS_IT_IS,
): Promise<{ text: string; notes: string[] }> {
  let text = sentence
  for (const template of readable ? templates : []) {
    const [before = ''] = template.split('{}')
    text = (await readable!(before + text)).slice(before.length)
  }
  // Of one that begins with a word longer than that nothing is left: whoever encodes it says what is wrong.
  if (text === sentence || text === '') return { text: sentence, notes: [] }
  const { from = 0, to } = wordsIn(text).at(-1) ?? {}
  const last = text.slice(from, to)
  return { text, notes: [`The sentence is longer than CLIP reads: what comes after “${last}” does not count.`] }
}

/**
 * The way from what one sentence means to what another does, [1, d] of length 1 (Gal et al. 2021). Throws a FewlineError of
 * kind `call` when both mean the same, and as `meanings` does.
 */
export async function directionBetween(
  encoder: Pick<ImageEncoder, 'name' | 'encodeText'>,
  source: string,
  target: string,
  templates: readonly string[] = AS_IT_IS,
): Promise<Tensor> {
  const [from, to] = rowsOf(await meanings(encoder, [source, target], templates)) as [Float32Array, Float32Array]
  const way = to.map((value, i) => value - from[i]!)
  if (dot(way, way) > LEAST_WAY ** 2) return tensor([1, to.length], unit(way))
  throw new FewlineError({
    kind: 'call',
    expected: `a sentence that leads away from "${source}"`,
    came: `to ${encoder.name} "${target}" means the same`,
    todo: 'say it in other words, or name another source',
  })
}

/** Less than this lies between two sentences only by rounding. */
const LEAST_WAY = 1e-4

export function noReader(name: string): FewlineError {
  return new FewlineError({
    kind: 'call',
    expected: 'an encoder that can read (CLIP)',
    came: `${name} can't`,
    todo: 'choose a CLIP model with --encoder',
  })
}
