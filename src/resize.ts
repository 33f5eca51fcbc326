import { sizeOf, tensor, type Step, type Tensor } from './tensor.ts'

/**
 * Pictures [..., h, w] brought to [..., toHeight, toWidth], as a step with a pullback: what gets smaller is averaged
 * over areas, what gets larger is interpolated linearly between the centres of pixels.
 */
export function resized(pictures: Tensor, toHeight: number, toWidth = toHeight): Step<Tensor, Tensor> {
  const { shape } = pictures
  const [height = 0, width = 0] = shape.slice(-2)
  if (height === toHeight && width === toWidth) return { output: pictures, pullback: (gradient) => gradient }
  const count = sizeOf(shape.slice(0, -2))
  const [down, across] = [tapsOf(height, toHeight), tapsOf(width, toWidth)]
  const horizontal = { outer: count * height, inner: 1, from: width }
  const vertical = { outer: count, inner: toWidth, from: height }
  const wide = along(pictures.data, across, horizontal)
  return {
    output: tensor([...shape.slice(0, -2), toHeight, toWidth], along(wide, down, vertical)),
    pullback: ({ data }) => tensor(shape, along(along(data, down, vertical, true), across, horizontal, true)),
  }
}

/** For each new pixel: which old ones it is made of, one after another from `first` on, and how much of each. */
interface Tap {
  first: number
  weights: number[]
}

function tapsOf(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => (to < from ? areaTap(i, from, to) : linearTap(i, from, to)))
}

/** The share of the new pixel that each old one covers. */
function areaTap(i: number, from: number, to: number): Tap {
  const [start, end] = [(i * from) / to, ((i + 1) * from) / to]
  const first = Math.floor(start)
  const last = Math.min(from, Math.ceil(end - 1e-9))
  const weights = Array.from({ length: last - first }, (_, k) => {
    const covered = Math.min(end, first + k + 1) - Math.max(start, first + k)
    return (covered * to) / from
  })
  return { first, weights }
}

function linearTap(i: number, from: number, to: number): Tap {
  const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
  const first = Math.min(Math.floor(centre), Math.max(0, from - 2))
  const share = centre - first
  return from === 1 ? { first: 0, weights: [1] } : { first, weights: [1 - share, share] }
}

/** One axis of an array: `outer` times `length` times `inner` numbers. */
interface Axis {
  outer: number
  inner: number
  from: number
}

/** Applies the taps along an axis of `from` numbers, or, on the way back, their transpose along one of their own. */
function along(data: Float32Array, taps: readonly Tap[], { outer, inner, from }: Axis, back = false): Float32Array {
  const result = new Float32Array(outer * inner * (back ? from : taps.length))
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < taps.length; i++) {
      const { first, weights } = taps[i]!
      const one = (o * taps.length + i) * inner
      for (let k = 0; k < weights.length; k++) {
        const other = (o * from + first + k) * inner
        const [to, source] = back ? [other, one] : [one, other]
        for (let x = 0; x < inner; x++) result[to + x]! += weights[k]! * data[source + x]!
      }
    }
  }
  return result
}
