import type { Groups } from '../optimiser/groups.ts'
import type { Step, Tensor } from '../tensor.ts'

/** Weighted terms of a loss by name; the loss is their sum. */
export type Terms = Readonly<Record<string, number>>

/**
 * What a drawing is made of (strokes, a change of a photo), as gradients see it: a picture of it forward, and backward
 * from the gradient of the picture to that of its parameters.
 */
export interface Canvas<Thing> {
  /**
   * [side, side] grey or [3, side, side], 0..1, of a side that is always the same. What the thing costs whatever its
   * picture looks like is in `terms`, and its gradient comes on top in the pullback.
   */
  show(thing: Thing): Shown | Promise<Shown>
  parametersOf(thing: Thing): Groups
  /** The thing after a change of its parameters, within what is allowed. */
  moved(thing: Thing, change: Groups): Thing
}

/** The way back may be a graph that runs. */
export interface Shown extends Step<Tensor, Groups | Promise<Groups>> {
  terms: Terms
}
