/** What is behind and under the things of a scene: paper, walls, grounds, skies, hills. */
import type { Dice } from './dice.ts'
import { fractal } from './noise.ts'
import { clamp, GROUNDS, hsv, near, someColour, someSkin, WALLS, type Colour, type Skin } from './skins.ts'
import { SHINING } from './light.ts'
import { set3, type Camera, type Layer } from './stage.ts'
import { add, mix, scale, unit, type Vec3 } from './vector.ts'

/** Regions of the backdrop, as pieces below 0. Those from SHINING on are not lit. */
export const REGION = { ground: -2, wall: -3, paper: SHINING - 1, sky: SHINING - 2, hills: SHINING - 3 } as const

export interface Backdrop {
  /** Paper is blank: nothing lies on it but the things in front. */
  paper: boolean
  /** Whether there is a ground for things to stand on. */
  grounded: boolean
  groundColour: Colour
  paint(layer: Layer, camera: Camera): void
}

/** An even ground without end, or a shade that darkens towards the edges. */
export function paper(dice: Dice, grounded: boolean): Backdrop {
  const colour: Colour = dice.chance(0.6)
    ? scale([1, 1, 1], dice.between(0.55, 1))
    : hsv(dice.next(), dice.between(0, 0.75), dice.between(0.1, 1))
  const [slopeX, slopeY, vignette] = [dice.normal(0.08), dice.normal(0.08), dice.chance(0.5) ? dice.between(0, 0.5) : 0]
  const grain = dice.chance(0.2) ? dice.between(0, 0.08) : 0
  return {
    paper: true,
    grounded,
    groundColour: colour,
    paint: (layer, camera) => {
      const { side } = layer
      for (let i = 0; i < layer.key.length; i++) {
        const [u, v] = [(i % side) / side - 0.5, Math.floor(i / side) / side - 0.5]
        const shade =
          1 + slopeX * u + slopeY * v - vignette * (u * u + v * v) + grain * fractal(40 * u, 40 * v, 0, 3, 0.7, 0.1)
        layer.piece[i] = REGION.paper
        set3(layer.colour, i, colour[0] * shade, colour[1] * shade, colour[2] * shade)
        if (grounded) groundUnder(camera, u * side + side / 2 + 0.5, v * side + side / 2 + 0.5, layer.world, 3 * i)
      }
    },
  }
}

/** Where a sample looks at the ground y = 0, and how near that is. */
export function groundAt(
  { eye, right, up, ahead, focal, cx, cy }: Camera,
  x: number,
  y: number,
): { place: Vec3; key: number } | undefined {
  const ray = add(ahead, add(scale(right, (x - cx) / focal), scale(up, (cy - y) / focal)))
  if (ray[1] > -1e-4) return undefined
  const z = -eye[1] / ray[1]
  return { place: add(eye, scale(ray, z)), key: 1 / z }
}

/** Writes where a sample looks at the ground into three numbers of `to`, and tells whether it does; as `groundAt`, but for all. */
export function groundUnder(
  { eye, right, up, ahead, focal, cx, cy }: Camera,
  x: number,
  y: number,
  to?: Float32Array,
  at = 0,
): boolean {
  const u = (x - cx) / focal
  const v = (cy - y) / focal
  const ry = ahead[1] + (right[1] * u + up[1] * v)
  if (ry > -1e-4) return false
  if (to) {
    const z = -eye[1] / ry
    to[at] = eye[0] + (ahead[0] + (right[0] * u + up[0] * v)) * z
    to[at + 1] = eye[1] + ry * z
    to[at + 2] = eye[2] + (ahead[2] + (right[2] * u + up[2] * v)) * z
  }
  return true
}

interface Wall {
  /** The wall stands upright, this far from the eye along `towards`, which is level. */
  towards: Vec3
  distance: number
  skin: Skin
}

/** A place indoors or outdoors; `size` is that of the things in front and `far` their distance from the eye. */
export function surroundings(dice: Dice, size: number, far: number, ground: Colour): Backdrop {
  const groundSkin = someSkin(dice, GROUNDS, ground, size * dice.between(0.3, 2))
  const kind = dice.weighted([
    [4, 'wall'],
    [4, 'open'],
    [2, 'corner'],
  ] as const)
  const wallColour = dice.chance(0.3) ? near(dice, ground, 0.4) : someColour(dice)
  const wallSkins = [0, 1].map(() => someSkin(dice, WALLS, near(dice, wallColour, 0.1), size * dice.between(0.4, 2.5)))
  const distance = far + size * dice.between(0.5, dice.chance(0.5) ? 1.5 : 5)
  const yaw = dice.normal(0.35)
  const sky = skyOf(dice)
  const ridges = dice.chance(0.6) ? Array.from({ length: dice.whole(1, 3) }, (_, i) => ridgeOf(dice, sky.low, i)) : []
  return {
    paper: false,
    grounded: true,
    groundColour: ground,
    paint: (layer, camera) => {
      const level = unit([camera.ahead[0], 0, camera.ahead[2]])
      const sideways: Vec3 = [-level[2], 0, level[0]]
      const facing = (a: number): Vec3 => add(scale(level, Math.cos(a)), scale(sideways, Math.sin(a)))
      const walls: Wall[] = []
      if (kind !== 'open')
        walls.push({ towards: facing(kind === 'corner' ? 0.7 + yaw * 0.3 : yaw * 0.5), distance, skin: wallSkins[0]! })
      if (kind === 'corner') walls.push({ towards: facing(-0.85 + yaw * 0.3), distance, skin: wallSkins[1]! })
      const horizon = camera.cy + (camera.focal * camera.ahead[1]) / Math.hypot(camera.ahead[0], camera.ahead[2])
      const { eye, right, up, ahead } = camera
      const spot = { r: 0, g: 0, b: 0, height: 0 }
      for (let i = 0; i < layer.key.length; i++) {
        const x = (i % layer.side) + 0.5
        const y = Math.floor(i / layer.side) + 0.5
        const u = (x - camera.cx) / camera.focal
        const v = (camera.cy - y) / camera.focal
        const rx = ahead[0] + u * right[0] + v * up[0]
        const ry = ahead[1] + u * right[1] + v * up[1]
        const rz = ahead[2] + u * right[2] + v * up[2]
        let key = ry < -1e-4 ? -ry / eye[1] : 0
        let wall: Wall | undefined
        for (const w of walls) {
          const k = (rx * w.towards[0] + ry * w.towards[1] + rz * w.towards[2]) / w.distance
          if (k > key) {
            key = k
            wall = w
          }
        }
        layer.key[i] = key
        if (key <= 0.004 / far) {
          beyond(layer, i, x / layer.side, (y - horizon) / layer.side)
          continue
        }
        const px = eye[0] + rx / key
        const py = eye[1] + ry / key
        const pz = eye[2] + rz / key
        set3(layer.world, i, px, py, pz)
        const fine = 1 / (key * camera.focal)
        if (wall) {
          const across = pz * wall.towards[0] - px * wall.towards[2]
          wall.skin(across, py, 0, fine, spot)
          set3(layer.normal, i, -wall.towards[0], 0, -wall.towards[2])
          layer.piece[i] = REGION.wall
        } else {
          groundSkin(px, pz, 0, fine * Math.min(10, 1 / Math.max(-ry, 0.05)), spot)
          set3(layer.normal, i, 0, 1, 0)
          layer.piece[i] = REGION.ground
        }
        layer.relief[i] = spot.height
        set3(layer.colour, i, spot.r, spot.g, spot.b)
      }
      function beyond(to: Layer, i: number, u: number, v: number): void {
        to.piece[i] = REGION.sky
        set3(to.colour, i, ...sky.at(u, v))
        for (const [r, ridge] of ridges.entries()) {
          const colour = ridge(u, v)
          if (!colour) continue
          to.piece[i] = REGION.hills - r
          set3(to.colour, i, ...colour)
        }
      }
    },
  }
}

/** Colours of the sky by place: u across, v down from the horizon, in sides of the picture. */
function skyOf(dice: Dice): { low: Colour; at(u: number, v: number): Colour } {
  const evening = dice.chance(0.2)
  const high = evening
    ? hsv(dice.between(0.55, 0.75), 0.5, dice.between(0.1, 0.5))
    : hsv(0.58 + dice.normal(0.03), dice.between(0.1, 0.75), dice.between(0.3, 0.9))
  const low = evening
    ? hsv(dice.between(0, 0.12), dice.between(0.3, 0.8), dice.between(0.5, 1))
    : mix(high, [0.9, 0.92, 0.95], dice.between(0.4, 0.95))
  const cloud = near(dice, evening ? [0.8, 0.6, 0.55] : [0.92, 0.92, 0.94], 0.08)
  const [cover, hard, size, shift] = [
    dice.between(-0.7, 0.5),
    dice.between(0.8, 4),
    dice.between(0.15, 0.8),
    dice.between(0, 99),
  ]
  const clouds = dice.chance(0.65)
  return {
    low,
    at: (u, v) => {
      const base = mix(low, high, clamp(-v * 1.6))
      if (!clouds) return base
      const f = fractal(u / size + shift, (2 * v) / size, shift, 6, 0.6, 0.004 / size)
      const m = clamp(0.5 + hard * (f + cover - 0.2))
      return mix(base, scale(cloud, 0.85 + 0.25 * f), m)
    },
  }
}

/** A row of hills, mountains, trees or roofs before the sky, the nearer the lower. */
function ridgeOf(dice: Dice, haze: Colour, row: number): (u: number, v: number) => Colour | undefined {
  const own = mix(someColour(dice), haze, dice.between(0.1, 0.7) / (1 + row))
  const [tall, rough, size, shift] = [
    dice.between(0.05, 0.35) / (1 + 0.6 * row),
    dice.between(0.3, 0.75),
    dice.between(0.15, 0.9),
    dice.between(0, 99),
  ]
  const [grain, contrast] = [dice.between(0.02, 0.12), dice.between(0.05, 0.7)]
  const city = dice.chance(0.2)
  const step = dice.between(0.02, 0.08)
  return (u, v) => {
    const at = city ? Math.floor(u / step) * step : u
    const top = -tall * (0.5 + 0.5 * fractal(at / size + shift, 0, shift, 6, rough, 0.006 / size))
    if (v < top) return undefined
    const f = fractal(u / grain + shift, v / grain, shift, 4, 0.7, 0.005 / grain)
    return scale(own, Math.max(0.1, 1 + contrast * f))
  }
}
