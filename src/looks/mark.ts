import type { Random } from '../random.ts'

/** A stroke as a look sees it, in canvas units. */
export interface Line {
  /** x y of the control points of cubics that follow each other. */
  readonly points: ArrayLike<number>
  /** Full width where the pen is pressed all the way down. */
  readonly width: number
  /** At every control point, the share of that width; all of it when absent. */
  readonly pressure?: ArrayLike<number> | undefined
}

/** What is painted with one touch, in canvas units and in the stroke's own colour: lines of some width, or an area. */
export interface Mark {
  /** x y of the control points of cubics that follow each other; of an area, which has no width, its outlines (non-zero rule). */
  readonly paths: readonly (readonly number[])[]
  /** Full width; what the paths surround is filled when absent. */
  readonly width?: number
  /** Lengths that are painted and left out by turns. */
  readonly dash?: readonly number[]
  /** 0..1 of that of the stroke. */
  readonly opacity: number
}

/** How a stroke looks: with what it was drawn. The same line and the same random numbers give the same marks. */
export interface Look {
  /** Nothing is painted farther from the line than so many times its width. */
  readonly reach: number
  marks(line: Line, random: Random): Mark[]
}
