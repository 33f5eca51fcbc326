/**
 * How far cubics are from even arcs: the squared third difference of their control points over their squared length,
 * summed. It is nothing for straight lines and parabolas, and large for hooks, cusps and S-bends.
 * `points` holds x y of every control point; each number in `firsts` is the point at which one cubic begins.
 */
export function smoothness(points: Float32Array, firsts: readonly number[]): { loss: number; gradient: Float32Array } {
  const gradient = new Float32Array(points.length)
  let loss = 0
  for (const first of firsts) {
    const p = 2 * first
    const [ex, ey] = [points[p + 6]! - points[p]!, points[p + 7]! - points[p + 1]!]
    const length = ex * ex + ey * ey + SHORTEST ** 2
    const jx = ex - 3 * (points[p + 4]! - points[p + 2]!)
    const jy = ey - 3 * (points[p + 5]! - points[p + 3]!)
    const jerk = (jx * jx + jy * jy) / length
    loss += jerk
    for (const [axis, j, e] of [[0, jx, ex] as const, [1, jy, ey] as const]) {
      const ofJerk = (2 * j) / length
      const ofEnd = ofJerk - (2 * jerk * e) / length
      gradient[p + axis]! -= ofEnd
      gradient[p + 2 + axis]! += 3 * ofJerk
      gradient[p + 4 + axis]! -= 3 * ofJerk
      gradient[p + 6 + axis]! += ofEnd
    }
  }
  return { loss, gradient }
}

/** Units: keeps the measure finite for strokes that end where they begin. */
const SHORTEST = 12
