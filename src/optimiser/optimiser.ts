/**
 * An optimiser as two pure functions: what it remembers at first, and how a gradient becomes a change of the
 * parameters and a new memory. Small ones are chained into larger ones.
 */
export interface Optimiser<State> {
  init(size: number): State
  /** `change` is to be added to the parameters. */
  update(gradient: Float32Array, state: State): { change: Float32Array; state: State }
}
