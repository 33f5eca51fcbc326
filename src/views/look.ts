import { resized } from '../resize.ts'
import { tensor, type Step, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { paddedSide } from './perspective.ts'
import { inkOf, warp, warpBack, type Ink, type Warp } from './warp.ts'

/** What one looks through: a prepared view, or nothing, which shows the picture as it is. */
export type Lens = Warp | undefined

const PLANE = CANVAS * CANVAS

/**
 * A square picture through several lenses at once: [side, side] grey or [3, side, side], 0..1, becomes
 * [lenses, 3, CANVAS, CANVAS], as encoders want it; views are of a canvas of that side. The pullback adds up what comes back
 * through each lens, in the shape of the picture; through a prepared view it comes back to pixels that are not white only.
 */
export function look(picture: Tensor, lenses: readonly Lens[]): Step<Tensor, Tensor> {
  const channels = picture.shape.length === 3 ? 3 : 1
  const planes = Array.from({ length: channels }, (_, c) => planeOf(picture, c))
  const inks = lenses.some(Boolean) ? planes.map(inkOf) : []
  const whole = resized(picture, CANVAS)
  const output = tensor([lenses.length, 3, CANVAS, CANVAS])
  lenses.forEach((lens, i) => {
    for (let c = 0; c < 3; c++) {
      const to = planeOf(output, 3 * i + c)
      if (c >= channels) to.set(planeOf(output, 3 * i))
      else if (lens) warp(lens, inks[c]!, to)
      else to.set(planeOf(whole.output, c))
    }
  })
  return { output, pullback: (gradient) => back(gradient, whole, picture.shape, lenses, inks) }
}

function back(
  gradient: Tensor,
  whole: Step<Tensor, Tensor>,
  shape: number[],
  lenses: readonly Lens[],
  inks: readonly Ink[],
): Tensor {
  const ofWhole = tensor(whole.output.shape)
  const through: Float32Array[] = []
  const channels = shape.length === 3 ? 3 : 1
  for (let c = 0; c < channels; c++) {
    const plane = planeOf(ofWhole, c)
    const sums = new Float32Array(inks[c]?.dark.length ?? 0)
    lenses.forEach((lens, i) => {
      const seen = channels === 3 ? planeOf(gradient, 3 * i + c) : greySum(gradient, i)
      if (lens) warpBack(lens, inks[c]!, seen, sums)
      else for (let k = 0; k < PLANE; k++) plane[k]! += seen[k]!
    })
    through.push(sums)
  }
  const { data } = whole.pullback(ofWhole)
  const result = tensor(shape, data)
  if (inks.length > 0) through.forEach((sums, c) => addWithoutBorder(sums, planeOf(result, c), shape.at(-1)!))
  return result
}

/** The plane of this number of square planes. */
function planeOf({ data, shape }: Tensor, index: number): Float32Array {
  const plane = shape.at(-1)! ** 2
  return data.subarray(index * plane, (index + 1) * plane)
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

function addWithoutBorder(sums: Float32Array, plane: Float32Array, canvas: number): void {
  const padded = paddedSide(canvas)
  for (let y = 0, i = 0; y < canvas; y++) {
    for (let x = 0, at = (y + 1) * padded + 1; x < canvas; x++, i++, at++) plane[i]! += sums[at]!
  }
}
