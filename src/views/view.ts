import type { Random } from '../random.ts'
import { CANVAS } from '../units.ts'

export type Point = readonly [x: number, y: number]

/** One way of looking at the canvas: as if from the side, and then a square part of it. In canvas units, whole numbers. */
export interface View {
  /** Where the canvas' corners come to lie: top left, top right, bottom right, bottom left. */
  readonly corners: readonly [Point, Point, Point, Point]
  /** The square that is looked at after that: its top left corner, and how wide and high it is. */
  readonly left: number
  readonly top: number
  readonly side: number
}

/** Each corner moves inwards by at most this, in x and in y: a distortion of 0.5 (CLIPasso, Vinker et al. 2022). */
const DISTORTION = 0.5 * (CANVAS / 2)
/** The square keeps 0.8 of the canvas' area. */
const SIDE = Math.round(Math.sqrt(0.8) * CANVAS)

/** A view as CLIPasso draws them: a random perspective, then a random crop. */
export function randomView(random: Random): View {
  const whole = (most: number): number => Math.floor(random() * (most + 1))
  const inwards = (): Point => [whole(DISTORTION), whole(DISTORTION)]
  const last = CANVAS - 1
  const [a, b, c, d] = [inwards(), inwards(), inwards(), inwards()]
  return {
    corners: [a, [last - b[0], b[1]], [last - c[0], last - c[1]], [d[0], last - d[1]]],
    left: whole(CANVAS - SIDE),
    top: whole(CANVAS - SIDE),
    side: SIDE,
  }
}
