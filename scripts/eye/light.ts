import type { Dice } from './dice.ts'
import { noise } from './noise.ts'
import { clamp, hsv, type Colour } from './skins.ts'
import { rasterise, type Camera, type Layer, type Piece, type Solid } from './stage.ts'
import { cross, dot, scale, unit, type Vec3 } from './vector.ts'

export interface Lights {
  /** Towards the main light, and its colour. */
  sun: Vec3
  sunColour: Colour
  /** How far light goes round an edge, 0 to 1. */
  wrap: number
  above: Colour
  below: Colour
  /** Towards a second light without shadows. */
  lamp: Vec3
  lampColour: Colour
  /** What mirrors show: how bright windows are, and where. */
  windows: number
  shift: number
}

export function someLights(dice: Dice): Lights {
  const warm = dice.normal(0.14)
  const ambient = dice.between(0.12, 0.75)
  const tinted = dice.chance(0.12)
  const sunColour: Colour = tinted ? hsv(dice.next(), dice.between(0.2, 0.7), 1) : [1 + warm, 1, 1 - warm]
  const skyColour: Colour =
    tinted && dice.chance(0.6) ? hsv(dice.next(), dice.between(0.1, 0.6), 1) : [1 - 0.7 * warm, 1, 1 + 0.7 * warm]
  const lamp = dice.chance(0.25) ? dice.between(0.1, 0.6) : 0
  return {
    sun: unit([dice.between(-1, 1), dice.between(0.25, 1.2), dice.between(-0.4, 1)]),
    sunColour: scale(sunColour, 1.15 * (1 - ambient)),
    wrap: dice.pick([0.05, 0.2, 0.6]),
    above: scale(skyColour, ambient),
    below: scale(skyColour, ambient * dice.between(0.25, 0.7)),
    lamp: unit([dice.normal(), dice.normal(0.4), dice.normal()]),
    lampColour: scale(hsv(dice.next(), dice.between(0, 0.8), 1), lamp),
    windows: dice.between(0.5, 4),
    shift: dice.between(0, 100),
  }
}

/** Which places the sun does not reach, as a picture taken from the sun. */
export interface Shadows {
  right: Vec3
  up: Vec3
  sun: Vec3
  side: number
  /** Texels to a unit of the world, and the middle of the picture. */
  scale: number
  x: number
  y: number
  nearness: Float32Array
  /** Nearness is `far` less than distance along the sun. */
  far: number
}

export function shadowsOf(solid: Solid, sun: Vec3, side: number): Shadows {
  const right = unit(cross(sun, Math.abs(sun[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]))
  const up = cross(right, sun)
  const count = solid.world.length / 3
  const [places, keys] = [new Float32Array(2 * count), new Float32Array(count)]
  let [x0, x1, y0, y1, z0] = [Infinity, -Infinity, Infinity, -Infinity, Infinity]
  for (let i = 0; i < count; i++) {
    const p: Vec3 = [solid.world[3 * i]!, solid.world[3 * i + 1]!, solid.world[3 * i + 2]!]
    const [x, y, z] = [dot(p, right), dot(p, up), dot(p, sun)]
    places[2 * i] = x
    places[2 * i + 1] = y
    keys[i] = z
    x0 = Math.min(x0, x)
    x1 = Math.max(x1, x)
    y0 = Math.min(y0, y)
    y1 = Math.max(y1, y)
    z0 = Math.min(z0, z)
  }
  const scaling = (side - 4) / Math.max(x1 - x0, y1 - y0, 1e-6)
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2]
  for (let i = 0; i < count; i++) {
    places[2 * i] = (places[2 * i]! - x) * scaling + side / 2
    places[2 * i + 1] = (places[2 * i + 1]! - y) * scaling + side / 2
    keys[i]! += 1 - z0
  }
  const { key } = rasterise(solid, { places, keys }, side)
  return { right, up, sun, side, scale: scaling, x, y, nearness: key, far: 1 - z0 }
}

/** How much of the sun reaches a place, 0 to 1: `soft` is the radius of the blur in texels. */
function sunlit(shadows: Shadows, px: number, py: number, pz: number, soft: number, grain: number): number {
  const { right, up, sun, side, nearness } = shadows
  const x = (px * right[0] + py * right[1] + pz * right[2] - shadows.x) * shadows.scale + side / 2
  const y = (px * up[0] + py * up[1] + pz * up[2] - shadows.y) * shadows.scale + side / 2
  const key = px * sun[0] + py * sun[1] + pz * sun[2] + shadows.far
  let lit = 0
  for (let k = 0; k < 4; k++) {
    const a = grain + 1.5708 * k
    const r = soft * (0.35 + 0.2 * k)
    const [i, j] = [Math.floor(x + r * Math.cos(a)), Math.floor(y + r * Math.sin(a))]
    if (i < 0 || j < 0 || i >= side || j >= side || nearness[j * side + i]! <= key) lit++
  }
  return lit / 4
}

export interface Shading {
  lights: Lights
  shadows: Shadows | undefined
  /** How much light is left in the shadow, and how soft it is, in texels. */
  depth: number
  soft: number
  /** Distance that a place is moved out of its own surface, before its shadow is looked up. */
  bias: number
}

/** Pieces of the backdrop below this number shine by themselves, as the sky does. */
export const SHINING = -100

/** Turns the colours of surfaces into the light that comes from them. */
export function illuminate(
  layer: Layer,
  pieces: readonly Piece[],
  camera: Camera,
  { lights, shadows, depth, soft, bias }: Shading,
): void {
  const { side, piece, normal, world, colour } = layer
  for (let i = 0; i < piece.length; i++) {
    const p = piece[i]!
    if (p === -1 || p <= SHINING) continue
    const n = bumped(layer, i, camera)
    const [x, y, z] = [world[3 * i]!, world[3 * i + 1]!, world[3 * i + 2]!]
    const grain = 6.28 * (((i * 7919 + Math.floor(i / side) * 104729) % 97) / 97)
    let reached = 1
    if (shadows) {
      const [a, b, c] = [normal[3 * i]! * bias, normal[3 * i + 1]! * bias, normal[3 * i + 2]! * bias]
      reached = depth + (1 - depth) * sunlit(shadows, x + a, y + b, z + c, soft, grain)
    }
    const { sun, lamp } = lights
    const facing = Math.max(0, (dot(n, sun) + lights.wrap) / (1 + lights.wrap)) * reached
    const second = Math.max(0, dot(n, lamp))
    const open = 0.5 + 0.5 * n[1]
    const material = p >= 0 ? pieces[p]!.material : undefined
    const view = unit([x - camera.eye[0], y - camera.eye[1], z - camera.eye[2]])
    const along = 2 * dot(view, n)
    const back: Vec3 = [view[0] - along * n[0], view[1] - along * n[1], view[2] - along * n[2]]
    let shine = 0
    if (material?.gloss) shine = material.gloss * Math.max(0, dot(back, sun)) ** material.power * reached
    let mirror = 0
    let seen = 0
    if (material?.mirror) {
      mirror = material.mirror * (0.35 + 0.65 * (1 + Math.min(0, along / 2)) ** 3)
      seen = surroundings(back, lights)
    }
    for (let k = 0; k < 3; k++) {
      const ambient = lights.below[k]! + (lights.above[k]! - lights.below[k]!) * open
      const light = ambient + lights.sunColour[k]! * facing + lights.lampColour[k]! * second
      const own = colour[3 * i + k]! * light
      colour[3 * i + k] =
        own * (1 - mirror) + mirror * seen * (0.4 + 0.6 * colour[3 * i + k]!) + shine * (lights.sunColour[k]! + 0.2)
    }
  }
}

/** What a mirror shows in a direction: a bright sky or ceiling, a darker ground, windows. */
function surroundings([x, y, z]: Vec3, { windows, shift }: Lights): number {
  const sky = 0.25 + 0.5 * clamp(0.5 + 3 * y)
  const a = Math.atan2(z, x)
  const pane = clamp(8 * (Math.sin(3 * a + shift) - 0.75)) * clamp(8 * (y - 0.1)) * clamp(8 * (0.75 - y))
  return sky * (1 + 0.4 * noise(4 * x + shift, 4 * y, 4 * z)) + windows * pane
}

/** The normal of a sample, tilted by the relief of its skin. */
function bumped({ side, piece, normal, relief, key }: Layer, i: number, camera: Camera): Vec3 {
  const n: Vec3 = [normal[3 * i]!, normal[3 * i + 1]!, normal[3 * i + 2]!]
  const across = i + 1 < piece.length && piece[i + 1] === piece[i] ? relief[i + 1]! - relief[i]! : 0
  const below = i + side < piece.length && piece[i + side] === piece[i] ? relief[i + side]! - relief[i]! : 0
  if (across === 0 && below === 0) return n
  // Steeper than this is no relief but a border.
  const limit = (d: number): number => Math.min(Math.max(d * key[i]! * camera.focal, -0.8), 0.8)
  const [gx, gy] = [limit(across), limit(below)]
  const { right, up } = camera
  const [rn, un] = [dot(right, n), dot(up, n)]
  return unit([
    n[0] - gx * (right[0] - rn * n[0]) + gy * (up[0] - un * n[0]),
    n[1] - gx * (right[1] - rn * n[1]) + gy * (up[1] - un * n[1]),
    n[2] - gx * (right[2] - rn * n[2]) + gy * (up[2] - un * n[2]),
  ])
}
