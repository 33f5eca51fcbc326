import type { Photo } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { lineField, type LineField } from './lines.ts'
import { chooseMask } from './mask.ts'

/** What to draw of a photo: where it lies, and the lines in it. */
export interface Subject {
  /** [CANVAS, CANVAS] 0..1. */
  mask: Tensor
  field: LineField
}

/** The subject of a photo by the mask that was asked for, as `chooseMask` takes it and with its errors. */
export async function findSubject(photo: Photo, asked: Parameters<typeof chooseMask>[1] = 'auto'): Promise<Subject> {
  const mask = await chooseMask(photo, asked)
  return { mask, field: lineField(photo, mask, asked === 'auto') }
}
