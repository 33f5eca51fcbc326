import type { Rates } from '../drawing/descent.ts'
import type { Shown } from '../objective/canvas.ts'
import type { Groups } from '../optimiser/groups.ts'
import type { Random } from '../random.ts'
import type { Tensor } from '../tensor.ts'

/** A change of pictures that gradients find. */
export interface Transform {
  /**
   * Parameters that change a picture [3, h, w] 0..1 as little as may be, and not by nothing at all: from there is no
   * direction to go on in.
   */
  init(random: Random, picture: Tensor): Groups
  /** Learning rates of each group of parameters. */
  rates: Readonly<Record<string, Rates>>
  /**
   * A picture [3, h, w] 0..1 as the parameters change it, in the same shape, and the way back to the parameters. What they
   * cost whatever comes out is in `terms`; its gradient comes on top in the pullback.
   */
  apply(parameters: Groups, picture: Tensor): Shown | Promise<Shown>
  /** Parameters held to what is allowed for that picture; all are when absent. */
  held?(parameters: Groups, picture: Tensor): Groups
  /** The same for parts of a larger picture of this size. */
  parts(parameters: Groups, width: number, height: number): Parts
  /** Gives back what it holds ready to run. */
  dispose?(): Promise<void>
}

export interface Parts {
  /** The longest side that a part may have, without its margin. */
  longest: number
  /** How many pixels around a part matter to it. */
  margin: number
  /**
   * A part that begins at x, y of the whole, [3, h + 2 margin, w + 2 margin] 0..1 with what is around it, as it becomes,
   * [3, h, w]. Around the whole its border goes on.
   */
  apply(part: Tensor, x: number, y: number): Tensor | Promise<Tensor>
}
