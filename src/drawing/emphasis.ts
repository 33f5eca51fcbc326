import type { LineField } from '../subject/lines.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { Background } from './request.ts'

/** How much more, or less, lines count where somebody says so. */
const MORE = 3
const LESS = 0.2

/** What a line counts for, next to 1, by a step from -1 (less) over 0 to 1 (more). */
export function weightOf(step: number): number {
  return step < 0 ? LESS ** -step : MORE ** step
}

/** The same for each of them. */
export function weightsOf({ data, shape }: Tensor): Tensor {
  return { data: data.map(weightOf), shape }
}

/** A photo's lines where each counts as much more or less as `emphasis` [CANVAS, CANVAS] says; the strongest is 1 again. */
export function emphasised(field: LineField, emphasis?: Tensor): LineField {
  if (!emphasis) return field
  const strength = field.strength.map((value, i) => value * emphasis.data[i]!)
  const highest = strength.reduce((a, b) => Math.max(a, b), 0) || 1
  const at = (x: number, y: number): number => emphasis.data[Math.floor(y) * CANVAS + Math.floor(x)] ?? 1
  const features = field.features.map((lines) =>
    lines.map((line) => ({
      ...line,
      strength: line.strength.map((s, k) => (s * at(line.x[k]!, line.y[k]!)) / highest),
    })),
  )
  return { ...field, strength: strength.map((value) => value / highest), features }
}

/**
 * A photo as an encoder is shown it, [3, CANVAS, CANVAS]: outside the mask it is faded towards white, altogether where the
 * mask is certain (`confidence` 1), else so far as that is; with `white` it is white there whatever the mask says; with `keep`
 * it stays as it is.
 */
export function backgroundless(
  { data, shape }: Tensor,
  { data: mask }: Tensor,
  background: Background = 'fade',
  confidence = 1,
): Tensor {
  const shown = (value: number): number =>
    background === 'keep' ? 1 : background === 'white' ? Number(value > 0.5) : 1 - confidence * (1 - value)
  const shares = mask.map(shown)
  return { data: data.map((value, i) => 1 + shares[i % mask.length]! * (value - 1)), shape }
}
