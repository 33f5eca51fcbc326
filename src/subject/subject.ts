import type { Photo } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { findFaces } from './faces.ts'
import { lineField, type LineField } from './lines.ts'
import { select } from './mask.ts'

/** What to draw of a photo: where it lies, and the lines in it. */
export interface Subject {
  /** [CANVAS, CANVAS] 0..1. */
  mask: Tensor
  field: LineField
}

/** The subject of a photo by the mask that was asked for, as `select` takes it and with its errors. */
export async function findSubject(photo: Photo, asked: Parameters<typeof select>[1] = 'auto'): Promise<Subject> {
  const selection = await select(photo, asked)
  return { mask: selection.mask, field: lineField(photo, selection, await findFaces(photo.image)) }
}
