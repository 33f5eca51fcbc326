import { openPhoto, type Frame as Rectangle } from './photo/photo.ts'
import { emphasised, weightsOf } from './drawing/emphasis.ts'
import type { PhotoRequest } from './drawing/request.ts'
import { countFor, gainsIn } from './strokes/count.ts'
import { type Hint, hintsFor, qualityOf } from './subject/hints.ts'
import { solidityOf } from './subject/solidity.ts'
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
  /** [CANVAS, CANVAS] 0..1: where lines are likely and how much they count, the strongest 1. */
  lines: Tensor
  /** What the best n strokes would draw of the lines, from n = 0 on, in units of the strongest line: it never falls. */
  gains: number[]
  /** How many strokes `auto` draws for each `detail`, at DETAILS even steps from 0 to 1. */
  counts: number[]
  /** What will draw badly, and what helps. */
  hints: Hint[]
  warnings: string[]
}

/** So many details are told of. */
const DETAILS = 21

/** Looks at a photo as `draw` does, and draws nothing. Throws a FewlineError when it can't be read. */
export async function inspect(request: Pick<PhotoRequest, 'photo' | 'mask' | 'emphasis'>): Promise<Inspection> {
  const photo = await openPhoto(request.photo)
  const { mask, field: found } = await findSubject(photo, request.mask)
  const field = emphasised(found, request.emphasis && weightsOf(request.emphasis))
  const { frame, sourceWidth, sourceHeight, warnings } = photo
  const gains = gainsIn(field)
  const solidity = solidityOf(mask)
  const counts = Array.from({ length: DETAILS }, (_, k) => countFor(gains, solidity, k / (DETAILS - 1)))
  const lines = tensor([CANVAS, CANVAS], field.strength)
  const hints = hintsFor(qualityOf(photo, mask), request.mask === undefined || request.mask === 'auto')
  return { frame, sourceWidth, sourceHeight, mask, lines, gains: [...gains], counts, hints, warnings }
}
