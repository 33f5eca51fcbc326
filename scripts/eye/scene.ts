/**
 * Made photos with exact labels, without end: everything follows from the seed. Things stand, lie or hover as
 * photographers place them, in light, before clutter as solid as themselves; what would be drawn of them is known.
 */
import { groundUnder, paper, surroundings } from './backdrop.ts'
import { behind, strewn, type Room } from './clutter.ts'
import { Dice } from './dice.ts'
import { blurred, compressed, defocused, encoded, halved, halvedMax } from './image.ts'
import { bordersOf, figureOf, thinned } from './labels.ts'
import { illuminate, shadowsOf, someLights, type Shading } from './light.ts'
import { fractal } from './noise.ts'
import type { Scene } from './shards.ts'
import { hsv, someColour, type Colour } from './skins.ts'
import { materialsOf } from './materials.ts'
import { draw, Layer, project, solidOf, type Camera, type Piece, type Role, type Solid } from './stage.ts'
import { KINDS, type ThingKind } from './things/kinds.ts'
import type { Thing } from './things/shape.ts'
import { add, after, cross, scale, sub, turn, unit, type Matrix3, type Vec3 } from './vector.ts'

/** Samples to a pixel, along each side. */
const SAMPLES = 2

/** The scene of a seed, on a square of a whole number of pixels. */
export function scene(seed: number, side = 224): Scene {
  const dice = new Dice(seed, 13)
  const samples = side * SAMPLES
  const plain = dice.chance(0.32)
  const pitch = dice.weighted([
    [5, dice.between(-0.05, 0.25)],
    [3, dice.between(0.1, 0.6)],
    [1.5, dice.between(0.6, 1.3)],
  ])
  const ground = someColour(dice)
  const figures = figureGroup(dice, pitch, plain ? undefined : ground)
  const solid = solidOf(figures)
  const camera = framed(dice, solid, pitch, samples)
  const { size, far } = extentOf(solid, camera)
  const hovering = figures.every(({ offset }) => offset[1] > 0.02)
  const backdrop = plain ? paper(dice, !hovering && dice.chance(0.7)) : surroundings(dice, size, far, ground)

  const around = plain
    ? []
    : clutterOf(dice, { camera, side: samples, size, far, groundColour: backdrop.groundColour, first: 1000 })
  const distant = plain || !dice.chance(0.3) ? [] : distantThings(dice, camera, samples, size, far)
  const rest = solidOf([...around, ...distant])

  const backLayer = new Layer(samples)
  backdrop.paint(backLayer, camera)
  draw(backLayer, rest, camera)
  const frontLayer = new Layer(samples)
  draw(frontLayer, solid, camera)

  const isFigure = figureOf({ figure: frontLayer, behind: backLayer })
  const dof = plain
    ? 0
    : dice.weighted([
        [5, 0],
        [2, dice.between(0.5, 1.5)],
        [2, dice.between(1.5, 4)],
        [1.5, dice.between(4, 10)],
      ])
  const borders = bordersOf(
    {
      figure: frontLayer,
      behind: backLayer,
      figurePieces: figures,
      behindPieces: rest.pieces,
      size,
      sharp: Math.exp(-dof / 1.5),
    },
    isFigure,
  )

  const lights = someLights(dice)
  const nearby = solidOf([...figures, ...around])
  const shading: Shading = {
    lights,
    shadows: dice.chance(0.8) ? shadowsOf(nearby, lights.sun, 2 * samples) : undefined,
    shelter: shadowsOf(nearby, unit([dice.normal(0.2), 1, dice.normal(0.2) + 0.2]), samples),
    depth: dice.between(0, 0.55),
    soft: dice.weighted([
      [3, dice.between(0.3, 2)],
      [3, dice.between(2, 10)],
      [2, dice.between(10, 40)],
    ]),
    bias: 0.012 * size,
  }
  illuminate(backLayer, rest.pieces, camera, shading, dof === 0 ? uncovered(isFigure, samples) : undefined)
  if (backdrop.paper && backdrop.grounded) shadowOnPaper(backLayer, camera, shading)
  illuminate(frontLayer, figures, camera, shading, isFigure)

  const light = composed(frontLayer, backLayer, isFigure, far, dof)
  const photo = photographed(dice, light, side)
  const lines = halvedMax(thinned(borders, samples), samples)
  const figure = halved(Float32Array.from(isFigure), samples, 1)
  return { side, photo, lines: bytes(lines), figure: bytes(figure) }
}

/** 1 on the samples of pixels that the figure doesn't cover altogether: a lens in focus shows nothing else of what is behind. */
function uncovered(isFigure: Uint8Array, samples: number): Uint8Array {
  const seen = new Uint8Array(isFigure.length)
  for (let y = 0; y < samples; y += SAMPLES) {
    for (let x = 0; x < samples; x += SAMPLES) {
      const i = y * samples + x
      const covered = isFigure[i]! & isFigure[i + 1]! & isFigure[i + samples]! & isFigure[i + samples + 1]!
      if (!covered) seen[i] = seen[i + 1] = seen[i + samples] = seen[i + samples + 1] = 1
    }
  }
  return seen
}

/** Numbers of 0 to 1 as bytes. */
function bytes(plane: Float32Array): Uint8Array {
  const out = new Uint8Array(plane.length)
  for (let i = 0; i < out.length; i++) out[i] = Math.round(255 * plane[i]!)
  return out
}

/** One thing or some, side by side. */
function figureGroup(dice: Dice, pitch: number, before: Colour | undefined): Piece[] {
  const count = dice.weighted([
    [66, 1],
    [18, 2],
    [10, 3],
    [6, 5],
  ] as const)
  const alike = dice.chance(0.5) ? dice.weighted(KINDS) : undefined
  const pieces: Piece[] = []
  const hovers = dice.chance(0.25)
  const spread = dice.between(0.25, 0.75)
  for (let i = 0; i < count; i++) {
    const thing = (alike ?? dice.weighted(KINDS))(dice)
    const size = count === 1 ? 1 : dice.between(0.6, 1.2)
    const row = count > 3 ? dice.normal(0.5) : 0
    const at: Vec3 = [
      i === 0 ? 0 : (i % 2 ? 1 : -1) * Math.ceil(i / 2) * spread,
      thing.hovers && hovers ? dice.between(0.1, 0.8) : 0,
      i === 0 ? 0 : dice.normal(0.25) + row,
    ]
    pieces.push(...put(dice, thing, at, size, i, 'figure', pitch, before))
  }
  return pieces
}

/** A thing in the world, seen from the side it is mostly seen from, before something of a colour. */
function put(
  dice: Dice,
  thing: Thing,
  at: Vec3,
  size: number,
  object: number,
  role: Role,
  pitch: number,
  before: Colour | undefined,
): Piece[] {
  const yaw =
    thing.view === 'any' || dice.chance(0.1)
      ? dice.between(0, 6.283)
      : thing.view === 'front'
        ? -Math.PI / 2 + dice.normal(0.7)
        : (dice.chance(0.5) ? 0 : Math.PI) + dice.normal(0.5)
  let m = turn([0, 1, 0], yaw)
  // What is lying down is looked at from above.
  if (thing.hovers && pitch < 0.6 && dice.chance(0.4))
    m = after(turn([dice.normal(), dice.normal(0.3), dice.normal()], dice.normal(0.6)), m)
  const looks = materialsOf(dice, thing.look, before)
  const matrix: Matrix3 = [scale(m[0], size), scale(m[1], size), scale(m[2], size)]
  return thing.parts.map(({ mesh, slot }) => ({
    mesh,
    matrix,
    size,
    offset: at,
    object,
    slot,
    material: looks[slot]!,
    role,
  }))
}

/** A camera that frames the things as a photographer would: large, near the middle, or cropped. */
function framed(dice: Dice, solid: Solid, pitch: number, side: number): Camera {
  const yaw = dice.normal(0.2)
  const [low, high] = boundsOf(solid)
  const middle = scale(add(low, high), 0.5)
  const reach = Math.max(high[0] - low[0], high[1] - low[1], high[2] - low[2])
  const distance = reach * dice.between(1.6, 6)
  const back: Vec3 = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)]
  const eye = add(middle, scale(back, distance))
  const lifted: Vec3 = [eye[0], Math.max(eye[1], 0.04 * reach), eye[2]]
  const ahead = unit(sub(middle, lifted))
  const roll = dice.chance(0.3) ? dice.normal(0.06) : 0
  const level = unit(cross(ahead, [0, 1, 0]))
  const tilted = turn(ahead, roll)
  const right: Vec3 = [
    tilted[0][0] * level[0] + tilted[0][1] * level[1] + tilted[0][2] * level[2],
    tilted[1][0] * level[0] + tilted[1][1] * level[1] + tilted[1][2] * level[2],
    tilted[2][0] * level[0] + tilted[2][1] * level[1] + tilted[2][2] * level[2],
  ]
  const up = cross(right, ahead)
  const camera = { eye: lifted, right, up, ahead, focal: 1, cx: 0, cy: 0 }
  const { places, keys } = project(solid, camera)
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < keys.length; i++) {
    if (!(keys[i]! > 0)) continue
    x0 = Math.min(x0, places[2 * i]!)
    x1 = Math.max(x1, places[2 * i]!)
    y0 = Math.min(y0, places[2 * i + 1]!)
    y1 = Math.max(y1, places[2 * i + 1]!)
  }
  const share = dice.weighted([
    [1, dice.between(0.35, 0.6)],
    [6, dice.between(0.6, 1)],
    [3, dice.between(1, 1.7)],
  ])
  // What is long and low is seen nearer, and its ends are cut off now and then.
  const [wide, tall] = [x1 - x0, y1 - y0]
  const focal = (share * side) / (0.7 * Math.max(wide, tall) + 0.3 * Math.sqrt(wide * tall))
  // Things that fit are kept inside, near the middle or a third; of what is too large, the top stays.
  const centred = (size: number, top: boolean): number => {
    const room = side - size
    if (room < 0)
      return top && dice.chance(0.75)
        ? dice.between(0.02, 0.14) * side + size / 2
        : side / 2 + dice.normal(0.25) * -room
    const wanted =
      side / 2 + (dice.chance(0.25) ? dice.sign() * side * dice.between(0.1, 0.2) : dice.normal(0.06 * side))
    const slack = dice.chance(0.12) ? 0.15 * size : 0
    return Math.min(Math.max(wanted, size / 2 - slack), side - size / 2 + slack)
  }
  const cx = centred((x1 - x0) * focal, false) - (focal * (x0 + x1)) / 2
  const cy = centred((y1 - y0) * focal, true) - (focal * (y0 + y1)) / 2
  return { ...camera, focal, cx, cy }
}

function boundsOf({ world }: Solid): [low: Vec3, high: Vec3] {
  const low = [Infinity, Infinity, Infinity] as [number, number, number]
  const high = [-Infinity, -Infinity, -Infinity] as [number, number, number]
  for (let i = 0; i < world.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, world[i]!)
    high[i % 3] = Math.max(high[i % 3]!, world[i]!)
  }
  return [low, high]
}

/** How large the things are, and how far from the eye. */
function extentOf(solid: Solid, camera: Camera): { size: number; far: number } {
  const [low, high] = boundsOf(solid)
  const middle = sub(scale(add(low, high), 0.5), camera.eye)
  const size = Math.max(high[0] - low[0], high[1] - low[1], high[2] - low[2])
  return { size, far: middle[0] * camera.ahead[0] + middle[1] * camera.ahead[1] + middle[2] * camera.ahead[2] }
}

function clutterOf(dice: Dice, room: Room): Piece[] {
  const pieces: Piece[] = []
  const next = (): Room => ({ ...room, first: room.first + pieces.length })
  if (dice.chance(0.5)) pieces.push(...strewn(dice, next()))
  if (dice.chance(0.2)) pieces.push(...strewn(dice, next()))
  if (dice.chance(0.4)) pieces.push(...behind(dice, next()))
  return pieces
}

/** Whole things further away, one or a crowd: they are seen, but the photo is not of them. */
function distantThings(dice: Dice, camera: Camera, side: number, size: number, far: number): Piece[] {
  const count = dice.weighted([
    [3, 1],
    [3, 3],
    [2, 8],
  ] as const)
  const kind: ThingKind = dice.weighted(KINDS)
  const alike = dice.chance(0.6)
  const pieces: Piece[] = []
  for (let i = 0; i < count; i++) {
    const z = far + size * dice.between(1, 6)
    const own = size * dice.between(0.4, count === 1 ? 1.6 : 1.1)
    const half = (0.5 * side * z) / camera.focal
    const level = Math.hypot(camera.ahead[0], camera.ahead[2]) || 1
    const x = dice.between(-half, half)
    const at: Vec3 = [
      camera.eye[0] + camera.right[0] * x + (camera.ahead[0] / level) * z,
      0,
      camera.eye[2] + camera.right[2] * x + (camera.ahead[2] / level) * z,
    ]
    pieces.push(...put(dice, (alike ? kind : dice.weighted(KINDS))(dice), at, own, 100 + i, 'far', 0, undefined))
  }
  return pieces
}

function shadowOnPaper(layer: Layer, camera: Camera, shading: Shading): void {
  const { side, colour } = layer
  const lit = new Layer(side)
  for (let i = 0; i < lit.piece.length; i++) {
    if (!groundUnder(camera, (i % side) + 0.5, Math.floor(i / side) + 0.5)) continue
    lit.piece[i] = -2
    lit.key[i] = 1
    lit.normal[3 * i + 1] = 1
    lit.colour.fill(1, 3 * i, 3 * i + 3)
  }
  lit.world.set(layer.world)
  illuminate(lit, [], camera, shading)
  const full =
    Math.max(...shading.lights.above) +
    Math.max(0, (shading.lights.sun[1] + shading.lights.wrap) / (1 + shading.lights.wrap)) *
      Math.max(...shading.lights.sunColour)
  for (let i = 0; i < lit.piece.length; i++)
    if (lit.piece[i] !== -1)
      for (let k = 0; k < 3; k++) colour[3 * i + k]! *= Math.min(1, lit.colour[3 * i + k]! / full)
}

/** The figure before the rest, which is blurred the more the further it is from the figure's depth. */
function composed(front: Layer, back: Layer, isFigure: Uint8Array, far: number, dof: number): Float32Array {
  const samples = front.side
  const side = samples / SAMPLES
  const figure = new Float32Array(front.colour.length)
  for (let i = 0; i < isFigure.length; i++) {
    if (!isFigure[i]) continue
    for (let k = 3 * i; k < 3 * i + 3; k++) figure[k] = front.colour[k]!
  }
  const sharp = halved(back.colour, samples, 3)
  const [own, cover] = [halved(figure, samples, 3), halved(Float32Array.from(isFigure), samples, 1)]
  let rest = sharp
  if (dof > 0) {
    const depth = halved(back.key, samples, 1)
    const levels = [sharp, defocused(sharp, side, 3, dof * 0.8), defocused(sharp, side, 3, dof * 1.6)]
    rest = new Float32Array(sharp.length)
    for (let p = 0; p < depth.length; p++) {
      const amount = 2 * Math.min(1, 1.6 * Math.abs(1 - depth[p]! * far))
      const level = Math.min(Math.floor(amount), 1)
      const [from, to] = [levels[level]!, levels[level + 1]!]
      for (let i = 3 * p; i < 3 * p + 3; i++) rest[i] = from[i]! + (amount - level) * (to[i]! - from[i]!)
    }
  }
  for (let p = 0; p < cover.length; p++)
    for (let i = 3 * p; i < 3 * p + 3; i++) own[i] = own[i]! + (1 - cover[p]!) * rest[i]!
  return own
}

/** What a camera makes of light: haze, vignette, exposure, a lens, noise, a file. */
function photographed(dice: Dice, light: Float32Array, side: number): Uint8Array {
  const haze = dice.chance(0.22) ? dice.between(0.05, 0.45) : 0
  const hazeColour = hsv(0.58 + dice.normal(0.15), dice.between(0, 0.35), dice.between(0.3, 1))
  const vignette = dice.chance(0.3) ? dice.between(0.2, 0.9) : 0
  const dapple = dice.chance(0.1) ? dice.between(0.2, 0.7) : 0
  const [patch, shift] = [dice.between(8, 40), dice.between(0, 99)]
  let mean = 0
  for (const l of light) mean += l / light.length
  const exposure = (dice.between(0.14, 0.42) / Math.max(mean, 0.02)) ** dice.between(0.3, 0.9) * dice.between(0.85, 1.2)
  const exposed = new Float32Array(light.length)
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const edge = 1 - vignette * ((x / side - 0.5) ** 2 + (y / side - 0.5) ** 2)
      const spots = dapple ? 1 + dapple * Math.tanh(3 * fractal(x / patch + shift, y / patch, shift, 2, 0.5, 0.01)) : 1
      for (let k = 0; k < 3; k++, i++)
        exposed[i] = encoded((light[i]! * (1 - haze) * spots + haze * hazeColour[k]!) * edge * exposure)
    }
  }
  const lens = blurred(exposed, side, 3, dice.chance(0.85) ? dice.between(0.25, 0.75) : dice.between(0.75, 1.6))
  const noise = dice.chance(0.7) ? dice.between(0, 0.035) : 0
  let state = dice.whole(1, 2 ** 31 - 2)
  // Even numbers that are added up make normal ones; quick, as there are many.
  const grain = (): number => {
    let sum = -1.5
    for (let k = 0; k < 3; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      sum += state * 2 ** -32
    }
    return 2 * sum
  }
  const picture = new Float32Array(lens.length)
  for (let i = 0; i < lens.length; i++) picture[i] = 255 * (lens[i]! + noise * grain())
  const file = dice.chance(0.35) ? compressed(picture, side, dice.between(35, 92)) : picture
  for (let i = 0; i < file.length; i++) file[i] = Math.min(Math.max(file[i]!, 0), 255) / 255
  return bytes(file)
}
