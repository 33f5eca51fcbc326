import type { Dice } from '../dice.ts'
import type { Scene } from '../shards.ts'

/** Where one sample of a batch is written: planes of side², of zeros beforehand and 0…1 then. */
export interface Sample {
  side: number
  /** [3, side, side] */
  image: Float32Array
  lines: Float32Array
  figure: Float32Array
  /** 1 where the photo is, 0 where it is continued to a square. */
  inside: Float32Array
}

/** The sides of photos: 2 : 3, 3 : 4, 4 : 5, or anything else. */
const ASPECTS = [2 / 3, 2 / 3, 3 / 4, 4 / 5]

/**
 * A part of a scene as someone else might have photographed it: cropped, turned a little, mirrored, in another shape and
 * other colours, noisier or softer; then letterboxed with its edge continued, as photos are that come to the net.
 */
export function augment(scene: Scene, dice: Dice, sample: Sample): void {
  const shape = photoShape(sample.side, dice)
  const scaled = warped(scene, view(scene.side, shape, dice), shape)
  recolour(scaled.image, dice)
  if (dice.chance(0.2)) soften(scaled.image, shape)
  if (dice.chance(0.3)) addNoise(scaled.image, dice.between(0, 0.05), dice)
  if (dice.chance(0.06)) frame(scaled, shape, dice.whole(1, 3))
  letterbox(scaled, shape, sample)
}

interface Shape {
  width: number
  height: number
}

/** Of the photo within a square. */
function photoShape(side: number, dice: Dice): Shape {
  if (!dice.chance(0.6)) return { width: side, height: side }
  const aspect = dice.chance(0.8) ? dice.pick(ASPECTS) : dice.between(0.5, 1)
  const short = Math.round(side * aspect)
  return dice.chance(0.65) ? { width: side, height: short } : { width: short, height: side }
}

/** From a place of the photo to one of the scene: x′ = xx x + xy y + x0, y′ likewise, between centres of pixels. */
interface View {
  xx: number
  xy: number
  x0: number
  yx: number
  yy: number
  y0: number
}

function view(side: number, { width, height }: Shape, dice: Dice): View {
  const zoom = dice.chance(0.7) ? dice.between(0.72, 1) : 1
  const scale = (side * zoom) / Math.max(width, height)
  const angle = dice.chance(0.3) ? dice.normal(0.07) : 0
  const across = dice.between((width * scale) / 2, side - (width * scale) / 2)
  const down = dice.between((height * scale) / 2, side - (height * scale) / 2)
  const mirror = dice.sign()
  const [xx, xy] = [scale * Math.cos(angle) * mirror, -scale * Math.sin(angle)]
  const [yx, yy] = [scale * Math.sin(angle) * mirror, scale * Math.cos(angle)]
  const [cx, cy] = [(1 - width) / 2, (1 - height) / 2]
  return { xx, xy, x0: across - 0.5 + xx * cx + xy * cy, yx, yy, y0: down - 0.5 + yx * cx + yy * cy }
}

/** Planes of a photo's own shape. */
type Planes = Record<'image' | 'lines' | 'figure', Float32Array>

/** The scene in a view, between pixels bilinearly and mirrored at its border. */
function warped({ side, photo, lines, figure }: Scene, view: View, { width, height }: Shape): Planes {
  const area = width * height
  const result = { image: new Float32Array(3 * area), lines: new Float32Array(area), figure: new Float32Array(area) }
  const { image } = result
  for (let v = 0, at = 0; v < height; v++) {
    let x = view.xy * v + view.x0
    let y = view.yy * v + view.y0
    for (let u = 0; u < width; u++, at++, x += view.xx, y += view.yx) {
      const left = Math.floor(x)
      const top = Math.floor(y)
      const right = x - left
      const below = y - top
      const x0 = reflected(left, side)
      const x1 = reflected(left + 1, side)
      const y0 = reflected(top, side) * side
      const y1 = reflected(top + 1, side) * side
      const a = y0 + x0
      const b = y0 + x1
      const c = y1 + x0
      const d = y1 + x1
      const wb = (right * (1 - below)) / 255
      const wc = ((1 - right) * below) / 255
      const wd = (right * below) / 255
      const wa = (1 - right - below) / 255 + wd
      for (let k = 0; k < 3; k++) {
        image[k * area + at] =
          wa * photo[3 * a + k]! + wb * photo[3 * b + k]! + wc * photo[3 * c + k]! + wd * photo[3 * d + k]!
      }
      result.lines[at] = wa * lines[a]! + wb * lines[b]! + wc * lines[c]! + wd * lines[d]!
      result.figure[at] = wa * figure[a]! + wb * figure[b]! + wc * figure[c]! + wd * figure[d]!
    }
  }
  return result
}

/** The pixel that stands for one outside. */
function reflected(i: number, side: number): number {
  const inner = i < 0 ? -1 - i : i >= side ? 2 * side - 1 - i : i
  return inner < 0 ? 0 : inner >= side ? side - 1 : inner
}

const TONES = 1023

/** Grey, or channels changed about; then contrast, brightness, a cast and a gamma of its own. In place, [3, h, w]. */
function recolour(image: Float32Array, dice: Dice): void {
  const area = image.length / 3
  const planes = [0, 1, 2].map((k) => image.subarray(k * area, (k + 1) * area))
  if (dice.chance(0.18)) {
    for (let i = 0; i < area; i++) {
      const grey = (planes[0]![i]! + planes[1]![i]! + planes[2]![i]!) / 3
      for (const plane of planes) plane[i] = grey
    }
  } else if (dice.chance(0.4)) {
    const order = planes.map((plane) => ({ place: dice.next(), copy: plane.slice() }))
    order.sort((a, b) => a.place - b.place).forEach(({ copy }, k) => planes[k]!.set(copy))
  }
  if (!dice.chance(0.7)) return
  let mean = 0
  for (let i = 0; i < image.length; i++) mean += image[i]! / image.length
  const [contrast, brightness] = [dice.between(0.5, 1.3), dice.between(-0.12, 0.12)]
  const gamma = dice.between(0.7, 1.5)
  for (const plane of planes) {
    const shift = mean + brightness + dice.normal(0.03)
    // By a table: ten times as fast as a power for each pixel.
    const curve = Float32Array.from({ length: TONES + 1 }, (_, i) => {
      return Math.min(Math.max((i / TONES - mean) * contrast + shift, 0), 1) ** gamma
    })
    for (let i = 0; i < area; i++) plane[i] = curve[(plane[i]! * TONES + 0.5) | 0]!
  }
}

/** Blurred by [1 2 1] / 4 in both directions, but for the border. In place. */
function soften(image: Float32Array, { width, height }: Shape): void {
  const area = width * height
  for (const step of [1, width]) {
    const source = image.slice()
    for (let k = 0; k < 3; k++) {
      for (let i = k * area + step; i < (k + 1) * area - step; i++) {
        image[i] = 0.5 * source[i]! + 0.25 * (source[i - step]! + source[i + step]!)
      }
    }
  }
}

/** Numbers of the normal distribution, to be read from anywhere. */
const NOISE_LENGTH = 1 << 16
let noise: Float32Array | undefined

function addNoise(image: Float32Array, deviation: number, dice: Dice): void {
  noise ??= Float32Array.from({ length: NOISE_LENGTH }, () => 0).map(normalAt)
  const start = dice.whole(0, NOISE_LENGTH - 1)
  const stride = 2 * dice.whole(0, 500) + 1
  for (let i = 0, at = start; i < image.length; i++, at = (at + stride) & (NOISE_LENGTH - 1)) {
    image[i] = Math.min(Math.max(image[i]! + deviation * noise[at]!, 0), 1)
  }
}

/** The i-th number of a fixed sequence that looks normally distributed: a sum of twelve even ones (Lehmer's generator). */
function normalAt(_: number, i: number): number {
  let [state, sum] = [i + 1, -6]
  for (let k = 0; k < 16; k++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    if (k >= 4) sum += (state >>> 0) / 2 ** 32
  }
  return sum
}

/** A black border of some pixels around the photo, along which nothing is drawn. */
function frame({ image, lines }: Planes, { width, height }: Shape, thickness: number): void {
  const area = width * height
  for (let v = 0, at = 0; v < height; v++) {
    for (let u = 0; u < width; u++, at++) {
      const depth = Math.min(u, v, width - 1 - u, height - 1 - v)
      if (depth < thickness) for (let k = 0; k < 3; k++) image[k * area + at] = 0
      if (depth < thickness + 2) lines[at] = 0
    }
  }
}

/** Into the middle of the square. The image goes on as it ends; of labels there are none. */
function letterbox(planes: Planes, { width, height }: Shape, sample: Sample): void {
  const { side } = sample
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)]
  const [area, square] = [width * height, side * side]
  for (let y = 0, to = 0; y < side; y++) {
    const v = Math.min(Math.max(y - top, 0), height - 1)
    const row = v * width
    for (let x = 0; x < side; x++, to++) {
      const u = x < left ? 0 : x >= left + width ? width - 1 : x - left
      const from = row + u
      for (let k = 0; k < 3; k++) sample.image[k * square + to] = planes.image[k * area + from]!
      if (v !== y - top || u !== x - left) continue
      sample.lines[to] = planes.lines[from]!
      sample.figure[to] = planes.figure[from]!
      sample.inside[to] = 1
    }
  }
}
