import { tensor, type Tensor } from '../../tensor.ts'

/**
 * A map [rows, columns, width] of so many numbers a place, brought to [height, breadth, width] by bicubic interpolation as
 * PyTorch does it (Keys 1981 with a = −0.75, half-pixel centres, the border continued; no smoothing where it gets smaller).
 */
export function bicubic({ data, shape }: Tensor, height: number, breadth: number): Tensor {
  const [rows = 0, columns = 0, width = 1] = shape
  const result = tensor([height, breadth, width])
  const [vertical, horizontal] = [taps(rows, height), taps(columns, breadth)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < breadth; x++) {
      const to = (y * breadth + x) * width
      for (const [row, down] of vertical[y]!) {
        for (const [column, across] of horizontal[x]!) {
          const from = (row * columns + column) * width
          const share = down * across
          for (let i = 0; i < width; i++) result.data[to + i]! += share * data[from + i]!
        }
      }
    }
  }
  return result
}

type Tap = [from: number, weight: number]

/** For each of `size` places, which four of `from` elements it is made of, and how much of each. */
function taps(from: number, size: number): Tap[][] {
  return Array.from({ length: size }, (_, i) => {
    const centre = ((i + 0.5) * from) / size - 0.5
    const first = Math.floor(centre) - 1
    return [0, 1, 2, 3].map((k): Tap => {
      const at = first + k
      return [Math.min(Math.max(at, 0), from - 1), keys(Math.abs(centre - at))]
    })
  })
}

function keys(distance: number): number {
  const a = -0.75
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance ** 2 + 1
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0
}
