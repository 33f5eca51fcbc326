import type { Photo } from '../photo/photo.ts'
import { labPicture, type LabPicture } from '../subject/lab.ts'
import { superpixels, type Superpixels } from './superpixels.ts'
import type { Sight } from './finder.ts'

/** A photo in patches of even colour. */
export interface Patches extends Superpixels {
  lab: LabPicture
  /** How many pixels each patch has. */
  sizes: Float64Array
}

/** How many patches a square photo has. */
const COUNT = 600

const known = new WeakMap<Photo, Patches>()

/** The patches of a photo; those that were asked for before are the same. */
export function patchesOf({ photo }: Pick<Sight, 'photo'>): Patches {
  const before = known.get(photo)
  if (before) return before
  const lab = labPicture(photo)
  const pixels = superpixels(lab, COUNT)
  const sizes = new Float64Array(pixels.count)
  for (const k of pixels.label) sizes[k]!++
  const patches = { ...pixels, lab, sizes }
  known.set(photo, patches)
  return patches
}

/** The mean of a plane over each patch; 0 for patches without pixels. */
export function meansOver(plane: Float32Array, { label, sizes }: Patches): Float64Array {
  const means = new Float64Array(sizes.length)
  label.forEach((k, i) => (means[k]! += plane[i]!))
  return means.map((sum, k) => sum / Math.max(1, sizes[k]!))
}

/** The square of the distance between the colours of two patches (CIELAB). */
export function colourDistance({ means }: Superpixels, a: number, b: number): number {
  let sum = 0
  for (let c = 0; c < 3; c++) sum += (means[5 * a + c]! - means[5 * b + c]!) ** 2
  return sum
}
