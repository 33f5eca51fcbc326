/**
 * Signed distance functions: a shape is a function (x, y, z) → how far that point lies outside it (negative inside),
 * never more than the true distance by much, so that a ray may step that far. Every shape carries a `bound` (see
 * `within`). Lengths are in scene units, y points up.
 */

const hypot = (x, y, z) => Math.sqrt(x * x + y * y + z * z)
const clamp = (x, low, high) => (x < low ? low : x > high ? high : x)

/** `shape` with a sphere [x, y, z, radius] that holds it, so that a union need not ask it from far off. */
const within = (bound, shape) => Object.assign(shape, { bound: Float64Array.from(bound) })

const outside = (bound, x, y, z) => hypot(x - bound[0], y - bound[1], z - bound[2]) - bound[3]

export function sphere([cx, cy, cz], radius) {
  return within([cx, cy, cz, radius], (x, y, z) => hypot(x - cx, y - cy, z - cz) - radius)
}

/** An ellipsoid; its distance is the usual first-order estimate, good near the surface. */
export function ellipsoid([cx, cy, cz], [rx, ry, rz]) {
  const smallest = Math.min(rx, ry, rz)
  return within([cx, cy, cz, Math.max(rx, ry, rz)], (x, y, z) => {
    const px = (x - cx) / rx
    const py = (y - cy) / ry
    const pz = (z - cz) / rz
    const reach = hypot(px, py, pz)
    const slope = hypot(px / rx, py / ry, pz / rz)
    return slope < 1e-9 ? -smallest : (reach * (reach - 1)) / slope
  })
}

/**
 * A round limb along a smooth curve: `knots` are [x, y, z, radius] and the curve passes through all of them.
 * The nearest of a few samples starts the search and Newton's method ends it, so that the surface has no facets.
 */
export function tube(knots) {
  const spans = Array.from({ length: knots.length - 1 }, (_, s) => spanOf(knots, s))
  const bound = boundOf(spans.flatMap((span) => span.samples))
  const gaps = new Float64Array(spans.length)
  return within(bound, (x, y, z) => {
    let first = 0
    for (let s = 0; s < spans.length; s++) {
      gaps[s] = outside(spans[s].bound, x, y, z)
      if (gaps[s] < gaps[first]) first = s
    }
    let nearest = spans[first].gap(x, y, z)
    for (let s = 0; s < spans.length; s++) {
      if (s !== first && gaps[s] < nearest) nearest = Math.min(nearest, spans[s].gap(x, y, z))
    }
    return nearest
  })
}

const SAMPLES = 4

/** The Catmull-Rom curve between knot `s` and the next: samples along it, a sphere around it, and the distance to it. */
function spanOf(knots, s) {
  const c = Float64Array.from(cubicOf(knots, s))
  const value = (k, t) => c[k] + t * (c[k + 1] + t * (c[k + 2] + t * c[k + 3]))
  const samples = Array.from({ length: SAMPLES + 1 }, (_, i) => [0, 4, 8, 12].map((k) => value(k, i / SAMPLES)))
  const table = Float64Array.from(samples.flat())
  const gap = (x, y, z) => {
    let t = 0
    let best = Infinity
    for (let i = 0; i <= SAMPLES; i++) {
      const j = i * 4
      const g = hypot(x - table[j], y - table[j + 1], z - table[j + 2]) - table[j + 3]
      if (g < best) {
        best = g
        t = i / SAMPLES
      }
    }
    for (let turn = 0; turn < 2; turn++) t = clamp(t + newtonStep(c, t, x, y, z), 0, 1)
    return hypot(x - value(0, t), y - value(4, t), z - value(8, t)) - value(12, t)
  }
  return { samples, bound: boundOf(samples), gap }
}

/** One step towards the t at which distance to the curve less its radius is least; `c` holds the span's four cubics. */
function newtonStep(c, t, x, y, z) {
  let slope = 0
  let speed = 0
  let bend = 0
  let square = 0
  for (let k = 0; k < 12; k += 4) {
    const away = (k === 0 ? x : k === 4 ? y : z) - c[k] - t * (c[k + 1] + t * (c[k + 2] + t * c[k + 3]))
    const first = c[k + 1] + t * (2 * c[k + 2] + t * 3 * c[k + 3])
    slope += away * first
    speed += first * first
    bend += away * (2 * c[k + 2] + 6 * t * c[k + 3])
    square += away * away
  }
  const widening = c[13] + t * (2 * c[14] + t * 3 * c[15])
  const downhill = slope + widening * Math.sqrt(square)
  const curvature = speed - bend
  return clamp(curvature > 1e-9 ? downhill / curvature : downhill, -1 / SAMPLES, 1 / SAMPLES)
}

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

/** A sphere [x, y, z, radius] around samples of [x, y, z, radius] of a curve, with a little slack for what lies between. */
function boundOf(samples) {
  const centre = [0, 1, 2].map((k) => {
    const values = samples.map((sample) => sample[k])
    return (Math.min(...values) + Math.max(...values)) / 2
  })
  const reach = samples.map(([x, y, z, r]) => hypot(x - centre[0], y - centre[1], z - centre[2]) + r)
  return Float64Array.of(...centre, Math.max(...reach) * 1.02)
}

/** A straight round stick from `a` to `b`. */
export function stick([ax, ay, az], [bx, by, bz], radius) {
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az]
  const square = dx * dx + dy * dy + dz * dz
  const bound = [ax + dx / 2, ay + dy / 2, az + dz / 2, Math.sqrt(square) / 2 + radius]
  return within(bound, (x, y, z) => {
    const t = clamp(((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / square, 0, 1)
    return hypot(x - ax - t * dx, y - ay - t * dy, z - az - t * dz) - radius
  })
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
  const [widest, low, high] = [
    Math.max(...profile.map(([r]) => r)),
    Math.min(...profile.map(([, h]) => h)),
    Math.max(...profile.map(([, h]) => h)),
  ]
  const cells = new Map()
  const bound = [cx, (low + high) / 2, cz, hypot(widest, (high - low) / 2, 0) + round]
  return within(bound, (x, y, z) => {
    const px = Math.sqrt((x - cx) ** 2 + (z - cz) ** 2)
    const [i, j] = [Math.floor(px / CELL), Math.floor(y / CELL)]
    const key = i * 4096 + j
    let cell = cells.get(key)
    if (!cell) cells.set(key, (cell = cellOf(edges, (i + 0.5) * CELL, (j + 0.5) * CELL)))
    const nearest = Math.sqrt(squareToEdges(cell.edges, px, y))
    return ((cell.inside ?? insideOf(cell.level, px, y)) ? -nearest : nearest) - round
  })
}

/** Outlines are looked up in square cells of this side, made when first asked for. */
const CELL = 0.05

/**
 * The edges that may be nearest to some point of a cell around (x, y), whether all of it lies inside, and, where that is
 * undecided, the edges on a level with it.
 */
function cellOf(edges, x, y) {
  const gaps = edges.map((edge) => Math.sqrt(squareToEdges(edge, x, y)))
  const nearest = Math.min(...gaps)
  const diagonal = CELL * Math.SQRT2
  return {
    edges: Float64Array.from(edges.filter((_, i) => gaps[i] <= nearest + diagonal).flat()),
    inside: nearest > diagonal / 2 ? insideOf(edges, x, y) : undefined,
    level: edges.filter(([, ay, , ey]) => Math.abs(ay + ey / 2 - y) <= (CELL + Math.abs(ey)) / 2),
  }
}

function squareToEdges(edges, x, y) {
  let nearest = Infinity
  for (let i = 0; i < edges.length; i += 4) {
    const dx = x - edges[i]
    const dy = y - edges[i + 1]
    const ex = edges[i + 2]
    const ey = edges[i + 3]
    const t = clamp((dx * ex + dy * ey) / (ex * ex + ey * ey), 0, 1)
    const square = (dx - t * ex) ** 2 + (dy - t * ey) ** 2
    if (square < nearest) nearest = square
  }
  return nearest
}

function insideOf(edges, x, y) {
  let inside = false
  for (const [ax, ay, ex, ey] of edges) if (ay > y !== ay + ey > y && x < (ex * (y - ay)) / ey + ax) inside = !inside
  return inside
}

/** Points of a smooth curve through `knots` of [radius, height]: an outline for `turned` that shows no corners. */
export function smooth(knots, perSpan = 16) {
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
  const bounds = shapes.map((shape) => shape.bound)
  return within(around(bounds), (x, y, z) => {
    let nearest = Infinity
    for (let i = 0; i < shapes.length; i++) {
      if (outside(bounds[i], x, y, z) < nearest) nearest = Math.min(nearest, shapes[i](x, y, z))
    }
    return nearest
  })
}

/** A union whose seams are filled over a length of about `k`: flesh rather than sticks. */
export function blend(k, ...shapes) {
  const bounds = shapes.map((shape) => shape.bound)
  const [x0, y0, z0, radius] = around(bounds)
  return within([x0, y0, z0, radius + k / 4], (x, y, z) => {
    let d = Infinity
    for (let i = 0; i < shapes.length; i++) {
      if (outside(bounds[i], x, y, z) >= d + k) continue
      const other = shapes[i](x, y, z)
      const near = Math.max(k - Math.abs(d - other), 0) / k
      d = Math.min(d, other) - (near * near * k) / 4
    }
    return d
  })
}

/** A sphere that holds all of `bounds`. */
function around(bounds) {
  const centre = [0, 1, 2].map((k) => bounds.reduce((sum, bound) => sum + bound[k], 0) / bounds.length)
  return [...centre, Math.max(...bounds.map((b) => hypot(b[0] - centre[0], b[1] - centre[1], b[2] - centre[2]) + b[3]))]
}

/** `shape` without `tool`, the cut's edge rounded over `k`. */
export function carve(k, shape, tool) {
  return within(shape.bound, (x, y, z) => {
    const a = shape(x, y, z)
    const b = -tool(x, y, z)
    const near = Math.max(k - Math.abs(a - b), 0) / k
    return Math.max(a, b) + (near * near * k) / 4
  })
}

/** The shape and its mirror image across the plane z = 0. */
export function mirrored(shape) {
  const [cx, cy, cz, radius] = shape.bound
  return within([cx, cy, 0, radius + Math.abs(cz)], (x, y, z) => shape(x, y, Math.abs(z)))
}

/** The shape turned by `angle` radians about the line through `centre` along an axis: 0 is x, 1 is y, 2 is z. */
export function rotated(axis, angle, centre, shape) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const [i, j] = [(axis + 1) % 3, (axis + 2) % 3]
  const p = [0, 0, 0]
  const [bx, by, bz, radius] = shape.bound
  const reach = radius + hypot(bx - centre[0], by - centre[1], bz - centre[2])
  return within([...centre, reach], (x, y, z) => {
    p[0] = x - centre[0]
    p[1] = y - centre[1]
    p[2] = z - centre[2]
    const [u, v] = [p[i], p[j]]
    p[i] = c * u + s * v
    p[j] = c * v - s * u
    return shape(p[0] + centre[0], p[1] + centre[1], p[2] + centre[2])
  })
}

/** The shape flattened to `factor` of its size along z, about the plane z = `at`. */
export function flattened(factor, at, shape) {
  const [cx, cy, cz, radius] = shape.bound
  const bound = [cx, cy, at + (cz - at) * factor, radius * Math.max(factor, 1)]
  return within(bound, (x, y, z) => shape(x, y, at + (z - at) / factor) * Math.min(factor, 1))
}
