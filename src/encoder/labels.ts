import { FewlineError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import type { ImageEncoder } from './encoder.ts'

/** How likely a picture shows one thing rather than the others that were named. */
export interface Likeness {
  label: string
  /** 0..1; those of all labels add up to 1. */
  probability: number
}

/**
 * The sentences a label is put into, and the mean of which it stands for: one sentence says something of its own, several
 * agree on the thing alone. They speak of photos as well as of drawings, since Fewline asks about both.
 */
const TEMPLATES = ['@', 'a photo of @', 'a picture of @', 'a drawing of @', 'a line drawing of @', 'this is @']

/**
 * What pictures [n, 3, r, r] show, of the things named: for each picture all labels, the likeliest first (zero-shot
 * classification, Radford et al. 2021). Throws a FewlineError of kind `call` when the encoder can't read, or there is no label.
 */
export async function likenesses(
  encoder: ImageEncoder,
  pictures: Tensor,
  labels: readonly string[],
): Promise<Likeness[][]> {
  const { embedding } = await encoder.encode(pictures)
  if (!encoder.encodeText || !embedding) {
    throw wrong('an encoder that can read (CLIP)', `${encoder.name} can't`, 'choose one with --encoder')
  }
  if (labels.length === 0) throw wrong('at least one label', 'there is none', 'name what may be in the picture')
  const sentences = labels.flatMap((label) => TEMPLATES.map((template) => template.replace('@', () => label)))
  const texts = rowsOf(await encoder.encodeText(sentences)).map(unit)
  const directions = labels.map((_, i) => unit(sum(texts.slice(i * TEMPLATES.length, (i + 1) * TEMPLATES.length))))
  return rowsOf(embedding).map((row) => {
    const logits = directions.map((direction) => (encoder.textScale ?? 100) * dot(unit(row), direction))
    return softmax(logits)
      .map((probability, i) => ({ label: labels[i]!, probability }))
      .sort((a, b) => b.probability - a.probability)
  })
}

function rowsOf({ data, shape: [count = 0, width = 0] }: Tensor): Float32Array[] {
  return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width))
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0)
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map((value) => value / length)
}

function sum(vectors: readonly Float32Array[]): Float32Array {
  return vectors.reduce((total, vector) => total.map((value, i) => value + vector[i]!))
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - most))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / total)
}

function wrong(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
