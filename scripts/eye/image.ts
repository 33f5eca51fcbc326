/** Pictures as planes of floats, [side, side, channels], rows first. */

/** The mean of each two by two samples. */
export function halved(plane: Float32Array, side: number, channels: number): Float32Array {
  const half = side / 2
  const out = new Float32Array(half * half * channels)
  const row = side * channels
  for (let y = 0, o = 0; y < half; y++) {
    for (let x = 0, i = 2 * y * row; x < half; x++, i += channels) {
      for (let c = 0; c < channels; c++, i++, o++)
        out[o] = (plane[i]! + plane[i + channels]! + plane[i + row]! + plane[i + row + channels]!) / 4
    }
  }
  return out
}

/** The largest of each two by two samples. */
export function halvedMax(plane: Float32Array, side: number): Float32Array {
  const half = side / 2
  const out = new Float32Array(half * half)
  for (let i = 0; i < out.length; i++) {
    const j = 2 * Math.floor(i / half) * side + 2 * (i % half)
    out[i] = Math.max(plane[j]!, plane[j + 1]!, plane[j + side]!, plane[j + side + 1]!)
  }
  return out
}

/** Gauss's blur; the picture goes on as its edge. */
export function blurred(plane: Float32Array, side: number, channels: number, sigma: number): Float32Array {
  if (sigma < 0.2) return plane
  const reach = Math.ceil(2.6 * sigma)
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  )
  const sum = kernel.reduce((a, b) => a + b)
  for (let k = 0; k < kernel.length; k++) kernel[k]! /= sum
  // Each pass blurs along rows and writes columns, so that two of them leave the picture as it was.
  const line = new Float32Array(side + 2 * reach)
  const pass = (from: Float32Array): Float32Array => {
    const to = new Float32Array(from.length)
    for (let y = 0; y < side; y++) {
      for (let c = 0; c < channels; c++) {
        const first = y * side * channels + c
        for (let x = 0; x < side; x++) line[reach + x] = from[first + x * channels]!
        line.fill(line[reach]!, 0, reach)
        line.fill(line[reach + side - 1]!, reach + side)
        for (let x = 0; x < side; x++) {
          let mean = 0
          for (let k = 0; k < kernel.length; k++) mean += kernel[k]! * line[x + k]!
          to[(x * side + y) * channels + c] = mean
        }
      }
    }
    return to
  }
  return pass(pass(plane))
}

/** A lens out of focus: each point becomes a disc of a radius in pixels. The picture goes on as its edge. */
export function defocused(plane: Float32Array, side: number, channels: number, radius: number): Float32Array {
  const reach = Math.round(radius)
  if (reach < 1) return blurred(plane, side, channels, radius / 2)
  const halves = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.floor(Math.sqrt((radius + 0.3) ** 2 - Math.min(Math.abs(i - reach), radius) ** 2)),
  )
  const area = halves.reduce((sum, half) => sum + 2 * half + 1, 0)
  const pad = Math.max(...halves)
  const long = side + 2 * pad + 1
  const out = new Float32Array(plane.length)
  const sums = new Float64Array(side * long)
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < side; y++) {
      let sum = 0
      for (let x = 1; x < long; x++) {
        sum += plane[(y * side + Math.min(Math.max(x - 1 - pad, 0), side - 1)) * channels + c]!
        sums[y * long + x] = sum
      }
    }
    for (let y = 0; y < side; y++) {
      for (let k = -reach; k <= reach; k++) {
        const row = Math.min(Math.max(y + k, 0), side - 1) * long + pad
        const half = halves[k + reach]!
        for (let x = 0; x < side; x++) {
          out[(y * side + x) * channels + c]! += (sums[row + x + half + 1]! - sums[row + x - half]!) / area
        }
      }
    }
  }
  return out
}

/** Light to the numbers of a file, 0 to 1 (sRGB), from a table. */
export function encoded(light: number): number {
  const at = light * ENCODED_STEPS
  if (!(at > 0)) return 0
  if (at >= ENCODED_STEPS) return 1
  const i = Math.floor(at)
  return ENCODED[i]! + (at - i) * (ENCODED[i + 1]! - ENCODED[i]!)
}

const ENCODED_STEPS = 4096
const ENCODED = Float32Array.from({ length: ENCODED_STEPS + 1 }, (_, i) => {
  const light = i / ENCODED_STEPS
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055
})

/** Steps of JPEG's example tables (ITU-T T.81, annex K) at quality 50, rows first. */
const LUMA = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
]
const CHROMA = LUMA.map((_, i) => {
  const [x, y] = [i % 8, Math.floor(i / 8)]
  return x + y > 4 ? 99 : [17, 18, 26, 56, 99][x + y]!
})

/** cos((2x + 1) u π / 16), scaled so that the transform keeps lengths. */
const COSINE = Float32Array.from({ length: 64 }, (_, i) => {
  const [u, x] = [Math.floor(i / 8), i % 8]
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16)
})

/** What JPEG of a quality of 1 to 99 leaves of a picture [side, side, 3] of 0 to 255, its colours at half size. */
export function compressed(picture: Float32Array, side: number, quality: number): Float32Array {
  const k = quality < 50 ? 50 / quality : 2 - quality / 50
  const area = side * side
  const planes = [0, 1, 2].map(() => new Float32Array(area))
  for (let i = 0; i < area; i++) {
    const [r, g, b] = [picture[3 * i]!, picture[3 * i + 1]!, picture[3 * i + 2]!]
    planes[0]![i] = 0.299 * r + 0.587 * g + 0.114 * b - 128
    planes[1]![i] = -0.1687 * r - 0.3313 * g + 0.5 * b
    planes[2]![i] = 0.5 * r - 0.4187 * g - 0.0813 * b
  }
  quantise(planes[0]!, side, LUMA, k)
  const colours = [1, 2].map((c) => {
    const half = halved(planes[c]!, side, 1)
    quantise(half, side / 2, CHROMA, k)
    return half
  })
  const out = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) {
    const j = (Math.floor(i / side) >> 1) * (side / 2) + ((i % side) >> 1)
    const [y, b, r] = [planes[0]![i]! + 128, colours[0]![j]!, colours[1]![j]!]
    out[3 * i] = y + 1.402 * r
    out[3 * i + 1] = y - 0.3441 * b - 0.7141 * r
    out[3 * i + 2] = y + 1.772 * b
  }
  return out
}

/** Rounds the frequencies of each block of eight by eight; what is over at the far edges stays as it is. */
function quantise(plane: Float32Array, side: number, steps: readonly number[], k: number): void {
  const [block, half] = [new Float32Array(64), new Float32Array(64)]
  for (let y = 0; y + 8 <= side; y += 8) {
    for (let x = 0; x + 8 <= side; x += 8) {
      for (let i = 0; i < 64; i++) block[i] = plane[(y + (i >> 3)) * side + x + (i & 7)]!
      transform(block, half, false)
      transform(half, block, false)
      for (let i = 0; i < 64; i++) {
        const step = Math.max(1, steps[i]! * k)
        block[i] = Math.round(block[i]! / step) * step
      }
      transform(block, half, true)
      transform(half, block, true)
      for (let i = 0; i < 64; i++) plane[(y + (i >> 3)) * side + x + (i & 7)] = block[i]!
    }
  }
}

/** The cosine transform of each row of eight, written as columns; or back. */
function transform(from: Float32Array, to: Float32Array, back: boolean): void {
  for (let row = 0; row < 8; row++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0
      for (let x = 0; x < 8; x++) sum += from[row * 8 + x]! * COSINE[back ? x * 8 + u : u * 8 + x]!
      to[u * 8 + row] = sum
    }
  }
}
