import type { Optimiser } from './optimiser.ts'

/** One optimiser after the other: the second sees the first's change as its gradient. */
export function chain<A, B>(first: Optimiser<A>, second: Optimiser<B>): Optimiser<[A, B]> {
  return {
    init: (size) => [first.init(size), second.init(size)],
    update(gradient, [a, b]) {
      const one = first.update(gradient, a)
      const two = second.update(one.change, b)
      return { change: two.change, state: [one.state, two.state] }
    },
  }
}
