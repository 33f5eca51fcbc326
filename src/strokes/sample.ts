import type { Random } from '../random.ts'
import { CANVAS } from '../units.ts'
import type { Cubic } from './fit.ts'

/** How far each control point lies from the one before, at most half of this in x and in y: 0.05 of the canvas. */
const STEP = 0.05 * CANVAS
/** The lower, the more the points crowd where the map is highest. */
const TEMPERATURE = 0.3

/**
 * First placement as CLIPasso does it (Vinker et al. 2022): `count` starting points drawn without replacement from
 * softmax(map / 0.3) over the map's non-zero pixels, and three more points after each in small random steps.
 * `map` is [CANVAS·CANVAS], 0..1. The strokes are scribbles; the optimiser has to make something of them.
 */
export function sampleStrokes(map: Float32Array, count: number, random: Random): Cubic[] {
  const highest = map.reduce((a, b) => Math.max(a, b), 0)
  const weights = map.map((v) => (v > 0 ? Math.exp((v - highest) / TEMPERATURE) : 0))
  let total = weights.reduce((sum, w) => sum + w, 0)
  return Array.from({ length: count }, () => {
    let left = random() * total
    let pixel = weights.findIndex((w) => (left -= w) < 0 && w > 0)
    if (pixel < 0) pixel = weights.lastIndexOf(weights.reduce((a, b) => Math.max(a, b), 0))
    total -= weights[pixel]!
    weights[pixel] = 0
    return scribbleFrom((pixel % CANVAS) + 0.5, Math.floor(pixel / CANVAS) + 0.5, random)
  })
}

function scribbleFrom(x: number, y: number, random: Random): Cubic {
  const points = [x, y]
  for (let i = 0; i < 3; i++) {
    x += (random() - 0.5) * STEP
    y += (random() - 0.5) * STEP
    points.push(x, y)
  }
  return points as Cubic
}
