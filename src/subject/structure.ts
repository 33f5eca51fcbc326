import { hypotenuse } from '../hypotenuse.ts'

/** Products of the gradient with itself, summed over planes: one symmetric 2×2 matrix a pixel; 0 along the border. */
export interface StructureTensor {
  xx: Float32Array
  xy: Float32Array
  yy: Float32Array
}

/** Of planes of rows of `width` numbers. */
export function structureTensor(planes: readonly Float32Array[], width: number): StructureTensor {
  const size = planes[0]!.length
  const [xx, xy, yy] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)]
  for (const plane of planes) {
    for (let y = 1; y < size / width - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x
        const gx = (plane[i + 1]! - plane[i - 1]!) / 2
        const gy = (plane[i + width]! - plane[i - width]!) / 2
        xx[i]! += gx * gx
        xy[i]! += gx * gy
        yy[i]! += gy * gy
      }
    }
  }
  return { xx, xy, yy }
}

/** The gradient where it is steepest: the root of the larger eigenvalue. */
export function magnitudeOf({ xx, xy, yy }: StructureTensor): Float32Array {
  return xx.map((a, i) => Math.sqrt((a + yy[i]! + hypotenuse(a - yy[i]!, 2 * xy[i]!)) / 2))
}
