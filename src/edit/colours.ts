import { tensor, type Tensor } from '../tensor.ts'

/** Colours that there are, 0..1. */
export function held({ data, shape }: Tensor): Tensor {
  const output = tensor(shape)
  for (let i = 0; i < data.length; i++) output.data[i] = data[i]! > 1 ? 1 : data[i]! < 0 ? 0 : data[i]!
  return output
}

/**
 * The squares of how far colours are outside of 0..1, weighted, the mean over all numbers. The pullback takes the gradient
 * of the colours that `held` makes of them back to them: what is outside comes back by this alone.
 */
export function outside({ data }: Tensor, weight: number) {
  const each = weight / data.length
  const over = (value: number): number => (value > 1 ? value - 1 : value < 0 ? value : 0)
  let sum = 0
  for (let i = 0; i < data.length; i++) sum += over(data[i]!) ** 2
  return {
    output: each * sum,
    pullback: (ofHeld: Float32Array) =>
      ofHeld.map((g, i) => {
        const far = over(data[i]!)
        return far === 0 ? g : 2 * each * far
      }),
  }
}
