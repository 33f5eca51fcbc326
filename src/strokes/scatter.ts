import type { Random } from '../random.ts'
import { CANVAS } from '../units.ts'
import type { Strokes } from './strokes.ts'

/** A stroke has at most so many cubics (Frans et al. 2021). */
const MOST_CUBICS = 3

/** How strokes are strewn. */
export interface Scatter {
  /** Full widths in units, between which they begin. */
  widths: readonly [least: number, most: number]
  /** How far a control point lies from the one before at most, in x and y, as a share of the canvas. */
  reach: number
}

/** Strokes anywhere on the canvas, of 1 to 3 cubics, in any colour and more or less opaque. */
export function scatterStrokes(count: number, { widths, reach }: Scatter, random: Random): Strokes {
  const segments = Uint8Array.from({ length: count }, () => 1 + Math.floor(MOST_CUBICS * random()))
  const points: number[] = []
  for (const cubics of segments) {
    let [x, y] = [CANVAS * random(), CANVAS * random()]
    points.push(x, y)
    for (let i = 0; i < 3 * cubics; i++) {
      x = onCanvas(x + (random() - 0.5) * reach * CANVAS)
      y = onCanvas(y + (random() - 0.5) * reach * CANVAS)
      points.push(x, y)
    }
  }
  const [least, most] = widths
  return {
    points: Float32Array.from(points),
    widths: Float32Array.from({ length: count }, () => least + (most - least) * random()),
    segments,
    colors: Float32Array.from({ length: 4 * count }, (_, i) => (i % 4 === 3 ? 0.4 + 0.6 * random() : random())),
    ...{ width: CANVAS, height: CANVAS },
  }
}

/** One after the other: the second strokes lie on the first. Both have segments and colours. */
export function stacked(below: Strokes, above: Strokes): Strokes {
  return {
    ...below,
    points: joined(below.points, above.points),
    widths: joined(below.widths, above.widths),
    segments: Uint8Array.of(...below.segments!, ...above.segments!),
    colors: joined(below.colors!, above.colors!),
  }
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function onCanvas(value: number): number {
  return Math.min(CANVAS, Math.max(0, value))
}
