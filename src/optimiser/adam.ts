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
      const [unbias1, unbias2] = [1 - beta1 ** step, 1 - beta2 ** step]
      const [mean, square, change] = [state.mean.slice(), state.square.slice(), new Float32Array(gradient.length)]
      // One plain loop: a net that is trained has a hundred thousand parameters, and each step waits for this.
      for (let i = 0; i < gradient.length; i++) {
        const g = gradient[i]!
        mean[i] = beta1 * mean[i]! + (1 - beta1) * g
        square[i] = beta2 * square[i]! + (1 - beta2) * g * g
        change[i] = -(mean[i]! / unbias1) / (Math.sqrt(square[i]! / unbias2) + epsilon)
      }
      return { change, state: { step, mean, square } }
    },
  }
}

/** The same memory for more parameters: of those that are new, behind the others, there is none. */
export function widened({ step, mean, square }: AdamState, length: number): AdamState {
  const longer = (numbers: Float32Array): Float32Array => {
    const all = new Float32Array(length)
    all.set(numbers)
    return all
  }
  return { step, mean: longer(mean), square: longer(square) }
}
