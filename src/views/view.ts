import type { Random } from '../random.ts'
import { CANVAS } from '../units.ts'

export type Point = readonly [x: number, y: number]

/** One way of looking at a canvas: as if from the side, and then a square part of it. In its pixels, whole numbers. */
export interface View {
  /** Where the canvas' corners come to lie: top left, top right, bottom right, bottom left. */
  readonly corners: readonly [Point, Point, Point, Point]
  /** The square that is looked at after that: its top left corner, and how wide and high it is. */
  readonly left: number
  readonly top: number
  readonly side: number
  /** What lies around the canvas; black when absent. */
  readonly around?: 'white'
  /** Pixels along a side of the canvas that is looked at; as many as it has units when absent. */
  readonly canvas?: number
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

/** How far a patch leans, next to its side. */
const LEANING = 0.25

/**
 * A square of \`side\` pixels somewhere in this box of a canvas, seen a little from the side (CLIPstyler: Kwon & Ye 2022).
 * Where the box is smaller than that, what is around it is in the patch as well.
 */
export function randomPatch(random: Random, canvas: number, side: number, { left, top, right, bottom }: Box): View {
  const lean = (): number => Math.floor(random() * LEANING * side)
  const between = (from: number, to: number): number =>
    Math.min(canvas - side, Math.max(0, from + Math.floor(random() * Math.max(0, to - side - from + 1))))
  const last = canvas - 1
  return {
    corners: [
      [lean(), lean()],
      [last - lean(), lean()],
      [last - lean(), last - lean()],
      [lean(), last - lean()],
    ],
    ...{ left: between(left, right), top: between(top, bottom), side, around: 'white', canvas },
  }
}

/** Whole pixels: \`left\` and \`top\` included, \`right\` and \`bottom\` not. */
interface Box {
  left: number
  top: number
  right: number
  bottom: number
}
