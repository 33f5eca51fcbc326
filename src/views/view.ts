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
  /** What lies around the canvas; black when absent. */
  readonly around?: 'white'
}

/** Each corner moves inwards by at most this, in x and in y: a distortion of 0.5 (CLIPasso, Vinker et al. 2022). */
const DISTORTION = 0.5 * (CANVAS / 2)
/** How much of the canvas' area a crop keeps. */
export type Share = readonly [least: number, most: number]

/** A view as CLIPasso draws them: a random perspective, then a random crop of 0.8 of the area. */
export function randomView(random: Random): View {
  return perspectiveAndCrop(random, [0.8, 0.8])
}

/** A view as CLIPDraw draws them (Frans et al. 2021): the same with crops of different sizes, and paper all around. */
export function randomViewOnPaper(random: Random, share: Share): View {
  return { ...perspectiveAndCrop(random, share), around: 'white' }
}

function perspectiveAndCrop(random: Random, [least, most]: Share): View {
  const whole = (most: number): number => Math.floor(random() * (most + 1))
  const inwards = (): Point => [whole(DISTORTION), whole(DISTORTION)]
  const last = CANVAS - 1
  const [a, b, c, d] = [inwards(), inwards(), inwards(), inwards()]
  const area = least === most ? least : least + (most - least) * random()
  const side = Math.round(Math.sqrt(area) * CANVAS)
  return {
    corners: [a, [last - b[0], b[1]], [last - c[0], last - c[1]], [d[0], last - d[1]]],
    left: whole(CANVAS - side),
    top: whole(CANVAS - side),
    side,
  }
}
