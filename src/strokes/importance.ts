import { CANVAS } from '../units.ts'
import { pointOffsets } from './bezier.ts'
import { pointAt, type Cubic } from './fit.ts'
import type { Strokes } from './strokes.ts'

/** A place this near to a stroke already drawn counts as drawn. */
const NEAR = 2.5

/**
 * Strokes in the order in which someone who may draw only k of them would pick them: each next one is the one along
 * which most of `lines` ([CANVAS·CANVAS], how much a line matters at each pixel) is not drawn yet. Returns indices, and
 * what each added. Where a drawing has `stages`, by how many strokes it then has, no stroke leaves its own.
 */
export function importanceOrder(
  strokes: Strokes,
  lines: Float32Array,
  stages: readonly number[] = [strokes.widths.length],
): { order: number[]; gains: Float32Array } {
  const tracks = Array.from({ length: strokes.widths.length }, (_, i) => pixelsAlong(strokes, i))
  const drawn = new Uint8Array(CANVAS * CANVAS)
  const gain = (i: number): number => tracks[i]!.reduce((sum, pixel) => sum + (drawn[pixel] ? 0 : lines[pixel]!), 0)

  const order: number[] = []
  const gains = new Float32Array(tracks.length)
  for (const [stage, end] of stages.entries()) {
    // a stroke's gain only ever falls, so only the front of the queue has to be looked at again
    const own = tracks.slice(stages[stage - 1] ?? 0, end).map((_, k) => k + (stages[stage - 1] ?? 0))
    const queue = own.map((i) => ({ i, gain: gain(i) })).sort((a, b) => b.gain - a.gain)
    while (queue.length > 0) {
      const front = queue.shift()!
      const now = gain(front.i)
      if (queue.length > 0 && now < queue[0]!.gain) {
        const place = queue.findIndex((other) => other.gain <= now)
        queue.splice(place < 0 ? queue.length : place, 0, { i: front.i, gain: now })
        continue
      }
      order.push(front.i)
      gains[order.length - 1] = now
      for (const pixel of tracks[front.i]!) markNear(drawn, pixel)
    }
  }
  return { order, gains }
}

/** The pixels under stroke `index`, about one a unit. */
function pixelsAlong(strokes: Strokes, index: number): number[] {
  const offsets = pointOffsets(strokes)
  const pixels: number[] = []
  for (let first = offsets[index]!; first + 3 < offsets[index + 1]!; first += 3) {
    const cubic = Array.from(strokes.points.subarray(2 * first, 2 * first + 8)) as Cubic
    const steps = Math.max(2, Math.ceil(Math.hypot(cubic[6] - cubic[0], cubic[7] - cubic[1]) * 1.2))
    for (let k = 0; k <= steps; k++) {
      const [x, y] = pointAt(cubic, k / steps)
      if (x >= 0 && y >= 0 && x < CANVAS && y < CANVAS) pixels.push(Math.floor(y) * CANVAS + Math.floor(x))
    }
  }
  return [...new Set(pixels)]
}

function markNear(drawn: Uint8Array, pixel: number): void {
  const [px, py] = [pixel % CANVAS, Math.floor(pixel / CANVAS)]
  const radius = Math.floor(NEAR)
  for (let y = Math.max(0, py - radius); y <= Math.min(CANVAS - 1, py + radius); y++) {
    for (let x = Math.max(0, px - radius); x <= Math.min(CANVAS - 1, px + radius); x++) {
      if ((x - px) ** 2 + (y - py) ** 2 <= NEAR ** 2) drawn[y * CANVAS + x] = 1
    }
  }
}

/** The same strokes in another order; `order` may leave some out. */
export function reordered(strokes: Strokes, order: readonly number[]): Strokes {
  const offsets = pointOffsets(strokes)
  const { segments, colors, pressures } = strokes
  return {
    ...strokes,
    points: Float32Array.from(order.flatMap((i) => [...strokes.points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!)])),
    widths: Float32Array.from(order, (i) => strokes.widths[i]!),
    ...(segments && { segments: Uint8Array.from(order, (i) => segments[i]!) }),
    ...(pressures && {
      pressures: Float32Array.from(order.flatMap((i) => [...pressures.subarray(offsets[i], offsets[i + 1])])),
    }),
    ...(colors && { colors: Float32Array.from(order.flatMap((i) => [...colors.subarray(4 * i, 4 * i + 4)])) }),
  }
}

/** The first `count` strokes, or all where there are fewer. */
export function firstStrokes(strokes: Strokes, count: number): Strokes {
  return reordered(
    strokes,
    Array.from({ length: Math.min(count, strokes.widths.length) }, (_, i) => i),
  )
}
