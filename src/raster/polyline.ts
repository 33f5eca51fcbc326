import { bernstein, placesOn, polygonLength, segmentsOf } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'

/** A stroke as short straight pieces. Vertices are weighted sums of control points, so gradients pass through exactly. */
export interface Polyline {
  /** x y of every vertex. */
  vertices: Float64Array
  /** Pieces of each cubic. */
  steps: Int32Array
}

/** Flattens stroke `index`, whose control points begin at point `first`. */
export function flatten(strokes: Strokes, index: number, first: number): Polyline {
  const cubics = segmentsOf(strokes, index)
  const steps = new Int32Array(cubics)
  let pieces = 0
  for (let s = 0; s < cubics; s++) {
    steps[s] = piecesFor(polygonLength(strokes.points, first + 3 * s))
    pieces += steps[s]!
  }
  const vertices = new Float64Array(2 * (pieces + 1))
  let vertex = 0
  for (let s = 0; s < cubics; s++) {
    // a cubic's first vertex is the last of the one before
    vertices.set(placesOn(strokes.points, first + 3 * s, steps[s]!), 2 * vertex)
    vertex += steps[s]!
  }
  return { vertices, steps }
}

/** The gradient of the vertices, x y each, gathered into the control points of the stroke that begins at point `first`. */
export function pullbackVertices({ steps }: Polyline, gradient: Float64Array, first: number, into: Float32Array): void {
  let vertex = 0
  for (let s = 0; s < steps.length; s++) {
    const weights = bernstein(steps[s]!)
    const p = 2 * (first + 3 * s)
    for (let k = s === 0 ? 0 : 1; k <= steps[s]!; k++, vertex++) {
      for (let j = 0; j < 4; j++) {
        const weight = weights[4 * k + j]!
        into[p + 2 * j]! += weight * gradient[2 * vertex]!
        into[p + 2 * j + 1]! += weight * gradient[2 * vertex + 1]!
      }
    }
  }
}

/**
 * Pieces for a cubic whose control polygon is this long: about two units each. Powers of two, because every change of
 * the count is a (tiny) jump of the picture, and jumps are what finite differences and optimisers stumble over.
 */
function piecesFor(length: number): number {
  return Math.min(256, Math.max(8, 2 ** Math.ceil(Math.log2(length / 2 + 1))))
}
