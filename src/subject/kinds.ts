import { kMeans, nearestOf, picked, type Points } from '../kmeans.ts'
import { blur } from './filters.ts'
import type { LabPicture } from './lab.ts'

/** So many kinds of pixels tell enough of any photo. */
const KINDS = 64
/** They are found among about so many pixels. */
const SAMPLE = 2048
/** Texture is how much lightness varies around a pixel; sigma in pixels. */
const AROUND = 2
/** How far kinds may be apart, in CIELAB, to pass for one another, e^-½ of the time. */
const ALIKE = 4

/** What the pixels of a photo look like: of which kind each is, by its colour and the texture around it. */
export interface Kinds {
  /** The kind of each pixel. */
  of: Uint16Array
  /** For each kind how much of it passes for which, 0..1: 1 in all. */
  alike: Float64Array[]
}

/** The kinds of pixels there are in a photo; found once, as several ask for them. */
export function kindsOf(picture: LabPicture): Kinds {
  let kinds = found.get(picture)
  if (!kinds) found.set(picture, (kinds = findKinds(picture)))
  return kinds
}

/** How much of each kind there is, as counted, with what passes for it. */
export function passingIn({ alike }: Kinds, counts: Float64Array): Float64Array {
  const passing = new Float64Array(counts.length)
  for (let kind = 0; kind < counts.length; kind++) {
    if (counts[kind] === 0) continue
    for (let as = 0; as < counts.length; as++) passing[as]! += alike[kind]![as]! * counts[kind]!
  }
  return passing
}

const found = new WeakMap<LabPicture, Kinds>()

function findKinds({ planes, width }: LabPicture): Kinds {
  const pixels = pointsOf([...planes, variation(planes[0], width)])
  const kinds = kMeans(sampled(pixels), KINDS)
  return { of: nearestOf(kinds, pixels), alike: likeness(kinds) }
}

/** How much a plane varies around each pixel: its deviation. */
function variation(plane: Float32Array, width: number): Float32Array {
  const squares = plane.map((value) => value * value)
  const [mean, square] = [plane, squares].map((values) => blur(values, width, AROUND)) as [Float32Array, Float32Array]
  return mean.map((value, i) => Math.sqrt(Math.max(0, square[i]! - value * value)))
}

function pointsOf(planes: readonly Float32Array[]): Points {
  const dimensions = planes.length
  const data = new Float32Array(dimensions * planes[0]!.length)
  planes.forEach((plane, k) => plane.forEach((value, i) => (data[i * dimensions + k] = value)))
  return { data, dimensions }
}

/** Points that are spread evenly, so that there are few. */
function sampled(points: Points): Points {
  const count = points.data.length / points.dimensions
  const step = Math.max(1, Math.floor(count / SAMPLE))
  return picked(
    points,
    Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step),
  )
}

function likeness({ data, dimensions }: Points): Float64Array[] {
  const kinds = Array.from({ length: data.length / dimensions }, (_, i) =>
    data.subarray(i * dimensions, (i + 1) * dimensions),
  )
  return kinds.map((one) => {
    const alike = Float64Array.from(kinds, (other) => {
      const distance = one.reduce((sum, value, k) => sum + (value - other[k]!) ** 2, 0)
      return Math.exp(-distance / (2 * ALIKE ** 2))
    })
    const total = alike.reduce((sum, value) => sum + value)
    return alike.map((value) => value / total)
  })
}
