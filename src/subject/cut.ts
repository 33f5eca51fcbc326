import type { Grid } from './grid.ts'

/** The step sizes with which the iteration is known to converge on a grid. */
const STEP = 1 / Math.sqrt(8)

/**
 * A minimum cut without a graph: the u in 0..1 that minimises Σ cost·u + Σ edge·|∇u|, by the primal-dual iteration
 * of Chambolle and Pock (2011). Where u is thresholded it is a minimal cut (Chan, Esedoglu and Nikolova 2006).
 * `cost` is negative where a pixel wants to be 1; `edge` is what a border there costs per length.
 */
export function minimumCut(
  cost: Float32Array,
  edge: Float32Array,
  start: Float32Array,
  grid: Grid,
  iterations: number,
) {
  const { width, height } = grid
  const u = Float32Array.from(start)
  const ahead = Float32Array.from(start)
  const px = new Float32Array(u.length)
  const py = new Float32Array(u.length)
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const here = ahead[i]!
        const qx = x + 1 < width ? px[i]! + STEP * (ahead[i + 1]! - here) : 0
        const qy = y + 1 < height ? py[i]! + STEP * (ahead[i + width]! - here) : 0
        const norm = Math.sqrt(qx * qx + qy * qy)
        const shrink = norm > edge[i]! ? edge[i]! / norm : 1
        px[i] = qx * shrink
        py[i] = qy * shrink
      }
    }
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const divergence = px[i]! - (x > 0 ? px[i - 1]! : 0) + py[i]! - (y > 0 ? py[i - width]! : 0)
        const next = Math.min(1, Math.max(0, u[i]! + STEP * (divergence - cost[i]!)))
        ahead[i] = 2 * next - u[i]!
        u[i] = next
      }
    }
  }
  return u
}
