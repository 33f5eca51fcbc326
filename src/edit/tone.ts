import type { Groups } from '../optimiser/groups.ts'
import type { Random } from '../random.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { held, outside } from './colours.ts'
import type { Transform } from './transform.ts'

/** Cells of the grid across the picture, down it, and from dark to light. */
const [ACROSS, DOWN, LIGHT] = [16, 16, 8]
/** Numbers of a cell: for red, green and blue how much of each of them, and of 1, is added. */
const NUMBERS = 12
const CELL_ROW = LIGHT * NUMBERS
const GRID_ROW = ACROSS * CELL_ROW
const SIZE = DOWN * GRID_ROW

/** How much it counts that neighbouring cells differ, and that colours leave their range. */
const SMOOTHNESS = 20
const RANGE = 2
/** How far from nothing the numbers begin: far less than can be seen. */
const BEGINNING = 1e-3
/** Pixels of a part: its numbers stay near the processor. */
const LONGEST = 512

/**
 * A change of tone: a grid of affine changes of colour over place and lightness, interpolated where a pixel lies (a
 * bilateral grid: Chen et al. 2007, Gharbi et al. 2017). It follows edges by their lightness, and makes no new ones.
 */
export const tone = {
  init: (random: Random) => ({ grid: Float32Array.from({ length: SIZE }, () => BEGINNING * (2 * random() - 1)) }),
  rates: { grid: [0.01, 0.001] },
  apply: ({ grid }, picture) => applied(grid!, picture),
  parts: ({ grid }, width, height) => ({
    ...{ longest: LONGEST, margin: 0 },
    apply: (part, x, y) => held(sliced(grid!, part, { x, y, width, height })),
  }),
} satisfies Transform

function applied(grid: Float32Array, picture: Tensor) {
  const changed = sliced(grid, picture)
  const smooth = unevenness(grid)
  const range = outside(changed, RANGE)
  return {
    output: held(changed),
    terms: { smoothness: SMOOTHNESS * smooth.output, range: range.output },
    pullback({ data }: Tensor): Groups {
      const ofGrid = slicedBack(picture, range.pullback(data))
      const ofSmoothness = smooth.pullback(SMOOTHNESS)
      return { grid: ofGrid.map((g, i) => g + ofSmoothness[i]!) }
    },
  }
}

/** Where a part lies, and how large the whole is, in pixels. */
interface Place {
  x: number
  y: number
  width: number
  height: number
}

function everything({ shape: [, height, width] }: Tensor): Place {
  return { x: 0, y: 0, width: width!, height: height! }
}

/**
 * A picture [3, h, w], or a part of one, in the tone of a grid, not yet held to 0..1. What a pixel becomes is mixed from
 * the four cells around it in a row of cells: before and behind it, darker and lighter than it.
 */
function sliced(grid: Float32Array, picture: Tensor, whole = everything(picture)): Tensor {
  const { data, shape } = picture
  const [, height, width] = shape as [number, number, number]
  const plane = height * width
  const output = tensor(shape)
  const to = output.data
  const columns = placesAlong(whole.width, ACROSS, whole.x, width)
  const row = new Float32Array(GRID_ROW)
  const shares = new Float64Array(4)
  for (let y = 0; y < height; y++) {
    mixRows(grid, placeAt(whole.y + y, whole.height, DOWN), row)
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const r = data[i]!
      const g = data[plane + i]!
      const b = data[2 * plane + i]!
      let at = columns.first[x]! * CELL_ROW + cornersAt(columns.share[x]!, lightOf(r, g, b), shares)
      const w0 = shares[0]!
      const w1 = shares[1]!
      const w2 = shares[2]!
      const w3 = shares[3]!
      for (let c = 0, o = i; c < 3; c++, o += plane) {
        let sum = 0
        for (let k = 0; k < 4; k++, at++) {
          const number =
            w0 * row[at]! + w1 * row[at + NUMBERS]! + w2 * row[at + CELL_ROW]! + w3 * row[at + CELL_ROW + NUMBERS]!
          sum += number * (k === 0 ? r : k === 1 ? g : k === 2 ? b : 1)
        }
        to[o] = data[o]! + sum
      }
    }
  }
  return output
}

/** The transpose of `sliced` in the grid. */
function slicedBack({ data, shape }: Tensor, gradient: Float32Array): Float32Array {
  const [, height, width] = shape as [number, number, number]
  const plane = height * width
  const ofGrid = new Float32Array(SIZE)
  const columns = placesAlong(width, ACROSS, 0, width)
  const row = new Float32Array(GRID_ROW)
  const shares = new Float64Array(4)
  for (let y = 0; y < height; y++) {
    row.fill(0)
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const r = data[i]!
      const g = data[plane + i]!
      const b = data[2 * plane + i]!
      let at = columns.first[x]! * CELL_ROW + cornersAt(columns.share[x]!, lightOf(r, g, b), shares)
      const w0 = shares[0]!
      const w1 = shares[1]!
      const w2 = shares[2]!
      const w3 = shares[3]!
      for (let c = 0; c < 3; c++) {
        const ofValue = gradient[c * plane + i]!
        for (let k = 0; k < 4; k++, at++) {
          const ofNumber = ofValue * (k === 0 ? r : k === 1 ? g : k === 2 ? b : 1)
          row[at]! += w0 * ofNumber
          row[at + NUMBERS]! += w1 * ofNumber
          row[at + CELL_ROW]! += w2 * ofNumber
          row[at + CELL_ROW + NUMBERS]! += w3 * ofNumber
        }
      }
    }
    const { first, share } = placeAt(y, height, DOWN)
    for (let i = 0; i < GRID_ROW; i++) {
      ofGrid[first * GRID_ROW + i]! += (1 - share) * row[i]!
      ofGrid[(first + 1) * GRID_ROW + i]! += share * row[i]!
    }
  }
  return ofGrid
}

function mixRows(grid: Float32Array, { first, share }: { first: number; share: number }, row: Float32Array): void {
  const above = first * GRID_ROW
  for (let i = 0; i < GRID_ROW; i++) {
    row[i] = (1 - share) * grid[above + i]! + share * grid[above + GRID_ROW + i]!
  }
}

/**
 * The shares of the four cells around a pixel: here, lighter, further, and both. Gives where the first of them begins in
 * its column of cells.
 */
function cornersAt(right: number, light: number, shares: Float64Array): number {
  const l = light < LIGHT - 2 ? Math.floor(light) : LIGHT - 2
  const up = light - l
  const both = right * up
  shares[0] = 1 - right - (up - both)
  shares[1] = up - both
  shares[2] = right - both
  shares[3] = both
  return l * NUMBERS
}

/** Lightness in cells, from the middle of the darkest to that of the lightest. */
function lightOf(r: number, g: number, b: number): number {
  const light = (0.299 * r + 0.587 * g + 0.114 * b) * LIGHT - 0.5
  return light < 0 ? 0 : light > LIGHT - 1 ? LIGHT - 1 : light
}

/** The cell whose middle lies before a pixel, and how far it is to the next one's. */
function placeAt(pixel: number, pixels: number, cells: number): { first: number; share: number } {
  const place = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) * cells) / pixels - 0.5))
  const first = Math.min(cells - 2, Math.floor(place))
  return { first, share: place - first }
}

/** The same for `count` pixels, the first of which is `from`. */
function placesAlong(pixels: number, cells: number, from: number, count: number) {
  const first = new Uint8Array(count)
  const share = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const place = placeAt(from + i, pixels, cells)
    first[i] = place.first
    share[i] = place.share
  }
  return { first, share }
}

/** How many numbers of the grid lie between neighbours: down, across, and in lightness. */
const NEIGHBOURS = [
  { step: GRID_ROW, cells: DOWN },
  { step: CELL_ROW, cells: ACROSS },
  { step: NUMBERS, cells: LIGHT },
]

/** The sum of the squared differences of neighbouring cells, the mean over all cells. */
function unevenness(grid: Float32Array) {
  const share = NUMBERS / SIZE
  const gradient = new Float32Array(SIZE)
  let sum = 0
  for (const { step, cells } of NEIGHBOURS) {
    for (let line = 0; line < SIZE; line += step * cells) {
      const last = line + step * (cells - 1)
      for (let i = line; i < last; i++) {
        const difference = grid[i + step]! - grid[i]!
        sum += difference * difference
        gradient[i + step]! += 2 * share * difference
        gradient[i]! -= 2 * share * difference
      }
    }
  }
  return { output: share * sum, pullback: (weight: number) => gradient.map((g) => weight * g) }
}
