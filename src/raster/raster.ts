import { FewlineError } from '../errors.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { tensor, type Step, type Tensor } from '../tensor.ts'
import { coverage, coverageByDistance, coverageByWidth, reach } from './coverage.ts'
import { flatten, pullbackVertices, type Polyline } from './polyline.ts'

/** Gradients of the strokes, each shaped like what it is the gradient of. */
export interface StrokesGradient {
  points: Float32Array
  widths: Float32Array
  colors?: Float32Array
}

/** Red, green and blue, 0..1. */
type Rgb = readonly [red: number, green: number, blue: number]
const WHITE: Rgb = [1, 1, 1]

/** Where strokes met pixels, in the order the ink went down: what the way back needs to know. */
interface Ink {
  count: number
  pixel: Int32Array
  /** The nearest place on the stroke: number of the straight piece, plus how far along it (0..1). */
  place: Float64Array
  distance: Float32Array
  /** What the pixel was before this stroke, `channels` numbers each. */
  before: Float32Array
  /** Where each stroke's entries begin and, last, the count. */
  firstOf: Int32Array
}

/**
 * Draws strokes on paper, white unless its colour is given: the share of each pixel that a stroke covers is a smooth function of the distance from
 * the pixel's centre to the curve, and strokes lie over one another in their order.
 *
 * The picture is [height, width] grey 0..1, or [3, height, width] when the strokes have colours (source-over). The
 * pullback takes a gradient of that shape to points, widths and colours, through the nearest point of the curve:
 * moving a control point moves the nearest point by its Bernstein weight there.
 * Throws a FewlineError when the arrays disagree, or hold a number that is not finite.
 */
export function renderStrokes(strokes: Strokes, paper: Rgb = WHITE): Step<Tensor, StrokesGradient> {
  const offsets = checkedOffsets(strokes)
  const { width, height, colors } = strokes
  const pixels = width * height
  const channels = colors ? 3 : 1
  const output = tensor(colors ? [3, height, width] : [height, width])
  for (let c = 0; c < channels; c++) output.data.fill(paper[c]!, c * pixels, (c + 1) * pixels)

  const count = strokes.widths.length
  const lines: Polyline[] = []
  const ink: Ink = { count: 0, ...roomFor(4096, channels), firstOf: new Int32Array(count + 1) }
  const nearest = nearestBuffers(pixels)

  for (let i = 0; i < count; i++) {
    const line = flatten(strokes, i, offsets[i]!)
    const strokeWidth = strokes.widths[i]!
    lines.push(line)
    ink.firstOf[i] = ink.count
    const touched = findNearest(line.vertices, reach(strokeWidth), width, height, nearest)
    if (ink.count + touched > ink.pixel.length) grow(ink, ink.count + touched, channels)
    const alpha = colors ? colors[4 * i + 3]! : 1
    for (let k = 0; k < touched; k++) {
      const pixel = nearest.touched[k]!
      const distance = Math.sqrt(nearest.squared[pixel]!)
      nearest.squared[pixel] = Infinity
      const entry = ink.count++
      ink.pixel[entry] = pixel
      ink.place[entry] = nearest.place[pixel]!
      ink.distance[entry] = distance
      const a = alpha * coverage(distance, strokeWidth)
      for (let c = 0; c < channels; c++) {
        const at = c * pixels + pixel
        const before = output.data[at]!
        ink.before[channels * entry + c] = before
        output.data[at] = before + a * ((colors ? colors[4 * i + c]! : 0) - before)
      }
    }
  }
  ink.firstOf[count] = ink.count

  return { output, pullback: (gradient) => pullback(strokes, offsets, lines, ink, gradient) }
}

/** Lifts the strokes off again, last first: the gradient of what lay below a stroke is what it lets through. */
function pullback(
  strokes: Strokes,
  offsets: Int32Array,
  lines: readonly Polyline[],
  ink: Ink,
  gradientOfOutput: Tensor,
): StrokesGradient {
  const { width, height, colors } = strokes
  const pixels = width * height
  const channels = colors ? 3 : 1
  if (gradientOfOutput.data.length !== channels * pixels) {
    throw new RangeError(`the gradient must have the picture's shape, [${[channels, height, width].join(', ')}]`)
  }
  const below = gradientOfOutput.data.slice()
  const gradient: StrokesGradient = {
    points: new Float32Array(strokes.points.length),
    widths: new Float32Array(strokes.widths.length),
    ...(colors && { colors: new Float32Array(colors.length) }),
  }

  for (let i = strokes.widths.length - 1; i >= 0; i--) {
    const line = lines[i]!
    const { vertices } = line
    const ofVertices = new Float64Array(vertices.length)
    const strokeWidth = strokes.widths[i]!
    const alpha = colors ? colors[4 * i + 3]! : 1
    let ofWidth = 0
    for (let entry = ink.firstOf[i]!; entry < ink.firstOf[i + 1]!; entry++) {
      const pixel = ink.pixel[entry]!
      const distance = ink.distance[entry]!
      const covered = coverage(distance, strokeWidth)
      let ofAlpha = 0
      for (let c = 0; c < channels; c++) {
        const at = c * pixels + pixel
        const g = below[at]!
        ofAlpha += g * ((colors ? colors[4 * i + c]! : 0) - ink.before[channels * entry + c]!)
        below[at] = g * (1 - alpha * covered)
        if (gradient.colors) gradient.colors[4 * i + c]! += g * alpha * covered
      }
      if (gradient.colors) gradient.colors[4 * i + 3]! += ofAlpha * covered
      const ofCoverage = ofAlpha * alpha
      ofWidth += ofCoverage * coverageByWidth(distance, strokeWidth)

      const ofDistance = ofCoverage * coverageByDistance(distance, strokeWidth)
      if (ofDistance === 0 || distance < 1e-9) continue
      const piece = pieceAt(ink.place[entry]!, vertices.length)
      const along = ink.place[entry]! - piece
      const v = 2 * piece
      const x = vertices[v]! + along * (vertices[v + 2]! - vertices[v]!)
      const y = vertices[v + 1]! + along * (vertices[v + 3]! - vertices[v + 1]!)
      // the distance shrinks as the nearest place moves towards the pixel
      const gx = (ofDistance * (x - ((pixel % width) + 0.5))) / distance
      const gy = (ofDistance * (y - (Math.floor(pixel / width) + 0.5))) / distance
      ofVertices[v]! += (1 - along) * gx
      ofVertices[v + 1]! += (1 - along) * gy
      ofVertices[v + 2]! += along * gx
      ofVertices[v + 3]! += along * gy
    }
    gradient.widths[i] = ofWidth
    pullbackVertices(line, ofVertices, offsets[i]!, gradient.points)
  }
  return gradient
}

/** The straight piece of a place; a place at the very end of the stroke belongs to the last piece. */
function pieceAt(place: number, vertexNumbers: number): number {
  return Math.min(Math.floor(place), vertexNumbers / 2 - 2)
}

interface Nearest {
  /** Squared distance to the stroke in hand; Infinity where it has not come near. Left clean between strokes. */
  squared: Float64Array
  place: Float64Array
  touched: Int32Array
}

/** Fills `nearest` for the pixels within `radius` of the polyline, and returns how many they are. */
function findNearest(vertices: Float64Array, radius: number, width: number, height: number, nearest: Nearest): number {
  const { squared, place, touched } = nearest
  const limit = radius * radius
  let count = 0
  for (let v = 0; v + 3 < vertices.length; v += 2) {
    const ax = vertices[v]!
    const ay = vertices[v + 1]!
    const dx = vertices[v + 2]! - ax
    const dy = vertices[v + 3]! - ay
    const perLength = 1 / Math.max(dx * dx + dy * dy, 1e-18)
    const left = Math.max(0, Math.ceil(Math.min(ax, ax + dx) - radius - 0.5))
    const right = Math.min(width - 1, Math.floor(Math.max(ax, ax + dx) + radius - 0.5))
    const top = Math.max(0, Math.ceil(Math.min(ay, ay + dy) - radius - 0.5))
    const bottom = Math.min(height - 1, Math.floor(Math.max(ay, ay + dy) + radius - 0.5))
    for (let py = top; py <= bottom; py++) {
      const qy = py + 0.5 - ay
      for (let px = left, pixel = py * width + left; px <= right; px++, pixel++) {
        const qx = px + 0.5 - ax
        const s = Math.min(1, Math.max(0, (qx * dx + qy * dy) * perLength))
        const ex = qx - s * dx
        const ey = qy - s * dy
        const d = ex * ex + ey * ey
        if (d >= limit) continue
        const known = squared[pixel]!
        if (d >= known) continue
        if (known === Infinity) touched[count++] = pixel
        squared[pixel] = d
        place[pixel] = (v >> 1) + s
      }
    }
  }
  return count
}

let buffers: Nearest | undefined

/** Working memory for one stroke at a time, kept between calls because calls come hundreds of times a second. */
function nearestBuffers(pixels: number): Nearest {
  if (buffers?.squared.length !== pixels) {
    buffers = {
      squared: new Float64Array(pixels).fill(Infinity),
      place: new Float64Array(pixels),
      touched: new Int32Array(pixels),
    }
  }
  return buffers
}

function roomFor(entries: number, channels: number): Omit<Ink, 'count' | 'firstOf'> {
  return {
    pixel: new Int32Array(entries),
    place: new Float64Array(entries),
    distance: new Float32Array(entries),
    before: new Float32Array(entries * channels),
  }
}

function grow(ink: Ink, needed: number, channels: number): void {
  const room = roomFor(2 * needed, channels)
  room.pixel.set(ink.pixel)
  room.place.set(ink.place)
  room.distance.set(ink.distance)
  room.before.set(ink.before)
  Object.assign(ink, room)
}

function checkedOffsets(strokes: Strokes): Int32Array {
  const { points, widths, segments, colors, width, height } = strokes
  const count = widths.length
  const wrong = (expected: string, came: string): never => {
    throw new FewlineError({ kind: 'call', expected, came, todo: 'check the arrays of the strokes' })
  }
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    wrong('a canvas of whole units', `it is ${width} by ${height}`)
  }
  if (segments && segments.length !== count)
    wrong(`a count of cubics for each of ${count} strokes`, `there are ${segments.length}`)
  if (segments?.includes(0)) wrong('at least one cubic in each stroke', 'one has none')
  if (colors && colors.length !== 4 * count)
    wrong(`4 colour numbers for each of ${count} strokes`, `there are ${colors.length}`)
  const offsets = pointOffsets(strokes)
  if (points.length !== 2 * offsets[count]!) {
    wrong(`${2 * offsets[count]!} coordinates for ${count} strokes`, `there are ${points.length}`)
  }
  for (const numbers of [points, widths, colors]) {
    if (numbers && !numbers.every(Number.isFinite)) wrong('finite numbers', 'a coordinate, width or colour is not')
  }
  if (widths.some((w) => w < 0)) wrong('widths of 0 or more', 'one is negative')
  return offsets
}
