/**
 * Solids in the world, seen by a camera: each sample of the picture learns which triangle it sees and how far away.
 */
import type { Mesh } from './mesh.ts'
import type { Skin } from './skins.ts'
import { dot, sub, type Matrix3, type Vec3 } from './vector.ts'

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
    const at = sub([world[3 * i]!, world[3 * i + 1]!, world[3 * i + 2]!], eye)
    const z = dot(at, ahead)
    // What lies behind the camera is left out.
    keys[i] = z > NEAREST ? 1 / z : NaN
    places[2 * i] = cx + (focal * dot(at, right)) / z
    places[2 * i + 1] = cy - (focal * dot(at, up)) / z
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
  const [face, key] = [new Int32Array(side * side).fill(-1), new Float32Array(side * side)]
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [faces[f]!, faces[f + 1]!, faces[f + 2]!]
    const [ka, kb, kc] = [keys[a]!, keys[b]!, keys[c]!]
    const [ax, ay, bx, by] = [places[2 * a]!, places[2 * a + 1]!, places[2 * b]!, places[2 * b + 1]!]
    const [cx, cy] = [places[2 * c]!, places[2 * c + 1]!]
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if (!(Math.abs(area) > 1e-9) || !(ka + kb + kc > 0)) continue
    const [x0, x1] = [
      Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5)),
      Math.min(side - 1, Math.floor(Math.max(ax, bx, cx) - 0.5)),
    ]
    const [y0, y1] = [
      Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5)),
      Math.min(side - 1, Math.floor(Math.max(ay, by, cy) - 0.5)),
    ]
    if (x0 > x1 || y0 > y1) continue
    // Shares of the three corners change evenly along rows and columns.
    const [ux, uy] = [(by - cy) / area, (cx - bx) / area]
    const [vx, vy] = [(cy - ay) / area, (ax - cx) / area]
    for (let y = y0; y <= y1; y++) {
      let u = (x0 + 0.5 - cx) * ux + (y + 0.5 - cy) * uy
      let v = (x0 + 0.5 - cx) * vx + (y + 0.5 - cy) * vy
      for (let i = y * side + x0; i <= y * side + x1; i++, u += ux, v += vx) {
        const w = 1 - u - v
        if (u < -1e-6 || v < -1e-6 || w < -1e-6) continue
        const k = u * ka + v * kb + w * kc
        if (k > key[i]!) {
          key[i] = k
          face[i] = f / 3
        }
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
  const spot = { r: 0, g: 0, b: 0, height: 0 }
  for (let i = 0; i < face.length; i++) {
    const f = face[i]!
    if (f < 0 || key[i]! <= layer.key[i]!) continue
    const [a, b, c] = [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!]
    const [x, y] = [(i % layer.side) + 0.5, Math.floor(i / layer.side) + 0.5]
    const [cx, cy] = [places[2 * c]!, places[2 * c + 1]!]
    const [ax, ay, bx, by] = [
      places[2 * a]! - cx,
      places[2 * a + 1]! - cy,
      places[2 * b]! - cx,
      places[2 * b + 1]! - cy,
    ]
    const area = ax * by - ay * bx
    // Shares in the picture become shares in space by the keys.
    let u = (((x - cx) * by - (y - cy) * bx) / area) * keys[a]!
    let v = ((ax * (y - cy) - ay * (x - cx)) / area) * keys[b]!
    let w = key[i]! - u - v
    const k = 1 / (u + v + w)
    u *= k
    v *= k
    w *= k
    const blend = (of: Float32Array, d: number): number => u * of[3 * a + d]! + v * of[3 * b + d]! + w * of[3 * c + d]!
    const [px, py, pz] = [blend(world, 0), blend(world, 1), blend(world, 2)]
    const [nx, ny, nz] = [blend(normals, 0), blend(normals, 1), blend(normals, 2)]
    // Both sides of a sheet are seen.
    const facing = nx * (px - camera.eye[0]) + ny * (py - camera.eye[1]) + nz * (pz - camera.eye[2]) > 0 ? -1 : 1
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
