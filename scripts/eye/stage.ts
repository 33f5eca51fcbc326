/**
 * Solids in the world, seen by a camera: each sample of the picture learns which triangle it sees and how far away.
 */
import type { Mesh } from './mesh.ts'
import type { Skin } from './skins.ts'
import type { Matrix3, Vec3 } from './vector.ts'

export interface Material {
  skin: Skin
  /** How strong highlights are, 0 to 1, and how sharp. */
  gloss: number
  power: number
  /** How much of the surroundings it mirrors, 0 to 1. */
  mirror: number
}

/** `figure`: what the photo is of; `far`: whole things behind it; `clutter`: what nobody would draw. */
export type Role = 'figure' | 'far' | 'clutter'

/** A mesh of one material, somewhere in the world. */
export interface Piece {
  mesh: Mesh
  /** How it is turned and scaled, then moved. `size` is the scale alone. */
  matrix: Matrix3
  size: number
  offset: Vec3
  /** Which thing it belongs to. */
  object: number
  slot: number
  material: Material
  role: Role
}

/** All triangles of some pieces in world coordinates. */
export interface Solid {
  pieces: readonly Piece[]
  /** [vertices, 3]: in the world, on the mesh itself, and normals in the world. */
  world: Float32Array
  local: Float32Array
  normals: Float32Array
  /** [triangles, 3], and the piece of each. */
  faces: Uint32Array
  owner: Uint16Array
}

export function solidOf(pieces: readonly Piece[]): Solid {
  const vertices = pieces.reduce((sum, { mesh }) => sum + mesh.places.length, 0)
  const corners = pieces.reduce((sum, { mesh }) => sum + mesh.faces.length, 0)
  const [world, local, normals] = [new Float32Array(vertices), new Float32Array(vertices), new Float32Array(vertices)]
  const [faces, owner] = [new Uint32Array(corners), new Uint16Array(corners / 3)]
  let [v, f] = [0, 0]
  pieces.forEach(({ mesh, matrix, offset, size }, p) => {
    const { places, normals: n } = mesh
    local.set(places, v)
    for (let i = 0; i < places.length; i += 3) {
      for (let k = 0; k < 3; k++) {
        const row = matrix[k]!
        world[v + i + k] = row[0] * places[i]! + row[1] * places[i + 1]! + row[2] * places[i + 2]! + offset[k]!
        normals[v + i + k] = (row[0] * n[i]! + row[1] * n[i + 1]! + row[2] * n[i + 2]!) / size
      }
    }
    for (let i = 0; i < mesh.faces.length; i++) faces[f + i] = mesh.faces[i]! + v / 3
    owner.fill(p, f / 3, (f + mesh.faces.length) / 3)
    v += places.length
    f += mesh.faces.length
  })
  return { pieces, world, local, normals, faces, owner }
}

/** Sees the world in perspective: a place at depth z is shown at (x · focal / z + cx, cy − y · focal / z). */
export interface Camera {
  eye: Vec3
  right: Vec3
  up: Vec3
  ahead: Vec3
  focal: number
  cx: number
  cy: number
}

/** Vertices on a picture: [vertices, 2] places, and keys that are larger the nearer and change evenly across it. */
export interface Projected {
  places: Float32Array
  keys: Float32Array
}

const NEAREST = 0.05

export function project({ world }: Solid, { eye, right, up, ahead, focal, cx, cy }: Camera): Projected {
  const count = world.length / 3
  const [places, keys] = [new Float32Array(2 * count), new Float32Array(count)]
  for (let i = 0; i < count; i++) {
    const dx = world[3 * i]! - eye[0]
    const dy = world[3 * i + 1]! - eye[1]
    const dz = world[3 * i + 2]! - eye[2]
    const z = dx * ahead[0] + dy * ahead[1] + dz * ahead[2]
    // What lies behind the camera is left out.
    keys[i] = z > NEAREST ? 1 / z : NaN
    places[2 * i] = cx + (focal * (dx * right[0] + dy * right[1] + dz * right[2])) / z
    places[2 * i + 1] = cy - (focal * (dx * up[0] + dy * up[1] + dz * up[2])) / z
  }
  return { places, keys }
}

/** What each sample sees: a triangle, or -1, and its key, or 0. */
export interface Hits {
  side: number
  face: Int32Array
  key: Float32Array
}

export function rasterise({ faces }: Solid, { places, keys }: Projected, side: number): Hits {
  const face = new Int32Array(side * side).fill(-1)
  const key = new Float32Array(side * side)
  for (let f = 0; f < faces.length; f += 3) {
    const a = faces[f]!
    const b = faces[f + 1]!
    const c = faces[f + 2]!
    const ax = places[2 * a]!
    const ay = places[2 * a + 1]!
    const bx = places[2 * b]!
    const by = places[2 * b + 1]!
    const cx = places[2 * c]!
    const cy = places[2 * c + 1]!
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5))
    const x1 = Math.min(side - 1, Math.floor(Math.max(ax, bx, cx) - 0.5))
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5))
    const y1 = Math.min(side - 1, Math.floor(Math.max(ay, by, cy) - 0.5))
    // A triangle with a corner behind the camera has no number here, and is left out.
    if (!(x0 <= x1 && y0 <= y1 && keys[a]! + keys[b]! + keys[c]! > 0)) continue
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if (Math.abs(area) < 1e-9) continue
    // Shares of the three corners change evenly along rows and columns, and so do keys.
    const ux = (by - cy) / area
    const uy = (cx - bx) / area
    const vx = (cy - ay) / area
    const vy = (ax - cx) / area
    const kx = ux * (keys[a]! - keys[c]!) + vx * (keys[b]! - keys[c]!)
    for (let y = y0; y <= y1; y++) {
      let u = (x0 + 0.5 - cx) * ux + (y + 0.5 - cy) * uy
      let v = (x0 + 0.5 - cx) * vx + (y + 0.5 - cy) * vy
      let k = keys[c]! + u * (keys[a]! - keys[c]!) + v * (keys[b]! - keys[c]!)
      const end = y * side + x1
      let inside = false
      for (let i = y * side + x0; i <= end; i++) {
        if (u >= -1e-6 && v >= -1e-6 && u + v <= 1.000001) {
          inside = true
          if (k > key[i]!) {
            key[i] = k
            face[i] = f / 3
          }
        } else if (inside) break
        u += ux
        v += vx
        k += kx
      }
    }
  }
  return { side, face, key }
}

/** What each sample of a picture is of. Planes of side². */
export class Layer {
  readonly side: number
  /** Nearness, 1 / depth; 0 is infinitely far. */
  readonly key: Float32Array
  /** The piece seen, or below 0: -1 nothing, less: regions of the backdrop. */
  readonly piece: Int32Array
  /** [side, side, 3] */
  readonly normal: Float32Array
  readonly world: Float32Array
  /** Colour, linear; of the surface first, of its light later. */
  readonly colour: Float32Array
  /** Relief of the skin, in units of the world. */
  readonly relief: Float32Array

  constructor(side: number) {
    const area = side * side
    this.side = side
    this.key = new Float32Array(area)
    this.piece = new Int32Array(area).fill(-1)
    this.normal = new Float32Array(3 * area)
    this.world = new Float32Array(3 * area)
    this.colour = new Float32Array(3 * area)
    this.relief = new Float32Array(area)
  }
}

/** Draws a solid over what a layer shows, where it is nearer. */
export function draw(layer: Layer, solid: Solid, camera: Camera): void {
  const projected = project(solid, camera)
  const { face, key } = rasterise(solid, projected, layer.side)
  const { faces, owner, pieces, world, local, normals } = solid
  const { places, keys } = projected
  const [ex, ey, ez] = camera.eye
  const spot = { r: 0, g: 0, b: 0, height: 0 }
  let [a, b, c, u, v, w] = [0, 0, 0, 0, 0, 0]
  const blend = (of: Float32Array, d: number): number => u * of[a + d]! + v * of[b + d]! + w * of[c + d]!
  for (let i = 0; i < face.length; i++) {
    const f = face[i]!
    if (f < 0 || key[i]! <= layer.key[i]!) continue
    a = faces[3 * f]!
    b = faces[3 * f + 1]!
    c = faces[3 * f + 2]!
    const cx = places[2 * c]!
    const cy = places[2 * c + 1]!
    const ax = places[2 * a]! - cx
    const ay = places[2 * a + 1]! - cy
    const bx = places[2 * b]! - cx
    const by = places[2 * b + 1]! - cy
    const x = (i % layer.side) + 0.5 - cx
    const y = Math.floor(i / layer.side) + 0.5 - cy
    const area = ax * by - ay * bx
    // Shares in the picture become shares in space by the keys.
    u = ((x * by - y * bx) / area) * keys[a]!
    v = ((ax * y - ay * x) / area) * keys[b]!
    w = key[i]! - u - v
    u /= key[i]!
    v /= key[i]!
    w /= key[i]!
    a *= 3
    b *= 3
    c *= 3
    const px = blend(world, 0)
    const py = blend(world, 1)
    const pz = blend(world, 2)
    const nx = blend(normals, 0)
    const ny = blend(normals, 1)
    const nz = blend(normals, 2)
    // Both sides of a sheet are seen.
    const facing = nx * (px - ex) + ny * (py - ey) + nz * (pz - ez) > 0 ? -1 : 1
    const l = facing / (Math.sqrt(nx * nx + ny * ny + nz * nz) || 1)
    const piece = pieces[owner[f]!]!
    const fine = 1 / (key[i]! * camera.focal * piece.size)
    piece.material.skin(blend(local, 0), blend(local, 1), blend(local, 2), fine, spot)
    layer.key[i] = key[i]!
    layer.piece[i] = owner[f]!
    layer.relief[i] = spot.height * piece.size
    set3(layer.normal, i, nx * l, ny * l, nz * l)
    set3(layer.world, i, px, py, pz)
    set3(layer.colour, i, spot.r, spot.g, spot.b)
  }
}

export function set3(plane: Float32Array, i: number, a: number, b: number, c: number): void {
  plane[3 * i] = a
  plane[3 * i + 1] = b
  plane[3 * i + 2] = c
}
