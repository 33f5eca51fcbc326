import { tensor, type Tensor } from '../tensor.ts'
import type { Target } from './encoder.ts'

/** What an encoder saw in some pictures of a batch, in this order; a picture may come more than once. */
export function chosenFrom({ layers, embedding, ...rest }: Target, pictures: readonly number[]): Target {
  return {
    ...rest,
    layers: layers.map((layer) => rowsOf(layer, pictures)),
    ...(embedding && { embedding: rowsOf(embedding, pictures) }),
  }
}

function rowsOf({ data, shape }: Tensor, rows: readonly number[]): Tensor {
  const [count = 1, ...rest] = shape
  const size = data.length / count
  const [only] = rows
  if (rows.length === 1) return tensor([1, ...rest], data.subarray(only! * size, (only! + 1) * size))
  const chosen = tensor([rows.length, ...rest])
  rows.forEach((row, i) => chosen.data.set(data.subarray(row * size, (row + 1) * size), i * size))
  return chosen
}
