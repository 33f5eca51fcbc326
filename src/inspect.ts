import { openPhoto, type Frame as Rectangle } from './photo/photo.ts'
import type { PhotoRequest } from './drawing/request.ts'
import { findSubject } from './subject/subject.ts'
import { tensor, type Tensor } from './tensor.ts'
import { CANVAS } from './units.ts'

/** What the engine sees in a photo before it draws. */
export interface Inspection {
  /** The photo's rectangle on the canvas. */
  frame: Rectangle
  /** Upright pixels of the file. */
  sourceWidth: number
  sourceHeight: number
  /** [CANVAS, CANVAS] 0..1: 1 on the subject. */
  mask: Tensor
  /** [CANVAS, CANVAS] 0..1: where lines are likely, the strongest 1. */
  lines: Tensor
  warnings: string[]
}

/** Looks at a photo as `draw` does, and draws nothing. Throws a FewlineError when it can't be read. */
export async function inspect({ photo: file, mask: asked }: Pick<PhotoRequest, 'photo' | 'mask'>): Promise<Inspection> {
  const photo = await openPhoto(file)
  const { mask, field } = await findSubject(photo, asked)
  const { frame, sourceWidth, sourceHeight, warnings } = photo
  return { frame, sourceWidth, sourceHeight, mask, lines: tensor([CANVAS, CANVAS], field.strength), warnings }
}
