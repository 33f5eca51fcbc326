import { FewlineError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import type { ImageEncoder } from './encoder.ts'
import { meanings, noReader, TEMPLATES } from './sentences.ts'
import { dot, rowsOf, unit } from './vectors.ts'

/** How likely a picture shows one thing rather than the others that were named. */
export interface Likeness {
  label: string
  /** 0..1; those of all labels add up to 1. */
  probability: number
}

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
  if (!embedding) throw noReader(encoder.name)
  if (labels.length === 0) throw wrong('at least one label', 'there is none', 'name what may be in the picture')
  const directions = rowsOf(await meanings(encoder, labels, TEMPLATES))
  return rowsOf(embedding).map((row) => {
    const logits = directions.map((direction) => (encoder.textScale ?? 100) * dot(unit(row), direction))
    return softmax(logits)
      .map((probability, i) => ({ label: labels[i]!, probability }))
      .sort((a, b) => b.probability - a.probability)
  })
}

/** Shares of 1 by logits. */
export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - most))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / total)
}

function wrong(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
