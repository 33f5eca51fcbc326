import type { LabPicture } from '../subject/lab.ts'

/** Small patches of even colour that tile a picture. */
export interface Superpixels {
  /** Which patch a pixel belongs to. */
  label: Int32Array
  /** Mean L, a, b, x and y of each patch: [count × 5]. x and y in pixels. */
  means: Float64Array
  count: number
}

const ROUNDS = 6
/** How much distance weighs against colour, in CIELAB units over the distance between two patches. */
const COMPACTNESS = 15

/** SLIC (Achanta et al. 2012): k-means of colour and place, each patch looking no further than its surroundings. */
export function superpixels({ width, height, planes }: LabPicture, wanted: number): Superpixels {
  const spacing = Math.sqrt((width * height) / wanted)
  const columns = Math.max(1, Math.round(width / spacing))
  const rows = Math.max(1, Math.round(height / spacing))
  const count = columns * rows
  const label = new Int32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      label[y * width + x] = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width)
    }
  }
  const means = new Float64Array(count * 5)
  const nearest = new Float32Array(label.length)
  const place = (COMPACTNESS / spacing) ** 2
  const reach = Math.ceil(spacing * 1.5)
  for (let round = 0; round < ROUNDS; round++) {
    average(label, { width, planes }, means)
    nearest.fill(Infinity)
    for (let k = 0; k < count; k++) {
      const [L, a, b, cx, cy] = means.subarray(5 * k, 5 * k + 5) as unknown as [number, number, number, number, number]
      for (let y = Math.max(0, Math.ceil(cy - reach)); y <= Math.min(height - 1, cy + reach); y++) {
        for (let x = Math.max(0, Math.ceil(cx - reach)); x <= Math.min(width - 1, cx + reach); x++) {
          const i = y * width + x
          const colour = (planes[0][i]! - L) ** 2 + (planes[1][i]! - a) ** 2 + (planes[2][i]! - b) ** 2
          const distance = colour + place * ((x - cx) ** 2 + (y - cy) ** 2)
          if (distance < nearest[i]!) {
            nearest[i] = distance
            label[i] = k
          }
        }
      }
    }
  }
  average(label, { width, planes }, means)
  return { label, means, count }
}

/** Means of the pixels of each patch; a patch that lost all of its pixels keeps its old ones. */
function average(
  label: Int32Array,
  { width, planes }: Pick<LabPicture, 'width' | 'planes'>,
  means: Float64Array,
): void {
  const sums = new Float64Array(means.length)
  const sizes = new Float64Array(means.length / 5)
  label.forEach((k, i) => {
    sizes[k]!++
    for (let c = 0; c < 3; c++) sums[5 * k + c]! += planes[c]![i]!
    sums[5 * k + 3]! += i % width
    sums[5 * k + 4]! += Math.floor(i / width)
  })
  sums.forEach((sum, i) => {
    const size = sizes[Math.floor(i / 5)]!
    if (size > 0) means[i] = sum / size
  })
}
