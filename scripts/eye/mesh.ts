import { add, cross, mix, scale, sub, times, unit, type Matrix3, type Vec3 } from './vector.ts'

/** A surface of triangles. Normals point outwards where the surface has an outside. */
export interface Mesh {
  /** [vertices, 3] */
  places: Float32Array
  /** [vertices, 3], of length 1. */
  normals: Float32Array
  /** [triangles, 3], numbers of vertices. */
  faces: Uint32Array
}

/** A surface over a grid of rows and columns. A ring's last column is its first. */
export function surface(rows: number, columns: number, ring: boolean, at: (row: number, column: number) => Vec3): Mesh {
  const places = new Float32Array(rows * columns * 3)
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) places.set(at(r, c), (r * columns + c) * 3)
  const faces: number[] = []
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + (ring ? 0 : 1) < columns; c++) {
      const d = (c + 1) % columns
      const [p, q, s, t] = [r * columns + c, r * columns + d, (r + 1) * columns + c, (r + 1) * columns + d]
      faces.push(p, s, q, q, s, t)
    }
  }
  return smooth(places, Uint32Array.from(faces))
}

/** Gives a surface the mean normals of the triangles that meet at each vertex. */
export function smooth(places: Float32Array, faces: Uint32Array): Mesh {
  const normals = new Float32Array(places.length)
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [faces[f]! * 3, faces[f + 1]! * 3, faces[f + 2]! * 3]
    const [ux, uy, uz] = [places[b]! - places[a]!, places[b + 1]! - places[a + 1]!, places[b + 2]! - places[a + 2]!]
    const [vx, vy, vz] = [places[c]! - places[a]!, places[c + 1]! - places[a + 1]!, places[c + 2]! - places[a + 2]!]
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
    for (const i of [a, b, c]) {
      normals[i]! += nx
      normals[i + 1]! += ny
      normals[i + 2]! += nz
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const l = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!) || 1
    for (let k = 0; k < 3; k++) normals[i + k]! /= l
  }
  return { places, normals, faces }
}

/** A ball stretched to half axes. */
export function ball(centre: Vec3, axes: Vec3, turned?: Matrix3, rows = 11, columns = 16): Mesh {
  return surface(rows, columns, true, (r, c) => {
    const [t, p] = [(Math.PI * Math.min(Math.max(r, 0.02), rows - 1.02)) / (rows - 1), (2 * Math.PI * c) / columns]
    const v: Vec3 = [axes[0] * Math.sin(t) * Math.cos(p), axes[1] * Math.cos(t), axes[2] * Math.sin(t) * Math.sin(p)]
    return add(centre, turned ? times(turned, v) : v)
  })
}

export interface TubeShape {
  columns?: number
  /** How much wider the section is across `side` than the radius. */
  width?: number
  /** Direction across which `width` is measured. */
  side?: Vec3
  /** Ends are round unless cut. */
  cut?: boolean
  /** Rings between two given points. */
  steps?: number
}

/** A smooth tube through points (Catmull and Rom's spline) with a radius at each. */
export function tube(path: readonly Vec3[], radii: readonly number[], shape: TubeShape = {}): Mesh {
  const { columns = 12, width = 1, cut = false, steps = path.length > 2 ? 4 : 1 } = shape
  const centres: Vec3[] = []
  const sizes: number[] = []
  for (let i = 0; i + 1 < path.length; i++) {
    for (let k = i === 0 ? 0 : 1; k <= steps; k++) {
      const t = k / steps
      centres.push(spline(path, i, t))
      const e = t * t * (3 - 2 * t)
      sizes.push(radii[i]! * (1 - e) + radii[i + 1]! * e)
    }
  }
  const count = centres.length
  const ahead = centres.map((_, i) => unit(sub(centres[Math.min(i + 1, count - 1)]!, centres[Math.max(i - 1, 0)]!)))
  let side = shape.side ?? (Math.abs(ahead[0]![1]) < 0.9 ? [0, 1, 0] : [1, 0, 0])
  const rings: { centre: Vec3; across: Vec3; up: Vec3; size: number }[] = []
  const ring = (i: number, shift: number, size: number): void => {
    const forward = ahead[i]!
    side = unit(sub(side, scale(forward, side[0] * forward[0] + side[1] * forward[1] + side[2] * forward[2])))
    rings.push({ centre: add(centres[i]!, scale(forward, shift)), across: side, up: cross(forward, side), size })
  }
  const cap = (i: number, sign: number): void => {
    const angles = sign < 0 ? [89, 60, 30] : [30, 60, 89]
    if (cut) ring(i, 0, sizes[i]! * 0.02)
    else for (const a of angles) ring(i, sign * sizes[i]! * Math.sin(a / 57.3), sizes[i]! * Math.cos(a / 57.3))
  }
  cap(0, -1)
  for (let i = 0; i < count; i++) ring(i, 0, sizes[i]!)
  cap(count - 1, 1)
  return surface(rings.length, columns, true, (r, c) => {
    const { centre, across, up, size } = rings[r]!
    const a = (2 * Math.PI * c) / columns
    return add(centre, add(scale(across, Math.cos(a) * size * width), scale(up, Math.sin(a) * size)))
  })
}

function spline(path: readonly Vec3[], i: number, t: number): Vec3 {
  const [b, c] = [path[i]!, path[i + 1]!]
  const [a, d] = [path[i - 1] ?? b, path[i + 2] ?? c]
  const value = (k: 0 | 1 | 2): number =>
    b[k] + 0.5 * t * (c[k] - a[k] + t * (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k] + t * (3 * (b[k] - c[k]) + d[k] - a[k])))
  return [value(0), value(1), value(2)]
}

/** A profile [radius, height] turned about the y axis. Ends that don't reach the axis stay open. */
export function turned(profile: readonly (readonly [number, number])[], columns = 28): Mesh {
  return surface(profile.length, columns, true, (r, c) => {
    const [radius, height] = profile[profile.length - 1 - r]!
    const a = (2 * Math.PI * c) / columns
    return [radius * Math.cos(a), height, radius * Math.sin(a)]
  })
}

/** A flat outline [x, y] made `depth` thick, half to each side of z = 0, with sharp edges. */
export function slab(outline: readonly (readonly [number, number])[], depth: number): Mesh {
  const n = outline.length
  const places: number[] = []
  const faces: number[] = []
  const area = outline.reduce((sum, [x, y], i) => sum + x * outline[(i + 1) % n]![1] - y * outline[(i + 1) % n]![0], 0)
  const points = area < 0 ? [...outline].reverse() : outline
  const triangles = ears(points)
  for (const z of [depth / 2, -depth / 2]) {
    const from = places.length / 3
    for (const [x, y] of points) places.push(x, y, z)
    for (const [a, b, c] of triangles) faces.push(from + a, from + (z > 0 ? b : c), from + (z > 0 ? c : b))
  }
  for (let i = 0; i < n; i++) {
    const [[x, y], [u, v]] = [points[i]!, points[(i + 1) % n]!]
    const from = places.length / 3
    places.push(x, y, depth / 2, x, y, -depth / 2, u, v, depth / 2, u, v, -depth / 2)
    faces.push(from, from + 1, from + 2, from + 2, from + 1, from + 3)
  }
  return smooth(Float32Array.from(places), Uint32Array.from(faces))
}

/** A box by its half sides, with sharp edges. */
export function box(centre: Vec3, half: Vec3, turnedBy?: Matrix3): Mesh {
  const [x, y, z] = half
  const mesh = slab(
    [
      [-x, -y],
      [x, -y],
      [x, y],
      [-x, y],
    ],
    2 * z,
  )
  return moved(mesh, centre, turnedBy)
}

/** Cuts a polygon that turns left into triangles, an ear at a time. */
function ears(points: readonly (readonly [number, number])[]): [number, number, number][] {
  const left = points.map((_, i) => i)
  const found: [number, number, number][] = []
  const turnOf = (a: number, b: number, c: number): number => {
    const [p, q, r] = [points[a]!, points[b]!, points[c]!]
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
  }
  while (left.length > 3) {
    const ear = left.findIndex((b, i) => {
      const [a, c] = [left[(i + left.length - 1) % left.length]!, left[(i + 1) % left.length]!]
      if (turnOf(a, b, c) <= 0) return false
      return !left.some(
        (p) => p !== a && p !== b && p !== c && turnOf(a, b, p) >= 0 && turnOf(b, c, p) >= 0 && turnOf(c, a, p) >= 0,
      )
    })
    const i = Math.max(ear, 0)
    found.push([left[(i + left.length - 1) % left.length]!, left[i]!, left[(i + 1) % left.length]!])
    left.splice(i, 1)
  }
  found.push([left[0]!, left[1]!, left[2]!])
  return found
}

/** A closed curve of points [x, y] through corners, `steps` to a corner. */
export function rounded(corners: readonly (readonly [number, number])[], steps = 5): [number, number][] {
  const path = [...corners.slice(-1), ...corners, ...corners.slice(0, 2)].map(([x, y]): Vec3 => [x, y, 0])
  return corners.flatMap((_, i) =>
    Array.from({ length: steps }, (_, k): [number, number] => {
      const [x, y] = spline(path, i + 1, k / steps)
      return [x, y]
    }),
  )
}

/** A thin sheet along x, as a leaf or feather: bent up by `bend`, folded along its middle by `fold`. */
export function leaf(long: number, wide: number, bend: number, fold: number, point = 1): Mesh {
  return surface(6, 3, false, (r, c) => {
    const t = r / 5
    const half = wide * Math.sin(Math.PI * t ** point) ** 0.8 * (c - 1)
    return [long * t, bend * long * t * t + fold * Math.abs(half), half + 1e-4 * (c - 1)]
  })
}

/** The mesh turned (and scaled) about the origin, then moved. */
export function moved(mesh: Mesh, by: Vec3, m?: Matrix3): Mesh {
  const places = new Float32Array(mesh.places.length)
  const normals = m ? new Float32Array(mesh.normals.length) : mesh.normals
  for (let i = 0; i < places.length; i += 3) {
    for (let k = 0; k < 3; k++) places[i + k] = turnedPlace(mesh.places, i, k, m) + by[k]!
    if (!m) continue
    const nx = turnedPlace(mesh.normals, i, 0, m)
    const ny = turnedPlace(mesh.normals, i, 1, m)
    const nz = turnedPlace(mesh.normals, i, 2, m)
    const l = 1 / (Math.sqrt(nx * nx + ny * ny + nz * nz) || 1)
    normals[i] = nx * l
    normals[i + 1] = ny * l
    normals[i + 2] = nz * l
  }
  return { places, normals, faces: mesh.faces }
}

/** A coordinate of the place that begins at a number of a list, turned. */
function turnedPlace(list: Float32Array, i: number, k: number, m: Matrix3 | undefined): number {
  if (!m) return list[i + k]!
  const row = m[k]!
  return row[0] * list[i]! + row[1] * list[i + 1]! + row[2] * list[i + 2]!
}

/** The mesh squeezed along z. */
export function flattened(mesh: Mesh, by: number): Mesh {
  return smooth(
    mesh.places.map((v, i) => (i % 3 === 2 ? v * by : v)),
    mesh.faces,
  )
}

/** The point at a share of the way through a list of points. */
export function along(path: readonly Vec3[], share: number): Vec3 {
  const at = Math.min(Math.max(share, 0), 1) * (path.length - 1)
  const i = Math.min(Math.floor(at), path.length - 2)
  return mix(path[i]!, path[i + 1]!, at - i)
}
