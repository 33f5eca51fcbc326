import { hypotenuse } from '../hypotenuse.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Step } from '../tensor.ts'
import { flatten, pullbackVertices } from './polyline.ts'

/**
 * The area in square units that strokes would ink if each lay on a sheet of its own, where none meets another or itself:
 * length times width, and two round half caps. The pullback takes a gradient of that area to the strokes' points.
 */
export function areaApart(strokes: Strokes): Step<number, Float32Array> {
  const offsets = pointOffsets(strokes)
  const lines = Array.from(strokes.widths, (width, i) => ({ width, polyline: flatten(strokes, i, offsets[i]!) }))
  const areas = lines.map(({ width, polyline }) => width * lengthOf(polyline.vertices) + (Math.PI * width ** 2) / 4)
  return {
    output: areas.reduce((sum, area) => sum + area, 0),
    pullback(gradient) {
      const points = new Float32Array(strokes.points.length)
      lines.forEach(({ width, polyline }, i) => {
        pullbackVertices(polyline, lengthGradient(polyline.vertices, gradient * width), offsets[i]!, points)
      })
      return points
    },
  }
}

function lengthOf(vertices: Float64Array): number {
  let length = 0
  for (let k = 2; k < vertices.length; k += 2) {
    length += hypotenuse(vertices[k]! - vertices[k - 2]!, vertices[k + 1]! - vertices[k - 1]!)
  }
  return length
}

/** `scale` times the gradient of the length in every vertex: each piece pulls its ends apart. */
function lengthGradient(vertices: Float64Array, scale: number): Float64Array {
  const gradient = new Float64Array(vertices.length)
  for (let k = 2; k < vertices.length; k += 2) {
    const [x, y] = [vertices[k]! - vertices[k - 2]!, vertices[k + 1]! - vertices[k - 1]!]
    const pull = scale / (hypotenuse(x, y) || 1)
    gradient[k]! += pull * x
    gradient[k + 1]! += pull * y
    gradient[k - 2]! -= pull * x
    gradient[k - 1]! -= pull * y
  }
  return gradient
}
