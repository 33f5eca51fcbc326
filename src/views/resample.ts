import { tensor, type Step, type Tensor } from '../tensor.ts'

/** How `from` numbers in a row become `to`: number i of the result is a mean of `count[i]` of them, from `first[i]` on. */
export interface Resampling {
  readonly from: number
  readonly to: number
  readonly first: Uint16Array
  readonly count: Uint16Array
  /** [to·reach] The shares of number i begin at `reach * i`. */
  readonly shares: Float32Array
  readonly reach: number
}

/** Linear, and over as many pixels as one of the result covers when it has fewer of them (as PIL and PyTorch do it). */
export function resampling(from: number, to: number): Resampling {
  const scale = from / to
  const support = Math.max(1, scale)
  const rows = Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale
    const share = (k: number): number => Math.max(0, 1 - Math.abs(k + 0.5 - centre) / support)
    const near = Array.from({ length: from }, (_, k) => k).filter((k) => share(k) > 0)
    const whole = near.reduce((sum, k) => sum + share(k), 0)
    return near.map((k): Tap => [k, share(k) / whole])
  })
  return pack(from, rows)
}

/** The way back. */
export function transposed({ from, to, first, count, shares, reach }: Resampling): Resampling {
  const rows = Array.from({ length: from }, (): Tap[] => [])
  for (let i = 0; i < to; i++) {
    for (let k = 0; k < count[i]!; k++) rows[first[i]! + k]!.push([i, shares[reach * i + k]!])
  }
  return pack(to, rows)
}

type Tap = [place: number, share: number]

function pack(from: number, rows: readonly (readonly Tap[])[]): Resampling {
  const reach = Math.max(...rows.map(({ length }) => length))
  const shares = new Float32Array(reach * rows.length)
  rows.forEach((row, i) =>
    shares.set(
      row.map(([, share]) => share),
      reach * i,
    ),
  )
  return {
    from,
    to: rows.length,
    first: Uint16Array.from(rows, (row) => row[0]?.[0] ?? 0),
    count: Uint16Array.from(rows, ({ length }) => length),
    shares,
    reach,
  }
}

const known = new Map<string, readonly [Resampling, Resampling]>()

function bothWays(from: number, to: number): readonly [there: Resampling, back: Resampling] {
  const key = `${from} ${to}`
  let ways = known.get(key)
  if (!ways) {
    const there = resampling(from, to)
    known.set(key, (ways = [there, transposed(there)]))
  }
  return ways
}

/** Square pictures [n, 3, s, s] in another size, as an encoder wants them. */
export function resized(pictures: Tensor, side: number): Step<Tensor, Tensor> {
  const from = pictures.shape.at(-1)!
  if (from === side) return { output: pictures, pullback: (gradient) => gradient }
  const [there, back] = bothWays(from, side)
  return { output: bothAxes(pictures, there), pullback: (gradient) => bothAxes(gradient, back) }
}

function bothAxes({ data, shape }: Tensor, way: Resampling): Tensor {
  const [count, channels] = shape
  return tensor([count!, channels!, way.to, way.to], alongRows(alongRows(data, way.from, way), way.to, way))
}

/** Resamples every row of planes that have `height` rows, and transposes the planes: done twice it is done both ways. */
function alongRows(data: Float32Array, height: number, way: Resampling): Float32Array {
  const { from, to, first, count, shares, reach } = way
  const output = new Float32Array((data.length / from) * to)
  for (let row = 0; row < data.length / from; row++) {
    const y = row % height
    const plane = (row - y) * to
    for (let i = 0; i < to; i++) {
      const at = row * from + first[i]!
      let sum = 0
      for (let k = 0; k < count[i]!; k++) sum += data[at + k]! * shares[reach * i + k]!
      output[plane + i * height + y] = sum
    }
  }
  return output
}
