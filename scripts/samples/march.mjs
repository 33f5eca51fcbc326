/**
 * A small ray marcher with a photographer's table: one soft key light, a bright sky, a floor that takes the shadow.
 *
 * A scene is { width, height, camera: { from, at, zoom }, parts, bounds, floor?, wall?, backdrop?, light? }:
 *   parts      [{ shape, colour: [r, g, b] or (x, y, z) → [r, g, b], gloss? 0..1, sharpness? }]; colours are linear light
 *   bounds     { centre, radius } of a sphere that holds all parts
 *   floor      { colour: (x, z) → [r, g, b] }: a table top at y = 0; without a colour the backdrop itself takes the shadow
 *   wall       { z, colour: (x, y) → [r, g, b] }: an upright wall behind
 *   backdrop   (u, v) → [r, g, b]: the paper behind it all, u right and v down, both 0..1; white when absent
 */

import { union } from './sdf.mjs'
import { along, cross, dot, minus, normalised, squareGap } from './vector.mjs'

const WHITE = () => [1, 1, 1]
const KEY_LIGHT = normalised([-0.5, 1, 0.55])
const KEY_SIZE = 7 // larger is a harder shadow
const PENUMBRA = 0.5 // how far beyond the parts half shadows reach

/** Renders `scene` at `width` pixels (its own width when absent) as 8-bit sRGB. Same scene, same bytes. */
export function render(scene, width = scene.width) {
  const height = Math.round((scene.height * width) / scene.width)
  const look = viewOf(scene, width, height)
  const first = new Float32Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) first.set(look(x + 0.5, y + 0.5, 1), (y * width + x) * 4)
  }
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const colour = isEdge(first, width, height, x, y) ? oversampled(look, x, y) : first.subarray(i * 4, i * 4 + 3)
      for (let k = 0; k < 3; k++) data[i * 3 + k] = Math.round(255 * Math.min(1, Math.max(0, colour[k])))
    }
  }
  return { data, width, height }
}

/** Where a part meets something that looks different, one ray per pixel is not enough. */
function isEdge(first, width, height, x, y) {
  const at = (px, py) => (Math.min(height - 1, Math.max(0, py)) * width + Math.min(width - 1, Math.max(0, px))) * 4
  const here = at(x, y)
  for (const there of [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)]) {
    if (!first[here + 3] && !first[there + 3]) continue
    for (let k = 0; k < 4; k++) if (Math.abs(first[here + k] - first[there + k]) > 0.03) return true
  }
  return false
}

/** A 4×4 grid over a pixel of size 1, each row shifted by a quarter cell so that near-vertical edges see more levels. */
const GRID = Array.from({ length: 16 }, (_, i) => {
  const [row, column] = [Math.floor(i / 4), i % 4]
  return [(column + (row + 0.5) / 4) / 4, (row + (column + 0.5) / 4) / 4]
})

function oversampled(look, x, y) {
  const sum = [0, 0, 0]
  for (const [dx, dy] of GRID) {
    const colour = look(x + dx, y + dy, 0)
    for (let k = 0; k < 3; k++) sum[k] += colour[k] / GRID.length
  }
  return sum
}

/**
 * What the camera sees at pixel position (x, y): [r, g, b] as sRGB 0..1, and 1 when it is a part. The textures of floor
 * and wall are averaged over `spread` pixels.
 */
function viewOf(scene, width, height) {
  const { from, at, zoom } = scene.camera
  const forward = normalised(minus(at, from))
  const right = normalised(cross(forward, [0, 1, 0]))
  const up = cross(right, forward)
  const backdrop = scene.backdrop ?? WHITE
  const world = { light: KEY_LIGHT, ...scene, distance: union(...scene.parts.map((part) => part.shape)) }
  const rayThrough = (x, y) => {
    const sx = (x - width / 2) / (zoom * height)
    const sy = (height / 2 - y) / (zoom * height)
    return normalised(forward.map((f, k) => f + right[k] * sx + up[k] * sy))
  }
  return (x, y, spread) => {
    const ray = rayThrough(x, y)
    const plane = planeBehind(world, from, ray)
    const hitAt = march(world, from, ray, plane.at)
    if (hitAt < Infinity) return [...shadePart(world, along(from, ray, hitAt), ray).map(toSrgb), 1]
    const colourAlong = (r) => {
      const p = along(from, r, planeBehind(world, from, r).at)
      return plane.colour(p)
    }
    const paper = () => backdrop(x / width, y / height)
    if (!plane.colour) return [...shadeSweep(world, along(from, ray, plane.at), plane, paper()).map(toSrgb), 0]
    const albedo = spread ? [0, 0, 0] : colourAlong(ray)
    for (const [dx, dy] of spread ? GRID : []) {
      const colour = colourAlong(rayThrough(x + (dx - 0.5) * spread, y + (dy - 0.5) * spread))
      for (let k = 0; k < 3; k++) albedo[k] += colour[k] / GRID.length
    }
    return [...lit(world, along(from, ray, plane.at), plane.normal, albedo).map(toSrgb), 0]
  }
}

/** The floor or the wall that a ray meets first, how far along, and its colour at a point where it has its own. */
function planeBehind({ floor, wall }, from, ray) {
  const floorAt = ray[1] < 0 ? -from[1] / ray[1] : Infinity
  const wallAt = wall && ray[2] < 0 ? (wall.z - from[2]) / ray[2] : Infinity
  if (wallAt < floorAt) return { at: wallAt, normal: [0, 0, 1], colour: (p) => wall.colour(p[0], p[1]) }
  return { at: floorAt, normal: [0, 1, 0], colour: floor?.colour && ((p) => floor.colour(p[0], p[2])) }
}

/** How far along the ray the nearest part lies, or Infinity. Only the bounding sphere is searched. */
function march(world, from, ray, limit) {
  const span = throughSphere(world.bounds, from, ray)
  if (!span) return Infinity
  const end = Math.min(span[1], limit)
  let t = Math.max(span[0], 0)
  for (let step = 0; step < 220 && t < end; step++) {
    const d = world.distance(from[0] + ray[0] * t, from[1] + ray[1] * t, from[2] + ray[2] * t)
    if (d < 0.0006) return t
    t += d * 0.85
  }
  return Infinity
}

function throughSphere({ centre, radius }, from, ray) {
  const to = minus(centre, from)
  const middle = dot(to, ray)
  const half = radius * radius - dot(to, to) + middle * middle
  if (half <= 0) return undefined
  const reach = Math.sqrt(half)
  return middle + reach > 0 ? [middle - reach, middle + reach] : undefined
}

function shadePart(world, p, ray) {
  const part = world.parts.reduce((best, other) => (other.shape(...p) < best.shape(...p) ? other : best))
  const normal = normalOf(part.shape, p)
  const albedo = typeof part.colour === 'function' ? part.colour(...p) : part.colour
  const colour = lit(world, p, normal, albedo)
  if (part.gloss) {
    const facing = Math.max(0, -dot(normal, ray))
    const mirror = ray.map((r, k) => r + 2 * facing * normal[k])
    const rim = part.gloss * (0.05 + 0.5 * (1 - facing) ** 5)
    const strength = rim * skyAt(mirror) + part.gloss * highlight(world, mirror, part.sharpness ?? 60)
    for (let k = 0; k < 3; k++) colour[k] += strength
  }
  return colour
}

/** A soft box overhead and a pale room around: what a glossy surface mirrors. */
function skyAt([x, y]) {
  return 0.25 + 0.75 * Math.min(1, Math.max(0, (y - 0.2) * 3)) + 0.1 * x
}

function highlight(world, mirror, sharpness) {
  return 0.55 * Math.max(0, dot(mirror, world.light)) ** sharpness
}

/** A matt surface in key light, sky light and light thrown back by the floor. */
function lit(world, p, normal, albedo) {
  const facing = Math.max(0, (dot(normal, world.light) + 0.12) / 1.12)
  const key = facing > 0 ? facing * shadowAt(world, p, normal) : 0
  const open = openness(world, p, normal)
  const sky = 0.5 + 0.5 * normal[1]
  const light = 0.76 * key + open * (0.22 + 0.14 * sky + 0.1 * Math.max(0, normal[2]))
  return [albedo[0] * light * 1.02, albedo[1] * light, albedo[2] * (light + 0.015 * open * sky)]
}

/** Studio paper: its own colour, darkened by the parts that stand on it. */
function shadeSweep(world, p, plane, paper) {
  if (plane.at === Infinity) return paper
  const light = (0.72 + 0.28 * shadowAt(world, p, plane.normal)) * (0.5 + 0.5 * openness(world, p, plane.normal))
  return paper.map((v) => v * light)
}

/** 1 where the key light is in full view, 0 behind a part: the narrowest gap the ray leaves, as the light's share. */
function shadowAt(world, p, normal) {
  const from = p.map((v, k) => v + normal[k] * 0.004)
  const span = throughSphere({ ...world.bounds, radius: world.bounds.radius + PENUMBRA }, from, world.light)
  if (!span) return 1
  const [lx, ly, lz] = world.light
  let share = 1
  let t = Math.max(span[0], 0.01)
  for (let step = 0; step < 90 && t < span[1]; step++) {
    const d = world.distance(from[0] + lx * t, from[1] + ly * t, from[2] + lz * t)
    share = Math.min(share, 0.5 + (0.5 * KEY_SIZE * d) / t)
    if (share < 0) return 0
    t += Math.max(0.02, Math.abs(d) * 0.8)
  }
  return share * share * (3 - 2 * share)
}

/** How open the sky is above the surface, 0..1, from a few distances along the normal. */
function openness(world, p, normal) {
  if (Math.sqrt(squareGap(p, world.bounds.centre)) > world.bounds.radius + 0.9) return 1
  let closed = 0
  for (let i = 1; i <= 5; i++) {
    const reach = 0.035 * i * i
    const d = world.distance(p[0] + normal[0] * reach, p[1] + normal[1] * reach, p[2] + normal[2] * reach)
    closed += Math.max(0, reach - Math.min(d, p[1] + normal[1] * reach)) / (reach * (1.4 + i))
  }
  return Math.max(0, 1 - 0.75 * closed)
}

function normalOf(shape, [x, y, z]) {
  const e = 0.003
  const a = shape(x + e, y - e, z - e)
  const b = shape(x - e, y - e, z + e)
  const c = shape(x - e, y + e, z - e)
  const d = shape(x + e, y + e, z + e)
  return normalised([a - b - c + d, c + d - a - b, b + d - a - c])
}

const toSrgb = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * Math.min(v, 1) ** (1 / 2.4) - 0.055)
