import { tensor, type Step, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { PADDED } from './perspective.ts'
import { inkOf, warp, warpBack, type Ink, type Warp } from './warp.ts'

/** What one looks through: a prepared view, or nothing, which shows the picture as it is. */
export type Lens = Warp | undefined

const PLANE = CANVAS * CANVAS

/**
 * A picture through several lenses at once: [CANVAS, CANVAS] grey or [3, CANVAS, CANVAS], 0..1, becomes
 * [lenses, 3, CANVAS, CANVAS], as encoders want it. The pullback adds up what comes back through each lens, in the shape
 * of the picture; through a prepared view it comes back to pixels that are not white only.
 */
export function look(picture: Tensor, lenses: readonly Lens[]): Step<Tensor, Tensor> {
  const channels = picture.data.length / PLANE
  const planes = Array.from({ length: channels }, (_, c) => picture.data.subarray(c * PLANE, (c + 1) * PLANE))
  const inks = lenses.some(Boolean) ? planes.map(inkOf) : []
  const output = tensor([lenses.length, 3, CANVAS, CANVAS])
  lenses.forEach((lens, i) => {
    for (let c = 0; c < 3; c++) {
      const to = planeOf(output, 3 * i + c)
      if (c >= channels) to.set(planeOf(output, 3 * i))
      else if (lens) warp(lens, inks[c]!, to)
      else to.set(planes[c]!)
    }
  })
  return { output, pullback: (gradient) => back(gradient, picture.shape, lenses, inks) }
}

function back(gradient: Tensor, shape: number[], lenses: readonly Lens[], inks: readonly Ink[]): Tensor {
  const result = tensor(shape)
  const channels = result.data.length / PLANE
  for (let c = 0; c < channels; c++) {
    const plane = planeOf(result, c)
    const sums = new Float32Array(PADDED * PADDED)
    lenses.forEach((lens, i) => {
      const seen = channels === 3 ? planeOf(gradient, 3 * i + c) : greySum(gradient, i)
      if (lens) warpBack(lens, inks[c]!, seen, sums)
      else for (let k = 0; k < PLANE; k++) plane[k]! += seen[k]!
    })
    addWithoutBorder(sums, plane)
  }
  return result
}

function planeOf({ data }: Tensor, index: number): Float32Array {
  return data.subarray(index * PLANE, (index + 1) * PLANE)
}

const sum = new Float32Array(PLANE)

/** A grey pixel shows in all three planes of its picture. The sum is overwritten by the next one. */
function greySum(gradient: Tensor, picture: number): Float32Array {
  const [red, green, blue] = [0, 1, 2].map((c) => planeOf(gradient, 3 * picture + c)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  for (let k = 0; k < PLANE; k++) sum[k] = red[k]! + green[k]! + blue[k]!
  return sum
}

function addWithoutBorder(sums: Float32Array, plane: Float32Array): void {
  for (let y = 0, i = 0; y < CANVAS; y++) {
    for (let x = 0, at = (y + 1) * PADDED + 1; x < CANVAS; x++, i++, at++) plane[i]! += sums[at]!
  }
}
