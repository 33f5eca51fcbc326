import sharp from 'sharp'
import type { Rgb } from '../photo/pictures.ts'

/** How much of the point (x, y), both 0..1, a thing covers: 1 or 0. */
export type Shape = (x: number, y: number) => boolean
export type Paint = (x: number, y: number) => Rgb

const SIDE = 560
const SAMPLES = [0.25, 0.75]

const ellipse = (cx: number, cy: number, rx: number, ry: number) => (x: number, y: number) =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1
const box = (left: number, top: number, right: number, bottom: number) => (x: number, y: number) =>
  x > left && x < right && y > top && y < bottom
const any =
  (...parts: Shape[]) =>
  (x: number, y: number) =>
    parts.some((part) => part(x, y))

export const SHAPES: Record<string, Shape> = {
  'an animal with legs and a thin tail': any(
    ellipse(0.45, 0.45, 0.24, 0.13),
    ellipse(0.74, 0.3, 0.09, 0.08),
    box(0.62, 0.3, 0.7, 0.45),
    box(0.25, 0.45, 0.3, 0.85),
    box(0.35, 0.45, 0.39, 0.85),
    box(0.53, 0.45, 0.57, 0.85),
    box(0.62, 0.45, 0.67, 0.85),
    (x, y) => x > 0.08 && x < 0.25 && Math.abs(y - 0.4 + 0.05 * Math.sin(30 * x)) < 0.007,
  ),
  'a cup with a handle': any(
    (x, y) => y > 0.3 && y < 0.8 && Math.abs(x - 0.42) < 0.22 - 0.1 * (y - 0.3),
    ellipse(0.42, 0.3, 0.22, 0.06),
    (x, y) => ellipse(0.64, 0.52, 0.16, 0.16)(x, y) && !ellipse(0.64, 0.52, 0.11, 0.11)(x, y),
  ),
  'a wheel with spokes': (x, y) => {
    const r = Math.hypot(x - 0.5, y - 0.5)
    const turn = (Math.atan2(y - 0.5, x - 0.5) / (2 * Math.PI)) * 10
    const acrossSpoke = r * Math.sin((Math.abs(turn - Math.round(turn)) / 10) * 2 * Math.PI)
    return (r > 0.34 && r < 0.4) || r < 0.06 || (r < 0.36 && acrossSpoke < 0.008)
  },
}

export const BACKGROUNDS: Record<string, Paint> = {
  white: () => [1, 1, 1],
  grey: () => [0.6, 0.6, 0.6],
  blue: () => [0.45, 0.62, 0.85],
  'a gradient': (x, y) => [0.85 - 0.3 * y, 0.85 - 0.2 * y - 0.1 * x, 0.9 - 0.15 * y],
  'a vignette': (x, y) => {
    const light = 0.92 / (1 + 0.8 * ((x - 0.5) ** 2 + (y - 0.45) ** 2)) ** 2
    return [light, light * 0.97, light * 0.93]
  },
}

/** A body colour with light from the upper left. */
export const shaded =
  ([red, green, blue]: Rgb): Paint =>
  (x, y) => {
    const light = 1.15 - 0.6 * (0.5 * x + y)
    return [red * light, green * light, blue * light]
  }

export interface SceneOptions {
  height?: number
  /** Standard deviation of Gaussian noise on 0..1. */
  noise?: number
  jpeg?: boolean
  /** How much light a soft shadow beside the shape takes. */
  shadow?: number
}

/** A picture of a shape on a background, and the truth: the shape in white on black, both as files. */
export async function scene(shape: Shape, body: Paint, ground: Paint, options: SceneOptions = {}) {
  const { height = SIDE, noise = 0, jpeg = false, shadow = 0 } = options
  const truth = Buffer.alloc(SIDE * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < SIDE; x++) {
      let covered = 0
      for (const v of SAMPLES) {
        for (const u of SAMPLES) covered += shape((x + u) / SIDE, (y + v + (SIDE - height) / 2) / SIDE) ? 1 : 0
      }
      truth[y * SIDE + x] = (covered * 255) / 4
    }
  }
  const raw = { width: SIDE, height, channels: 1 } as const
  const soft = await sharp(truth, { raw }).blur(14).extractChannel(0).raw().toBuffer()
  const random = gaussian()
  const picture = Buffer.alloc(truth.length * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = [(x + 0.5) / SIDE, (y + 0.5) / height] as const
      const share = truth[y * SIDE + x]! / 255
      const dark = 1 - (shadow * soft[Math.max(0, y - 18) * SIDE + Math.max(0, x - 18)]!) / 255
      const grain = noise === 0 ? 0 : noise * random()
      for (let c = 0; c < 3; c++) {
        const value = share * body(...at)[c]! + (1 - share) * dark * ground(...at)[c]! + grain
        picture[(y * SIDE + x) * 3 + c] = Math.round(255 * Math.min(1, Math.max(0, value)))
      }
    }
  }
  const file = sharp(picture, { raw: { ...raw, channels: 3 } })
  return {
    picture: await (jpeg ? file.jpeg({ quality: 75 }) : file.png({ compressionLevel: 1 })).toBuffer(),
    truth: await sharp(truth, { raw }).png({ compressionLevel: 1 }).toBuffer(),
  }
}

/** Gaussian noise that is the same in every run. */
export function gaussian(): () => number {
  let seed = 1
  const uniform = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return (seed + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** Intersection over union of two masks, a pixel counting from one half. */
export function overlap(a: Float32Array, b: Float32Array): number {
  let both = 0
  let either = 0
  a.forEach((value, i) => {
    const inA = value > 0.5
    const inB = b[i]! > 0.5
    if (inA && inB) both++
    if (inA || inB) either++
  })
  return either === 0 ? 1 : both / either
}
