import type { Picture } from '../photo/picture.ts'

/** A rectangle of whole pixels of a picture; `right` and `bottom` are not in it. */
export interface Rect {
  left: number
  top: number
  right: number
  bottom: number
}

/** How pixels are weighed by their distance: a triangle, or Keys' cubic with a = −0.5. */
const KERNELS = {
  bilinear: { reach: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    reach: 2,
    weight: (x: number) => {
      const d = Math.abs(x)
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0
    },
  },
} as const
export type Kernel = keyof typeof KERNELS

/** Weights are rounded to so many parts of one, and sums to whole bytes: models were trained on pictures resized so. */
const PARTS = 2 ** 22

/**
 * A picture in another size, as Pillow's `resize` makes it, which every model here was prepared with: where it gets
 * smaller the kernel is as much wider, and what lies between the two passes is bytes again.
 */
export function resampled(picture: Picture, width: number, height: number, kernel: Kernel): Picture {
  const across = along(picture, tapsOf(picture.width, width, kernel), 'x')
  return along(across, tapsOf(picture.height, height, kernel), 'y')
}

/** Part of a picture. What lies beyond its border is black. */
export function cropped({ data, width, height }: Picture, { left, top, right, bottom }: Rect): Picture {
  const part = { width: right - left, height: bottom - top, data: new Uint8Array(3 * (right - left) * (bottom - top)) }
  const [from, to] = [Math.max(0, left), Math.min(width, right)]
  for (let y = Math.max(0, top); y < Math.min(height, bottom) && from < to; y++) {
    part.data.set(
      data.subarray(3 * (y * width + from), 3 * (y * width + to)),
      3 * ((y - top) * part.width + from - left),
    )
  }
  return part
}

/** CLIP's way: the shorter side becomes `size`, and of the longer the middle is taken. */
export function squared(picture: Picture, size: number): Picture {
  const shorter = Math.min(picture.width, picture.height)
  const longer = Math.floor((size * Math.max(picture.width, picture.height)) / shorter)
  const [width, height] = picture.width <= picture.height ? [size, longer] : [longer, size]
  const { data } = resampled(picture, width, height, 'bicubic')
  const [left, top] = [halfEven((width - size) / 2), halfEven((height - size) / 2)]
  return cropped({ width, height, data }, { left, top, right: left + size, bottom: top + size })
}

/** Bytes as planes [3, h, w] of 0..1, or around `mean` in units of `deviation`. */
export function planesOf(
  { data }: Picture,
  mean: readonly number[] = [0, 0, 0],
  deviation: readonly number[] = [1, 1, 1],
): Float32Array {
  const count = data.length / 3
  const planes = new Float32Array(data.length)
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < count; i++) planes[c * count + i] = (data[3 * i + c]! / 255 - mean[c]!) / deviation[c]!
  }
  return planes
}

interface Tap {
  first: number
  weights: number[]
}

function tapsOf(from: number, to: number, name: Kernel): Tap[] {
  const { reach, weight } = KERNELS[name]
  const scale = from / to
  const wider = Math.max(1, scale)
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale
    const first = Math.max(0, Math.floor(centre - reach * wider + 0.5))
    const end = Math.min(from, Math.floor(centre + reach * wider + 0.5))
    const raw = Array.from({ length: end - first }, (_, k) => weight((first + k - centre + 0.5) / wider))
    const total = raw.reduce((a, b) => a + b, 0)
    return { first, weights: raw.map((value) => Math.round((value / total) * PARTS)) }
  })
}

function along({ data, width, height }: Picture, taps: readonly Tap[], axis: 'x' | 'y'): Picture {
  const [wide, high] = axis === 'x' ? [taps.length, height] : [width, taps.length]
  const result = new Uint8Array(3 * wide * high)
  const step = axis === 'x' ? 3 : 3 * width
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const { first, weights } = taps[axis === 'x' ? x : y]!
      const start = axis === 'x' ? 3 * (y * width + first) : 3 * (first * width + x)
      for (let c = 0; c < 3; c++) {
        let sum = PARTS / 2
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * data[start + k * step + c]!
        result[3 * (y * wide + x) + c] = Math.min(255, Math.max(0, Math.floor(sum / PARTS)))
      }
    }
  }
  return { width: wide, height: high, data: result }
}

/** Rounded, halves to the even one, as Python does. */
function halfEven(value: number): number {
  const rounded = Math.round(value)
  return value % 1 === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
