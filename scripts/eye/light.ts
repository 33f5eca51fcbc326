import type { Dice } from './dice.ts'
import { noise } from './noise.ts'
import { clamp, hsv, type Colour } from './skins.ts'
import { rasterise, type Camera, type Layer, type Piece, type Solid } from './stage.ts'
import { cross, scale, unit, type Vec3 } from './vector.ts'

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
    const px = solid.world[3 * i]!
    const py = solid.world[3 * i + 1]!
    const pz = solid.world[3 * i + 2]!
    const x = px * right[0] + py * right[1] + pz * right[2]
    const y = px * up[0] + py * up[1] + pz * up[2]
    const z = px * sun[0] + py * sun[1] + pz * sun[2]
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

/** Where shadows are looked up around a place, in radii: a quarter turn apart. */
const TAPS = [0.35, 0.55, 0.75, 0.95]

/** Samples look in one of so many directions first, so that soft shadows are grained rather than banded. */
const GRAINS = 97
const COS = Float64Array.from({ length: GRAINS }, (_, i) => Math.cos(0.0648 * i))
const SIN = Float64Array.from({ length: GRAINS }, (_, i) => Math.sin(0.0648 * i))

/** How much of the sun reaches a place, 0 to 1: `soft` is the radius of the blur in texels. */
function sunlit(shadows: Shadows, px: number, py: number, pz: number, soft: number, grain: number): number {
  const { right, up, sun, side, nearness } = shadows
  const x = (px * right[0] + py * right[1] + pz * right[2] - shadows.x) * shadows.scale + side / 2
  const y = (px * up[0] + py * up[1] + pz * up[2] - shadows.y) * shadows.scale + side / 2
  const key = px * sun[0] + py * sun[1] + pz * sun[2] + shadows.far
  let cos = soft * COS[grain]!
  let sin = soft * SIN[grain]!
  let lit = 0
  for (let k = 0; k < 4; k++) {
    const i = Math.floor(x + TAPS[k]! * cos)
    const j = Math.floor(y + TAPS[k]! * sin)
    if (i < 0 || j < 0 || i >= side || j >= side || nearness[j * side + i]! <= key) lit++
    const turned = -sin
    sin = cos
    cos = turned
  }
  return lit / 4
}

export interface Shading {
  lights: Lights
  shadows: Shadows | undefined
  /** Which places little light from above reaches. */
  shelter: Shadows
  /** How much light is left in the shadow, and how soft it is, in texels. */
  depth: number
  soft: number
  /** Distance that a place is moved out of its own surface, before its shadow is looked up. */
  bias: number
}

/** Pieces of the backdrop below this number shine by themselves, as the sky does. */
export const SHINING = -100

/** How far the light from above goes round things, in texels. */
const WIDE = 24

/** Turns the colours of surfaces into the light that comes from them; of the samples that are `seen`, where that is told. */
export function illuminate(
  layer: Layer,
  pieces: readonly Piece[],
  camera: Camera,
  shading: Shading,
  seen?: Uint8Array,
): void {
  const { side, piece, normal, world, colour } = layer
  const { lights, shadows, shelter, depth, soft, bias } = shading
  const { sun, lamp, wrap, above, below, sunColour, lampColour } = lights
  const n = new Float32Array(3)
  for (let i = 0; i < piece.length; i++) {
    const p = piece[i]!
    if (p === -1 || p <= SHINING || seen?.[i] === 0) continue
    bump(layer, i, camera, n)
    const nx = n[0]!
    const ny = n[1]!
    const nz = n[2]!
    const x = world[3 * i]!
    const y = world[3 * i + 1]!
    const z = world[3 * i + 2]!
    let reached = 1
    const grain = (i * 7919 + Math.floor(i / side) * 104729) % GRAINS
    const j = 3 * i
    const open = sunlit(
      shelter,
      x + 2 * bias * normal[j]!,
      y + 2 * bias * normal[j + 1]!,
      z + 2 * bias * normal[j + 2]!,
      WIDE,
      grain,
    )
    if (shadows) {
      const lit = sunlit(
        shadows,
        x + bias * normal[j]!,
        y + bias * normal[j + 1]!,
        z + bias * normal[j + 2]!,
        soft,
        grain,
      )
      reached = depth + (1 - depth) * lit
    }
    const facing = Math.max(0, (nx * sun[0] + ny * sun[1] + nz * sun[2] + wrap) / (1 + wrap)) * reached
    const second = Math.max(0, nx * lamp[0] + ny * lamp[1] + nz * lamp[2])
    const upwards = 0.5 + 0.5 * ny
    const dim = 0.45 + 0.55 * open
    let shine = 0
    let mirror = 0
    let mirrored = 0
    const material = p >= 0 ? pieces[p]!.material : undefined
    if (material && (material.gloss > 0 || material.mirror > 0)) {
      let vx = x - camera.eye[0]
      let vy = y - camera.eye[1]
      let vz = z - camera.eye[2]
      const l = 1 / (Math.sqrt(vx * vx + vy * vy + vz * vz) || 1)
      vx *= l
      vy *= l
      vz *= l
      const along = 2 * (vx * nx + vy * ny + vz * nz)
      const bx = vx - along * nx
      const by = vy - along * ny
      const bz = vz - along * nz
      const glint = bx * sun[0] + by * sun[1] + bz * sun[2]
      if (glint > 0) shine = material.gloss * glint ** material.power * reached
      mirror = material.mirror * (0.35 + 0.65 * (1 + Math.min(0, along / 2)) ** 3)
      if (mirror > 0) mirrored = surroundings(bx, by, bz, lights)
    }
    for (let k = 0; k < 3; k++) {
      const ambient = dim * (below[k]! + (above[k]! - below[k]!) * upwards)
      const own = colour[3 * i + k]!
      const matt = own * (ambient + sunColour[k]! * facing + lampColour[k]! * second)
      colour[3 * i + k] = matt * (1 - mirror) + mirror * mirrored * (0.4 + 0.6 * own) + shine * (sunColour[k]! + 0.2)
    }
  }
}

/** What a mirror shows in a direction: a bright sky or ceiling, a darker ground, windows. */
function surroundings(x: number, y: number, z: number, { windows, shift }: Lights): number {
  const sky = 0.25 + 0.5 * clamp(0.5 + 3 * y)
  const a = Math.atan2(z, x)
  const pane = clamp(8 * (Math.sin(3 * a + shift) - 0.75)) * clamp(8 * (y - 0.1)) * clamp(8 * (0.75 - y))
  return sky * (1 + 0.4 * noise(4 * x + shift, 4 * y, 4 * z)) + windows * pane
}

/** Steeper than this is no relief but a border. */
const STEEPEST = 0.8

/** Writes the normal of a sample, tilted by the relief of its skin, into `n`. */
function bump(
  { side, piece, normal, relief, key }: Layer,
  i: number,
  { focal, right, up }: Camera,
  n: Float32Array,
): void {
  const nx = normal[3 * i]!
  const ny = normal[3 * i + 1]!
  const nz = normal[3 * i + 2]!
  n[0] = nx
  n[1] = ny
  n[2] = nz
  const across = i + 1 < piece.length && piece[i + 1] === piece[i] ? relief[i + 1]! - relief[i]! : 0
  const under = i + side < piece.length && piece[i + side] === piece[i] ? relief[i + side]! - relief[i]! : 0
  if (across === 0 && under === 0) return
  const k = key[i]! * focal
  const gx = Math.min(Math.max(across * k, -STEEPEST), STEEPEST)
  const gy = Math.min(Math.max(under * k, -STEEPEST), STEEPEST)
  const rn = right[0] * nx + right[1] * ny + right[2] * nz
  const un = up[0] * nx + up[1] * ny + up[2] * nz
  const tx = nx - gx * (right[0] - rn * nx) + gy * (up[0] - un * nx)
  const ty = ny - gx * (right[1] - rn * ny) + gy * (up[1] - un * ny)
  const tz = nz - gx * (right[2] - rn * nz) + gy * (up[2] - un * nz)
  const l = 1 / Math.sqrt(tx * tx + ty * ty + tz * tz)
  n[0] = tx * l
  n[1] = ty * l
  n[2] = tz * l
}
