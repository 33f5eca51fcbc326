import type { Photo } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { lookAtPhoto, lookCloser, type Sight, withEye } from './eye.ts'
import { findFaces, type Face } from './faces.ts'
import { bodyOf, ovalOf } from './features.ts'
import { lineField, type LineField } from './lines.ts'
import { select } from './mask.ts'

/** How likely the figure is where a face is, at least, and where the body below it would be. */
const FACE = 0.95
const BODY = 0.75

/** What to draw of a photo: where it lies, and the lines in it. */
export interface Subject {
  /** [CANVAS, CANVAS] 0..1. */
  mask: Tensor
  field: LineField
}

/** The subject of a photo by the mask that was asked for, as `select` takes it and with its errors. */
export async function findSubject(photo: Photo, asked?: Parameters<typeof select>[2]): Promise<Subject> {
  const faces = await findFaces(photo.image)
  const { selection, seen } = await withEye(async (eye) => {
    const sight = withFaces(await lookAtPhoto(photo, eye), faces)
    // On a plain background the whole tells all.
    let closer: Promise<Sight> | undefined
    const look = (): Promise<Sight> => (closer ??= lookCloser(photo, sight, eye))
    const selection = await select(photo, look, asked)
    return { selection, seen: selection.plain ? sight : await look() }
  })
  return { mask: selection.mask, field: lineField(photo, selection, seen, faces) }
}

/** Who has a face is a figure, whatever else is seen there. */
function withFaces(sight: Sight, faces: readonly Face[]): Sight {
  const figure = sight.figure.slice()
  for (const face of faces) {
    const [within, body] = [ovalOf(face), bodyOf(face)]
    figure.forEach((likely, i) => {
      const [x, y] = [(i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5]
      figure[i] = Math.max(likely, within(x, y) ? FACE : BODY * body(x, y))
    })
  }
  return { ...sight, figure }
}
