/**
 * Signed distance functions: a shape is a function (x, y, z) → how far that point lies outside it (negative inside),
 * never more than the true distance by much, so that a ray may step that far. Lengths are in scene units, y points up.
 */

const hypot = (x, y, z) => Math.sqrt(x * x + y * y + z * z)
const clamp = (x, low, high) => (x < low ? low : x > high ? high : x)

export function sphere([cx, cy, cz], radius) {
  return (x, y, z) => hypot(x - cx, y - cy, z - cz) - radius
}

/** An ellipsoid; its distance is the usual first-order estimate, good near the surface. */
export function ellipsoid([cx, cy, cz], [rx, ry, rz]) {
  const smallest = Math.min(rx, ry, rz)
  return (x, y, z) => {
    const [px, py, pz] = [(x - cx) / rx, (y - cy) / ry, (z - cz) / rz]
    const reach = hypot(px, py, pz)
    const slope = hypot(px / rx, py / ry, pz / rz)
    return slope < 1e-9 ? -smallest : (reach * (reach - 1)) / slope
  }
}

/** A box of half sides `half` with edges rounded by `round`. */
export function box([cx, cy, cz], [hx, hy, hz], round = 0) {
  return (x, y, z) => {
    const qx = Math.abs(x - cx) - hx + round
    const qy = Math.abs(y - cy) - hy + round
    const qz = Math.abs(z - cz) - hz + round
    const outside = hypot(Math.max(qx, 0), Math.max(qy, 0), Math.max(qz, 0))
    return outside + Math.min(Math.max(qx, qy, qz), 0) - round
  }
}

/**
 * A round limb along a smooth curve: `knots` are [x, y, z, radius] and the curve passes through all of them.
 * The nearest of many samples starts the search, a parabola through its neighbours tells how far along the curve the
 * nearest point lies, and the curve itself is asked there, so that the surface has no facets.
 */
export function tube(knots, samplesPerSpan = 8) {
  const spans = knots.length - 1
  const table = new Float64Array((spans * samplesPerSpan + 1) * 4)
  for (let i = 0; i < table.length / 4; i++) table.set(onSpline(knots, i / samplesPerSpan), i * 4)
  const bound = boundOf(table)
  const spanBounds = Array.from({ length: spans }, (_, s) =>
    boundOf(table.subarray(s * samplesPerSpan * 4, ((s + 1) * samplesPerSpan + 1) * 4)),
  )
  const cubics = Float64Array.from(Array.from({ length: spans }, (_, s) => cubicOf(knots, s)).flat())
  return (x, y, z) => {
    const far = outside(bound, x, y, z)
    if (far > MARGIN) return far
    let best = 0
    let bestGap = Infinity
    for (let s = 0; s < spans; s++) {
      if (outside(spanBounds[s], x, y, z) > bestGap) continue
      for (let i = s * samplesPerSpan * 4, n = 0; n <= samplesPerSpan; i += 4, n++) {
        const g = hypot(x - table[i], y - table[i + 1], z - table[i + 2]) - table[i + 3]
        if (g < bestGap) {
          best = i
          bestGap = g
        }
      }
    }
    const middle = Math.min(Math.max(best, 4), table.length - 8)
    const along = (middle / 4 + nearestShift(table, middle, x, y, z)) / samplesPerSpan
    const s = Math.min(Math.floor(along), spans - 1)
    const f = along - s
    const at = (k) => {
      const c = s * 16 + k * 4
      return cubics[c] + f * (cubics[c + 1] + f * (cubics[c + 2] + f * cubics[c + 3]))
    }
    return hypot(x - at(0), y - at(1), z - at(2)) - at(3)
  }
}

/** Nearer than this the true distance is given, not that to a bounding sphere: seams and half shadows need it. */
const MARGIN = 0.8

const outside = (bound, x, y, z) => hypot(x - bound[0], y - bound[1], z - bound[2]) - bound[3]

/** The Catmull-Rom curve through `knots` between knot `s` and the next: four coefficients for each of their numbers. */
function cubicOf(knots, s) {
  const b = knots[s]
  const c = knots[s + 1]
  const a = knots[s - 1] ?? b.map((v, k) => 2 * v - c[k])
  const d = knots[s + 2] ?? c.map((v, k) => 2 * v - b[k])
  return b.flatMap((v, k) => [
    v,
    (c[k] - a[k]) / 2,
    (2 * a[k] - 5 * v + 4 * c[k] - d[k]) / 2,
    (3 * (v - c[k]) + d[k] - a[k]) / 2,
  ])
}

/** A point of that curve, t = 0..knots.length − 1. */
function onSpline(knots, t) {
  const s = Math.min(Math.floor(t), knots.length - 2)
  const f = t - s
  const c = cubicOf(knots, s)
  return knots[s].map((_, k) => c[4 * k] + f * (c[4 * k + 1] + f * (c[4 * k + 2] + f * c[4 * k + 3])))
}

/** A sphere [x, y, z, radius] around all samples and their radii. */
function boundOf(table) {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < table.length; i += 4) {
    for (let k = 0; k < 3; k++) {
      low[k] = Math.min(low[k], table[i + k])
      high[k] = Math.max(high[k], table[i + k])
    }
  }
  const [cx, cy, cz] = low.map((v, k) => (v + high[k]) / 2)
  let radius = 0
  for (let i = 0; i < table.length; i += 4) {
    radius = Math.max(radius, hypot(table[i] - cx, table[i + 1] - cy, table[i + 2] - cz) + table[i + 3])
  }
  return [cx, cy, cz, radius]
}

/**
 * Where the surface is nearest, in samples from index `m`: the lowest point of the parabola through the squared
 * distances, moved on by how fast the limb widens.
 */
function nearestShift(table, m, x, y, z) {
  const squareTo = (i) => (x - table[i]) ** 2 + (y - table[i + 1]) ** 2 + (z - table[i + 2]) ** 2
  const [before, here, after] = [squareTo(m - 4), squareTo(m), squareTo(m + 4)]
  const bend = before - 2 * here + after
  if (bend <= 0) return before < after ? -1 : 1
  const widening = (table[m + 7] - table[m - 1]) / 2
  return clamp((before - after) / (2 * bend) + (widening * 2 * Math.sqrt(here)) / bend, -1, 1)
}

/** A straight round stick from `a` to `b`. */
export function stick([ax, ay, az], [bx, by, bz], radius) {
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az]
  const square = dx * dx + dy * dy + dz * dz
  return (x, y, z) => {
    const t = clamp(((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / square, 0, 1)
    return hypot(x - ax - t * dx, y - ay - t * dy, z - az - t * dz) - radius
  }
}

/**
 * A body thrown on a wheel: the closed outline `profile` of [radius, height] turned about the vertical axis through
 * (cx, cz), its edges rounded by `round`. The profile runs once round the solid part in either sense.
 */
export function turned([cx, cz], profile, round = 0) {
  const edges = profile.map(([bx, by], i) => {
    const [ax, ay] = profile.at(i - 1)
    return [ax, ay, bx - ax, by - ay]
  })
  const runs = []
  for (let i = 0; i < edges.length; i += RUN) runs.push(runOf(edges.slice(i, i + RUN)))
  return (x, y, z) => {
    const px = Math.sqrt((x - cx) ** 2 + (z - cz) ** 2)
    let nearest = Infinity
    let inside = false
    for (const run of runs) {
      const near = Math.sqrt((px - run.x) ** 2 + (y - run.y) ** 2) - run.radius < nearest
      const level = y >= run.low && y <= run.high
      if (!near && !level) continue
      for (let i = 0; i < run.edges.length; i += 4) {
        const [ax, ay, ex, ey] = [run.edges[i], run.edges[i + 1], run.edges[i + 2], run.edges[i + 3]]
        if (level && ay > y !== ay + ey > y && px < (ex * (y - ay)) / ey + ax) inside = !inside
        if (!near) continue
        const t = clamp(((px - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey), 0, 1)
        const gap = Math.sqrt((px - ax - t * ex) ** 2 + (y - ay - t * ey) ** 2)
        if (gap < nearest) nearest = gap
      }
    }
    return (inside ? -nearest : nearest) - round
  }
}

/** How many edges of an outline share one bounding circle. */
const RUN = 12

function runOf(edges) {
  const points = edges.flatMap(([x, y, dx, dy]) => [
    [x, y],
    [x + dx, y + dy],
  ])
  const heights = points.map(([, y]) => y)
  const radii = points.map(([x]) => x)
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  const [x, y] = [(Math.min(...radii) + Math.max(...radii)) / 2, (low + high) / 2]
  const radius = Math.max(...points.map((p) => Math.hypot(p[0] - x, p[1] - y)))
  return { x, y, radius, low, high, edges: Float64Array.from(edges.flat()) }
}

/** Points of a smooth curve through `knots` of [radius, height]: an outline for `turned` that shows no corners. */
export function smooth(knots, perSpan = 24) {
  const points = []
  for (let i = 0; i <= (knots.length - 1) * perSpan; i++) points.push(onSpline(knots, i / perSpan))
  return points
}

/** A thin-walled vessel: the curve `outer` of [radius, height] thickened inwards by `wall`, as an outline for `turned`. */
export function vessel(outer, wall) {
  const inner = outer.map(([r, h]) => [Math.max(r - wall, 0.001), Math.max(h, outer[0][1] + wall)])
  return [[0, outer[0][1]], ...outer, ...inner.reverse(), [0, outer[0][1] + wall]]
}

export function union(...shapes) {
  return (x, y, z) => {
    let nearest = Infinity
    for (const shape of shapes) nearest = Math.min(nearest, shape(x, y, z))
    return nearest
  }
}

/** A union whose seams are filled over a length of about `k`: flesh rather than sticks. */
export function blend(k, ...shapes) {
  return (x, y, z) => {
    let d = shapes[0](x, y, z)
    for (let i = 1; i < shapes.length; i++) {
      const other = shapes[i](x, y, z)
      const near = Math.max(k - Math.abs(d - other), 0) / k
      d = Math.min(d, other) - (near * near * k) / 4
    }
    return d
  }
}

/** `shape` without `tool`, the cut's edge rounded over `k`. */
export function carve(k, shape, tool) {
  return (x, y, z) => {
    const [a, b] = [shape(x, y, z), -tool(x, y, z)]
    const near = Math.max(k - Math.abs(a - b), 0) / k
    return Math.max(a, b) + (near * near * k) / 4
  }
}

/** The shape and its mirror image across the plane z = 0. */
export function mirrored(shape) {
  return (x, y, z) => shape(x, y, Math.abs(z))
}

/** The shape turned by `angle` radians about the line through `centre` along an axis: 0 is x, 1 is y, 2 is z. */
export function rotated(axis, angle, centre, shape) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const [i, j] = [(axis + 1) % 3, (axis + 2) % 3]
  const p = [0, 0, 0]
  return (x, y, z) => {
    p[0] = x - centre[0]
    p[1] = y - centre[1]
    p[2] = z - centre[2]
    const [u, v] = [p[i], p[j]]
    p[i] = c * u + s * v
    p[j] = c * v - s * u
    return shape(p[0] + centre[0], p[1] + centre[1], p[2] + centre[2])
  }
}

/** The shape flattened to `factor` of its size along z, about the plane z = `at`. */
export function flattened(factor, at, shape) {
  return (x, y, z) => shape(x, y, at + (z - at) / factor) * Math.min(factor, 1)
}
