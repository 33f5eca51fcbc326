import { smooth, type Mesh } from './mesh.ts'
import type { Vec3 } from './vector.ts'

/** A limb: a line between two points that is so thick at its ends. */
export interface Limb {
  from: Vec3
  to: Vec3
  radii: readonly [number, number]
}

/**
 * One skin around limbs that grow into one another, as bodies do: within `blend` of each other their surfaces are one.
 * Limbs thinner than two cells get lost; there are `cells` along the longest side. (Surface nets, Gibson 1998.)
 */
export function soft(limbs: readonly Limb[], blend: number, cells = 52): Mesh {
  const low = [0, 1, 2].map((k) =>
    Math.min(...limbs.map(({ from, to, radii }) => Math.min(from[k]! - radii[0], to[k]! - radii[1]))),
  ) as [number, number, number]
  const high = [0, 1, 2].map((k) =>
    Math.max(...limbs.map(({ from, to, radii }) => Math.max(from[k]! + radii[0], to[k]! + radii[1]))),
  ) as [number, number, number]
  const step = Math.max(...high.map((h, k) => h - low[k]!)) / cells
  for (const k of [0, 1, 2] as const) low[k] -= 2 * step
  const [nx, ny, nz] = high.map((h, k) => Math.ceil((h - low[k]!) / step) + 3) as [number, number, number]
  const field = new Float32Array(nx * ny * nz).fill(1)
  for (const limb of limbs) join(field, [nx, ny, nz], low, step, limb, blend)

  const numbers = new Int32Array(field.length).fill(-1)
  const places: number[] = []
  const corners = [0, 1, nx, nx + 1, nx * ny, nx * ny + 1, nx * ny + nx, nx * ny + nx + 1]
  // Both ends of each of the twelve edges of a cell.
  const ends = Uint8Array.from(
    corners.flatMap((_, a) => [1, 2, 4].filter((bit) => !(a & bit)).flatMap((bit) => [a, a | bit])),
  )
  for (let z = 0; z + 1 < nz; z++) {
    for (let y = 0; y + 1 < ny; y++) {
      for (let x = 0; x + 1 < nx; x++) {
        const i = (z * ny + y) * nx + x
        let inside = 0
        for (let c = 0; c < 8; c++) if (field[i + corners[c]!]! < 0) inside++
        if (inside === 0 || inside === 8) continue
        let count = 0
        let sx = 0
        let sy = 0
        let sz = 0
        for (let e = 0; e < ends.length; e += 2) {
          const a = ends[e]!
          const b = ends[e + 1]!
          const p = field[i + corners[a]!]!
          const q = field[i + corners[b]!]!
          if (p < 0 === q < 0) continue
          const t = p / (p - q)
          sx += (a & 1) + t * ((b & 1) - (a & 1))
          sy += ((a >> 1) & 1) + t * (((b >> 1) & 1) - ((a >> 1) & 1))
          sz += (a >> 2) + t * ((b >> 2) - (a >> 2))
          count++
        }
        numbers[i] = places.length / 3
        places.push(
          low[0] + step * (x + sx / count),
          low[1] + step * (y + sy / count),
          low[2] + step * (z + sz / count),
        )
      }
    }
  }
  const faces: number[] = []
  const strides = [1, nx, nx * ny]
  for (let i = nx * ny + nx + 1; i < field.length - 1; i++) {
    for (let d = 0; d < 3; d++) {
      const stride = strides[d]!
      if (i + stride >= field.length || field[i]! < 0 === field[i + stride]! < 0) continue
      // The four cells around an edge that goes through the surface.
      const [u, v] = [strides[(d + 1) % 3]!, strides[(d + 2) % 3]!]
      const quad = [numbers[i]!, numbers[i - u]!, numbers[i - u - v]!, numbers[i - v]!] as const
      if (quad.some((n) => n < 0)) continue
      const [a, b, c, e] = field[i]! < 0 ? quad : ([quad[3], quad[2], quad[1], quad[0]] as const)
      faces.push(a, b, c, a, c, e)
    }
  }
  return smooth(Float32Array.from(places), Uint32Array.from(faces))
}

/** Joins a limb to a field of distances, which are below 0 inside, smoothly (Quílez's polynomial minimum). */
function join(
  field: Float32Array,
  [nx, ny, nz]: Vec3,
  low: Vec3,
  step: number,
  { from, to, radii }: Limb,
  blend: number,
): void {
  const reach = Math.max(...radii) + blend + step
  const first = (k: 0 | 1 | 2): number => Math.max(0, Math.floor((Math.min(from[k], to[k]) - reach - low[k]) / step))
  const last = (k: 0 | 1 | 2, n: number): number =>
    Math.min(n - 1, Math.ceil((Math.max(from[k], to[k]) + reach - low[k]) / step))
  const [dx, dy, dz] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
  const square = dx * dx + dy * dy + dz * dz || 1e-9
  const [x0, x1, y0, y1, z0, z1] = [first(0), last(0, nx), first(1), last(1, ny), first(2), last(2, nz)]
  for (let z = z0; z <= z1; z++) {
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const px = low[0] + step * x - from[0]
        const py = low[1] + step * y - from[1]
        const pz = low[2] + step * z - from[2]
        const t = Math.min(Math.max((px * dx + py * dy + pz * dz) / square, 0), 1)
        const ex = px - t * dx
        const ey = py - t * dy
        const ez = pz - t * dz
        const distance = Math.sqrt(ex * ex + ey * ey + ez * ez) - radii[0] - t * (radii[1] - radii[0])
        const i = (z * ny + y) * nx + x
        const other = field[i]!
        const h = Math.max(blend - Math.abs(distance - other), 0) / blend
        field[i] = Math.min(distance, other) - (h * h * blend) / 4
      }
    }
  }
}
