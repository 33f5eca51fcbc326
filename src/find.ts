import type { Miss, Thing } from './finder/finder.ts'
import { boxOf } from './finder/mask.ts'
import { openPhoto, type Frame } from './photo/photo.ts'
import { findSubject } from './subject/subject.ts'
import type { Tensor } from './tensor.ts'

/** What was found in a photo. */
export interface Findings {
  /** The likeliest first. */
  things: Thing[]
  /** All of them together, [CANVAS, CANVAS] 0..1. */
  mask: Tensor
  /** Phrases of which nothing was found, and how near the likeliest place came. */
  misses: Miss[]
  /** Who found them. */
  finder: string
  notes: string[]
  /** The photo's rectangle on the canvas, and the upright pixels of its file. */
  frame: Frame
  sourceWidth: number
  sourceHeight: number
}

/**
 * Finds things in a photo (a file or its bytes). Without anything wanted it is the subject, as a drawing would choose it.
 * Throws a FewlineError when the photo can't be read.
 */
export async function find(file: string | Uint8Array): Promise<Findings> {
  const photo = await openPhoto(file)
  const { frame, sourceWidth, sourceHeight, warnings } = photo
  const { mask } = await findSubject(photo)
  const box = boxOf(mask, photo)
  const things = box ? [{ words: 'the subject', score: sureness(mask), box, mask }] : []
  return { things, mask, misses: [], finder: 'subject', notes: warnings, frame, sourceWidth, sourceHeight }
}

/** 0..1: how far a mask is from undecided, where it is not empty. */
function sureness({ data }: Tensor): number {
  const inside = data.filter((value) => value > 0)
  return inside.reduce((sum, value) => sum + Math.abs(2 * value - 1), 0) / Math.max(1, inside.length)
}
