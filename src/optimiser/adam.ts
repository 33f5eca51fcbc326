import type { Optimiser } from './optimiser.ts'

export interface AdamState {
  step: number
  mean: Float32Array
  square: Float32Array
}

/**
 * Kingma & Ba 2014 (Adam), without the learning rate: the descent direction at about unit length per parameter.
 * Gradients well below `epsilon` move their parameter less, so that what hardly matters stays where it is.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}): Optimiser<AdamState> {
  return {
    init: (size) => ({ step: 0, mean: new Float32Array(size), square: new Float32Array(size) }),
    update(gradient, state) {
      const step = state.step + 1
      const mean = state.mean.map((m, i) => beta1 * m + (1 - beta1) * gradient[i]!)
      const square = state.square.map((s, i) => beta2 * s + (1 - beta2) * gradient[i]! ** 2)
      const [unbias1, unbias2] = [1 - beta1 ** step, 1 - beta2 ** step]
      const change = mean.map((m, i) => -(m / unbias1) / (Math.sqrt(square[i]! / unbias2) + epsilon))
      return { change, state: { step, mean, square } }
    },
  }
}
