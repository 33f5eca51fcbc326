import type { Session } from '../onnx/session.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { bilinear } from './filters.ts'
import { withModel } from './model.ts'

/** A face in a photo. */
export interface Face {
  /** Side of the square around it, in units. */
  size: number
  /**
   * 68 places in units, numbered as in the 300-W set (Sagonas et al. 2013): jaw 0–16 from ear to ear, brows 17–26, bridge
   * of the nose 27–30, its foot 31–35, eyes 36–41 and 42–47, outer lips 48–59, inner lips 60–67.
   */
  places: readonly Place[]
}

export type Place = readonly [x: number, y: number]

/** The middle of some places. */
export function meanOf(places: readonly Place[]): Place {
  const sum = (axis: 0 | 1): number => places.reduce((sum, place) => sum + place[axis], 0)
  return [sum(0) / places.length, sum(1) / places.length]
}

/** How many cells the detector looks at along each side of the canvas, … */
const CELLS = 13
/** … the boxes it begins with, width and height in cells, … */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const
/** … what it gives for each: x, y, width, height, and how sure it is. */
const VALUES = 5
/** A box counts when it is at least this sure, 0..1 … */
const SURE = 0.4
/** … and shares no more than this part of both with a surer one. */
const SHARED = 0.4
/** Smaller faces, in units, are too small to be drawn. */
const SMALLEST = 28
/** Pixels of the side of a face that is looked at closely. */
const CLOSE = 112
/** Looked at thrice, a face has its places where it had them, but for this share of its size. A wheel has not. */
const STEADY = 0.033
/** How much wider the third look is. */
const WIDER = 1.2

/**
 * Finds the faces in a photo's image [3, CANVAS, CANVAS], the surest first: people's, seen from the front, at least
 * SMALLEST units wide. A detector proposes them (Tiny Face Detector), and a model that finds the places of a face in each
 * looks thrice: at it, at its mirror image, and from a little farther. Where the three disagree there is no face.
 */
export async function findFaces({ data, shape }: Tensor): Promise<Face[]> {
  const boxes = await withModel(['faces', 'detector.onnx'], async (model) => {
    const { boxes } = await model.run({ picture: { data, shape: [1, ...shape] } })
    return boxesIn(boxes!.data)
  })
  if (boxes.length === 0) return []
  return withModel(['faces', 'landmarks.onnx'], async (model) => {
    const faces: Face[] = []
    for (const box of boxes) {
      const face = await lookClosely(data, box, model)
      if (face) faces.push(face)
    }
    return faces
  })
}

/** A square, by its middle and its side, and how sure it is that a face fills it. */
interface Box {
  x: number
  y: number
  side: number
  sure: number
}

/** The boxes in what the detector gives, [1, 5 · VALUES, CELLS, CELLS]; of those that share much, the surest one. */
function boxesIn(data: Float32Array): Box[] {
  const unit = CANVAS / CELLS
  const found: Box[] = []
  ANCHORS.forEach(([width, height], a) => {
    for (let cell = 0; cell < CELLS ** 2; cell++) {
      const [x, y, w, h, sure] = Array.from({ length: VALUES }, (_, v) => data[(a * VALUES + v) * CELLS ** 2 + cell]!)
      found.push({
        x: ((cell % CELLS) + sigmoid(x!)) * unit,
        y: (Math.floor(cell / CELLS) + sigmoid(y!)) * unit,
        side: Math.max(width * Math.exp(w!), height * Math.exp(h!)) * unit,
        sure: sigmoid(sure!),
      })
    }
  })
  const kept: Box[] = []
  for (const box of found.sort((a, b) => b.sure - a.sure)) {
    if (box.sure < SURE) break
    if (box.side >= SMALLEST && kept.every((other) => shared(box, other) <= SHARED)) kept.push(box)
  }
  return kept
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** What two boxes have in common, as a share of what they cover together. */
function shared(a: Box, b: Box): number {
  const along = (from: number, to: number): number => Math.max(0, (a.side + b.side) / 2 - Math.abs(from - to))
  const both = Math.min(along(a.x, b.x), a.side, b.side) * Math.min(along(a.y, b.y), a.side, b.side)
  return both / (a.side ** 2 + b.side ** 2 - both)
}

/** The places of the face in a box, the mean of three looks; undefined where they disagree. */
async function lookClosely(image: Float32Array, box: Box, model: Session): Promise<Face | undefined> {
  const wider = { ...box, side: WIDER * box.side }
  const near = closeUp(image, box)
  const looks = tensor([3, 3, CLOSE, CLOSE])
  ;[near, mirrored(near), closeUp(image, wider)].forEach((look, i) => looks.data.set(look, i * look.length))
  const { places } = await model.run({ faces: looks })
  const seen = [0, 1, 2].map((look) =>
    placesIn(places!.data.subarray(136 * look, 136 * (look + 1)), look < 2 ? box : wider),
  )
  const [first, mirror, far] = [seen[0]!, MIRRORED.map((i) => turned(seen[1]![i]!, box)), seen[2]!]
  if (Math.max(meanDistance(first, mirror), meanDistance(first, far)) > STEADY * box.side) return undefined
  return { size: box.side, places: first.map((place, i) => meanOf([place, mirror[i]!, far[i]!])) }
}

/** What lies in a box, [3, CLOSE, CLOSE]; beyond the canvas it goes on as it ends. */
function closeUp(image: Float32Array, { x, y, side }: Box): Float32Array {
  const pixels = CLOSE * CLOSE
  const pixel = side / CLOSE
  return Float32Array.from({ length: 3 * pixels }, (_, i) => {
    const plane = Math.floor(i / pixels) * CANVAS * CANVAS
    const u = x - side / 2 + ((i % CLOSE) + 0.5) * pixel
    const v = y - side / 2 + ((Math.floor(i / CLOSE) % CLOSE) + 0.5) * pixel
    return bilinear(image.subarray(plane, plane + CANVAS * CANVAS), CANVAS, u, v)
  })
}

function mirrored(look: Float32Array): Float32Array {
  const rows = look.slice()
  for (let row = 0; row < rows.length; row += CLOSE) rows.subarray(row, row + CLOSE).reverse()
  return rows
}

/** Places in units, from shares of a box: x and y in turn. */
function placesIn(shares: Float32Array, { x, y, side }: Box): Place[] {
  return Array.from({ length: shares.length / 2 }, (_, i) => [
    x + (shares[2 * i]! - 0.5) * side,
    y + (shares[2 * i + 1]! - 0.5) * side,
  ])
}

function turned([x, y]: Place, box: Box): Place {
  return [2 * box.x - x, y]
}

function meanDistance(a: readonly Place[], b: readonly Place[]): number {
  return a.reduce((sum, [x, y], i) => sum + Math.hypot(x - b[i]![0], y - b[i]![1]), 0) / a.length
}

/** Which place each one is in a mirror. */
const MIRRORED = [
  ...[16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17],
  ...[27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40],
  ...[54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65],
] as const
