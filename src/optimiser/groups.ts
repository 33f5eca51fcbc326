import type { Optimiser } from './optimiser.ts'

/** What gradients move, by name: each group has a rate of its own. Their gradients and changes have the same names. */
export type Groups = Readonly<Record<string, Float32Array>>

/** Parameters and a change of them, added up; what has no change stays. */
export function added(parameters: Groups, change: Groups): Groups {
  const entries = Object.entries(parameters).map(([name, numbers]) => {
    const by = change[name]
    return [name, by ? numbers.map((v, i) => v + by[i]!) : numbers] as const
  })
  return Object.fromEntries(entries)
}

/** What is remembered of each group. */
export type Memory<State> = Readonly<Record<string, State>>

/** An optimiser for several groups of parameters at once. */
export interface GroupOptimiser<State> {
  init(parameters: Groups): Memory<State>
  /** `change` is to be added to the parameters; a group that no optimiser is there for has none. */
  update(gradient: Groups, memory: Memory<State>): { change: Groups; memory: Memory<State> }
}

/** One optimiser for each group, by the groups' names; the others stay as they are. */
export function grouped<State>(optimisers: Readonly<Record<string, Optimiser<State>>>): GroupOptimiser<State> {
  const entries = Object.entries(optimisers)
  return {
    init: (parameters) =>
      Object.fromEntries(entries.map(([name, { init }]) => [name, init(parameters[name]?.length ?? 0)])),
    update(gradient, memory) {
      const updates = entries.map(([name, { update }]) => [name, update(gradient[name]!, memory[name]!)] as const)
      return {
        change: Object.fromEntries(updates.map(([name, { change }]) => [name, change])),
        memory: Object.fromEntries(updates.map(([name, { state }]) => [name, state])),
      }
    },
  }
}
