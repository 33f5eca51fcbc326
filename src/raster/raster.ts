import { FewlineError } from '../errors.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { tensor, type Step, type Tensor } from '../tensor.ts'
import { core, coverage, coverageByDistance, coverageByWidth, reach } from './coverage.ts'
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
 * Draws strokes on paper, white unless its colour is given: the share of each pixel that a stroke covers is a smooth
 * function of the distance from the pixel's centre to the curve, and strokes lie over one another in their order.
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
  const ink: Ink = { count: 0, ...roomFor(usual, channels), firstOf: new Int32Array(count + 1) }
  const nearest = nearestBuffers(pixels)
  const { data } = output

  for (let i = 0; i < count; i++) {
    const line = flatten(strokes, i, offsets[i]!)
    const strokeWidth = strokes.widths[i]!
    lines.push(line)
    ink.firstOf[i] = ink.count
    const touched = findNearest(line.vertices, reach(strokeWidth), width, height, nearest)
    if (ink.count + touched > ink.pixel.length) grow(ink, ink.count + touched, channels)
    const alpha = colors ? colors[4 * i + 3]! : 1
    const tint = tintOf(strokes, i)
    const { squared, place } = nearest
    const { pixel: pixelOf, place: placeOf, distance: distanceOf, before } = ink
    for (let k = 0, entry = ink.count, b = channels * entry; k < touched; k++, entry++) {
      const pixel = nearest.touched[k]!
      const distance = Math.sqrt(squared[pixel]!)
      squared[pixel] = Infinity
      pixelOf[entry] = pixel
      placeOf[entry] = place[pixel]!
      distanceOf[entry] = distance
      const a = alpha * coverage(distance, strokeWidth)
      for (let c = 0, at = pixel; c < channels; c++, at += pixels, b++) {
        const was = data[at]!
        before[b] = was
        data[at] = was + a * (tint[c]! - was)
      }
    }
    ink.count += touched
  }
  ink.firstOf[count] = ink.count
  usual = Math.min(ink.count, MOST_USUAL)

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
  const { pixel: pixelOf, place: placeOf, distance: distanceOf, before, firstOf } = ink
  const ofTint = new Float64Array(channels)
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
    const tint = tintOf(strokes, i)
    const inner = core(strokeWidth)
    ofTint.fill(0)
    let ofWidth = 0
    let ofOpacity = 0
    const end = firstOf[i + 1]!
    for (let entry = firstOf[i]!, b = channels * entry; entry < end; entry++) {
      const pixel = pixelOf[entry]!
      const distance = distanceOf[entry]!
      const covered = coverage(distance, strokeWidth)
      const a = alpha * covered
      let ofAlpha = 0
      for (let c = 0, at = pixel; c < channels; c++, at += pixels, b++) {
        const g = below[at]!
        ofAlpha += g * (tint[c]! - before[b]!)
        below[at] = g * (1 - a)
        ofTint[c]! += g * a
      }
      ofOpacity += ofAlpha * covered
      if (distance < inner) continue
      const ofCoverage = ofAlpha * alpha
      ofWidth += ofCoverage * coverageByWidth(distance, strokeWidth)

      const ofDistance = ofCoverage * coverageByDistance(distance, strokeWidth)
      if (ofDistance === 0 || distance < 1e-9) continue
      const piece = pieceAt(placeOf[entry]!, vertices.length)
      const along = placeOf[entry]! - piece
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
    if (gradient.colors) gradient.colors.set([...ofTint, ofOpacity], 4 * i)
    pullbackVertices(line, ofVertices, offsets[i]!, gradient.points)
  }
  return gradient
}

/** Red, green and blue of a stroke, or black. */
function tintOf({ colors }: Strokes, i: number): Float64Array {
  return Float64Array.from(colors ? colors.subarray(4 * i, 4 * i + 3) : [0])
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

/**
 * Fills `nearest` for the pixels within `radius` of the polyline, and returns how many they are. A piece looks only at those
 * that may be nearest to it: what lies before its start is as near to the piece before, and what lies beyond its end is as
 * near to the next, where that has begun.
 */
function findNearest(
  vertices: Float64Array,
  radius: number,
  width: number,
  height: number,
  { squared, place, touched }: Nearest,
): number {
  const limit = radius * radius
  const last = vertices.length - 4
  let count = 0
  for (let v = 0; v <= last; v += 2) {
    const ax = vertices[v]!
    const ay = vertices[v + 1]!
    const dx = vertices[v + 2]! - ax
    const dy = vertices[v + 3]! - ay
    const length = dx * dx + dy * dy
    const perLength = 1 / Math.max(length, 1e-18)
    // the next piece, where it goes on to the same side
    const nx = v < last ? vertices[v + 4]! - vertices[v + 2]! : 0
    const ny = v < last ? vertices[v + 5]! - vertices[v + 3]! : 0
    const goesOn = dx * nx > 0
    const left = Math.max(0, Math.ceil(Math.min(ax, ax + dx) - radius - 0.5))
    const right = Math.min(width - 1, Math.floor(Math.max(ax, ax + dx) + radius - 0.5))
    const top = Math.max(0, Math.ceil(Math.min(ay, ay + dy) - radius - 0.5))
    const bottom = Math.min(height - 1, Math.floor(Math.max(ay, ay + dy) + radius - 0.5))
    const piece = v >> 1
    for (let py = top; py <= bottom; py++) {
      const qy = py + 0.5 - ay
      const down = qy * dy
      if (v > 0 && dx === 0 && down <= 0) continue
      let from = left
      let to = right
      // where a row meets the lines across the piece at its start, at its end, and across the next one at its start
      const start = v > 0 && dx !== 0 ? -down / dx : -dx * Infinity
      const end = goesOn ? (length - down) / dx : dx * Infinity
      const next = goesOn ? dx - ((qy - dy) * ny) / nx : end
      if (dx > 0) {
        from = Math.max(from, Math.ceil(ax + start - SAFE))
        to = Math.min(to, Math.floor(ax + Math.max(end, next) - 1 + SAFE))
      } else if (dx < 0) {
        from = Math.max(from, Math.ceil(ax + Math.min(end, next) - SAFE))
        to = Math.min(to, Math.floor(ax + start - 1 + SAFE))
      }
      const row = py * width
      for (let px = from; px <= to; px++) {
        const pixel = row + px
        const qx = px + 0.5 - ax
        const across = (qx * dx + down) * perLength
        const s = across > 0 ? (across < 1 ? across : 1) : 0
        const ex = qx - s * dx
        const ey = qy - s * dy
        const d = ex * ex + ey * ey
        if (d >= limit) continue
        const known = squared[pixel]!
        if (d >= known) continue
        if (known === Infinity) touched[count++] = pixel
        squared[pixel] = d
        place[pixel] = piece + s
      }
    }
  }
  return count
}

/** Half a pixel from its border to its centre, and a little more, lest rounding leave a pixel to nobody. */
const SAFE = 0.5 + 1e-6

/** Entries of ink that the last picture had, as the next one is often much the same; a very large one is an exception. */
let usual = 4096
const MOST_USUAL = 2 ** 17
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
