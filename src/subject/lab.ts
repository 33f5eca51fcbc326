import { type Photo, photoPixels } from '../photo/photo.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { Grid } from './grid.ts'

/** The pixels of a photo without its padding, in CIELAB (D65), where a distance of 1 is just noticeable. */
export interface LabPicture extends Grid {
  /** L 0..100, a, b. */
  planes: [Float32Array, Float32Array, Float32Array]
}

/** The photo in CIELAB; worked out once, as several ask for it. */
export function labPicture(photo: Photo): LabPicture {
  let picture = pictures.get(photo.image)
  if (!picture) pictures.set(photo.image, (picture = toLab(photo)))
  return picture
}

const pictures = new WeakMap<Tensor, LabPicture>()

function toLab({ image, frame }: Photo): LabPicture {
  const { left, top, right, bottom } = photoPixels(frame)
  const width = right - left
  const height = bottom - top
  const size = CANVAS * CANVAS
  const L = new Float32Array(width * height)
  const a = new Float32Array(width * height)
  const b = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (top + y) * CANVAS + left + x
      const red = linear(image.data[from]!)
      const green = linear(image.data[size + from]!)
      const blue = linear(image.data[2 * size + from]!)
      // sRGB primaries to XYZ, relative to the white D65 (IEC 61966-2-1).
      const fx = cubeRoot((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
      const fy = cubeRoot(0.2126 * red + 0.7152 * green + 0.0722 * blue)
      const fz = cubeRoot((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
      const to = y * width + x
      L[to] = 116 * fy - 16
      a[to] = 500 * (fx - fy)
      b[to] = 200 * (fy - fz)
    }
  }
  return { width, height, planes: [L, a, b] }
}

/** A plane of the photo's own pixels, put where they lie on the canvas: [CANVAS, CANVAS], 0 in the padding. */
export function onCanvas(plane: Float32Array, { frame }: Photo): Tensor {
  const { left, top, right, bottom } = photoPixels(frame)
  const width = right - left
  const canvas = tensor([CANVAS, CANVAS])
  for (let y = top; y < bottom; y++) {
    canvas.data.set(plane.subarray((y - top) * width, (y - top + 1) * width), y * CANVAS + left)
  }
  return canvas
}

/** The photo's own pixels of a plane of the canvas: what `onCanvas` undoes. */
export function withinPhoto(canvas: Float32Array, { frame }: Photo): Float32Array {
  const { left, top, right, bottom } = photoPixels(frame)
  const width = right - left
  return Float32Array.from({ length: width * (bottom - top) }, (_, i) => {
    return canvas[(top + Math.floor(i / width)) * CANVAS + left + (i % width)]!
  })
}

/** The sRGB transfer curve, undone. */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** CIELAB's cube root, straight near black. */
function cubeRoot(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116
}
