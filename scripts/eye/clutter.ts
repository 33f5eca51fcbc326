/**
 * What lies around in photos and nobody draws, made as solid as the things in front: stones, leaves, grass, twigs,
 * reeds, trunks, foliage, books, bricks.
 */
import { groundAt } from './backdrop.ts'
import type { Dice } from './dice.ts'
import { ball, box, leaf, moved, tube, type Mesh } from './mesh.ts'
import { noise } from './noise.ts'
import { lit, near, SKINS, someColour, someSkin, type Colour } from './skins.ts'
import type { Camera, Material, Piece } from './stage.ts'
import { add, after, scale, turn, type Matrix3, type Vec3 } from './vector.ts'

/** Where clutter may lie: around and behind things of a size, at a distance from the eye. */
export interface Room {
  camera: Camera
  side: number
  size: number
  far: number
  groundColour: Colour
  /** The number of the first thing of clutter. */
  first: number
}

type Kind = 'stones' | 'leaves' | 'grass' | 'twigs' | 'reeds' | 'petals' | 'blocks' | 'balls'

/** A few shapes of a kind, about 1 long. */
function shapes(dice: Dice, kind: Kind): Mesh[] {
  const count = kind === 'stones' ? 5 : 3
  return Array.from({ length: count }, () => {
    if (kind === 'stones') return stone(dice)
    if (kind === 'leaves')
      return leaf(1, dice.between(0.15, 0.4), dice.normal(0.3), dice.between(0, 0.5), dice.between(0.6, 1.2))
    if (kind === 'petals') return leaf(1, dice.between(0.3, 0.5), dice.between(0, 0.5), 0.1, 0.7)
    if (kind === 'grass')
      return moved(
        leaf(1, dice.between(0.012, 0.04), dice.normal(0.5), 0.2, 0.4),
        [0, 0, 0],
        turn([0, 0, 1], Math.PI / 2 + dice.normal(0.2)),
      )
    if (kind === 'reeds')
      return tube(
        [
          [0, 0, 0],
          [dice.normal(0.03), 0.5, 0],
          [dice.normal(0.12), 1, 0],
        ],
        [0.01, 0.012, 0.004],
        { columns: 5 },
      )
    if (kind === 'twigs')
      return tube(
        [
          [-0.5, 0.03, 0],
          [-0.1, 0.05, dice.normal(0.08)],
          [0.2, 0.03, dice.normal(0.08)],
          [0.5, 0.04, 0],
        ],
        [0.025, 0.02, 0.016, 0.008],
        { columns: 6, steps: 2 },
      )
    if (kind === 'blocks') return box([0, 0.25, 0], [0.5, 0.25, dice.between(0.2, 0.5)])
    return ball([0, 0.5, 0], [0.5, 0.5, 0.5], undefined, 8, 12)
  })
}

function stone(dice: Dice): Mesh {
  const [flat, shift, rough] = [dice.between(0.4, 0.9), dice.between(0, 99), dice.between(0.2, 0.6)]
  const mesh = ball([0, 0, 0], [0.5, 0.5 * flat, 0.5 * dice.between(0.6, 1)], undefined, 8, 12)
  for (let i = 0; i < mesh.places.length; i += 3) {
    const [x, y, z] = [mesh.places[i]!, mesh.places[i + 1]!, mesh.places[i + 2]!]
    const k = 1 + rough * noise(2 * x + shift, 2 * y, 2 * z)
    mesh.places[i] = x * k
    mesh.places[i + 1] = y * k + 0.3 * flat
    mesh.places[i + 2] = z * k
  }
  return mesh
}

/** A few materials that look like one another. */
function materials(dice: Dice, base: Colour): Material[] {
  const count = dice.whole(3, 7)
  const spread = dice.between(0.05, 0.4)
  const odd = dice.chance(0.2)
  const gloss = dice.chance(0.3) ? dice.between(0.05, 0.6) : 0
  return Array.from({ length: count }, () => ({
    skin: someSkin(dice, SKINS, lit(near(dice, odd ? someColour(dice) : base, spread), dice.between(0.6, 1.3))),
    gloss,
    power: dice.between(5, 60),
    mirror: 0,
  }))
}

const turnedAndScaled = (m: Matrix3, size: number): Matrix3 => [scale(m[0], size), scale(m[1], size), scale(m[2], size)]

/** Strews the ground with things of one kind, nearer and further than the figure. */
export function strewn(dice: Dice, room: Room): Piece[] {
  const kind = dice.weighted([
    [4, 'stones'],
    [3, 'leaves'],
    [4, 'grass'],
    [1.5, 'twigs'],
    [1, 'reeds'],
    [1, 'petals'],
    [0.7, 'blocks'],
    [0.7, 'balls'],
  ] as const)
  const meshes = shapes(dice, kind)
  const grassy = kind === 'grass' || kind === 'reeds'
  const base = dice.chance(0.5) ? near(dice, room.groundColour, 0.3) : someColour(dice)
  const looks = materials(dice, base)
  const size =
    room.size *
    (grassy ? dice.between(0.1, kind === 'reeds' ? 1.2 : 0.45) : dice.between(0.04, dice.chance(0.25) ? 0.5 : 0.2))
  const dense = dice.between(0.3, 1)
  const count = Math.round(dense * (grassy ? 700 : kind === 'stones' || kind === 'balls' ? 200 : 350))
  const bottom = groundAt(room.camera, room.side / 2, room.side - 1)
  const nearest = bottom ? 1 / bottom.key : room.far * 0.6
  const pieces: Piece[] = []
  for (let i = 0; i < count; i++) {
    const z = dice.between(Math.min(nearest, room.far * 0.95), room.far * (dice.chance(0.5) ? 1.4 : 3))
    const half = (0.55 * room.side * z) / room.camera.focal
    const level = levelPlace(room.camera, dice.between(-half, half), z)
    if (!level) continue
    const spin = turn([0, 1, 0], dice.between(0, 6.283))
    const tilt = grassy
      ? turn([1, 0, 0], dice.normal(0.2))
      : turn([dice.normal(), dice.normal(), dice.normal()], dice.normal(kind === 'stones' ? 0.4 : 0.25))
    // What lies before the figure hides its feet at most.
    const own = Math.min(size * dice.between(0.5, 1.5), z < room.far + 0.3 * room.size ? 0.2 * room.size : Infinity)
    pieces.push({
      mesh: dice.pick(meshes),
      matrix: turnedAndScaled(after(spin, tilt), own),
      size: own,
      offset: add(level, [0, grassy ? -0.05 * own : -0.1 * own + dice.between(0, 0.1) * size, 0]),
      object: room.first + i,
      slot: 0,
      material: dice.pick(looks),
      role: 'clutter',
    })
  }
  return pieces
}

/** A place on the ground by its place across the picture and its depth along it. */
function levelPlace({ eye, right, ahead }: Camera, across: number, z: number): Vec3 | undefined {
  const level = Math.hypot(ahead[0], ahead[2])
  if (level < 0.05) return [eye[0] + across, 0, eye[2] + ahead[2] * z + (z - eye[1]) * 0.5]
  // On the ground, depth along `ahead` is level distance · level + drop · ahead[1].
  const distance = (z + eye[1] * ahead[1]) / level
  return [
    eye[0] + right[0] * across + (ahead[0] / level) * distance,
    0,
    eye[2] + right[2] * across + (ahead[2] / level) * distance,
  ]
}

/** Fills the space behind the figure: leaves, branches, reeds, trunks or shelves. */
export function behind(dice: Dice, room: Room): Piece[] {
  const kind = dice.weighted([
    [4, 'foliage'],
    [2, 'branches'],
    [1.5, 'trunks'],
    [1.5, 'reeds'],
    [1, 'shelf'],
    [1, 'heap'],
  ] as const)
  const { camera, side, far, size } = room
  const base =
    kind === 'shelf' ? someColour(dice) : dice.chance(0.6) ? near(dice, [0.15, 0.3, 0.08], 0.3) : someColour(dice)
  const looks = materials(dice, base)
  const pieces: Piece[] = []
  /** A place in the picture at a depth. */
  const place = (x: number, y: number, z: number): Vec3 =>
    add(
      camera.eye,
      scale(
        add(
          camera.ahead,
          add(scale(camera.right, (x - camera.cx) / camera.focal), scale(camera.up, (camera.cy - y) / camera.focal)),
        ),
        z,
      ),
    )
  const put = (mesh: Mesh, at: Vec3, m: Matrix3, own: number): void => {
    pieces.push({
      mesh,
      matrix: turnedAndScaled(m, own),
      size: own,
      offset: at,
      object: room.first + pieces.length,
      slot: 0,
      material: dice.pick(looks),
      role: 'clutter',
    })
  }
  const anyTurn = (): Matrix3 => turn([dice.normal(), dice.normal(), dice.normal()], dice.between(0, 3))
  const upright = (): Matrix3 => turn([0, 1, 0], dice.between(0, 6.28))
  const back = far + size * dice.between(0.5, 1)
  const deep = size * dice.between(0.5, 3)
  if (kind === 'foliage') {
    const meshes = shapes(dice, dice.pick(['leaves', 'leaves', 'petals', 'twigs'] as const))
    const own = size * dice.between(0.06, 0.35)
    const count = Math.round(dice.between(150, 900))
    const top = dice.chance(0.6) ? 0 : dice.between(0, 0.6) * side
    for (let i = 0; i < count; i++)
      put(
        dice.pick(meshes),
        place(dice.between(-0.1, 1.1) * side, dice.between(top - 0.1 * side, 1.1 * side), back + deep * dice.next()),
        anyTurn(),
        own * dice.between(0.6, 1.4),
      )
  } else if (kind === 'branches' || kind === 'trunks') {
    const thick = kind === 'trunks' ? size * dice.between(0.04, 0.3) : size * dice.between(0.01, 0.06)
    const count = kind === 'trunks' ? dice.whole(2, 10) : dice.whole(8, 40)
    const lean = kind === 'trunks' ? 0.08 : dice.between(0.3, 1.5)
    for (let i = 0; i < count; i++) {
      const bow = dice.normal(0.15)
      const mesh = tube(
        [
          [0, -1.5, 0],
          [bow, -0.5, 0],
          [-bow * 0.5, 0.5, 0],
          [bow * dice.normal(), 1.5, 0],
        ],
        [1, 0.9, 0.8, 0.6].map((k) => (k * thick * dice.between(0.5, 1.2)) / size),
        { columns: 9 },
      )
      put(
        mesh,
        place(dice.between(0, 1) * side, dice.between(0.2, 0.8) * side, back + deep * dice.next()),
        after(turn([0, 0, 1], dice.normal(lean)), turn([1, 0, 0], dice.normal(0.2 * lean))),
        size * dice.between(0.8, 2),
      )
    }
  } else if (kind === 'reeds') {
    const meshes = shapes(dice, dice.pick(['reeds', 'grass'] as const))
    const count = dice.whole(60, 400)
    for (let i = 0; i < count; i++)
      put(
        dice.pick(meshes),
        place(dice.between(-0.05, 1.05) * side, dice.between(0.6, 1.4) * side, back + deep * dice.next()),
        upright(),
        size * dice.between(0.6, 1.8),
      )
  } else if (kind === 'shelf') {
    const meshes = [
      ...shapes(dice, 'blocks'),
      ...shapes(dice, 'balls'),
      tube(
        [
          [0, 0, 0],
          [0, 0.6, 0],
          [0, 0.7, 0],
          [0, 1, 0],
        ],
        [0.2, 0.2, 0.08, 0.07],
        { cut: true },
      ),
    ]
    const row = dice.between(0.12, 0.35) * side
    for (let y = dice.between(0, 1) * row; y < side * 1.1; y += row) {
      for (let x = -10; x < side * 1.1;) {
        const own = ((row * back) / camera.focal) * dice.between(0.4, 0.9)
        put(
          dice.pick(meshes),
          place(x, y, back),
          after(upright(), dice.chance(0.5) ? turn([0, 0, 1], 1.57) : turn([0, 1, 0], 0)),
          own,
        )
        x += row * dice.between(0.15, 0.7)
      }
    }
  } else {
    const meshes = shapes(dice, dice.pick(['stones', 'blocks', 'balls'] as const))
    const own = size * dice.between(0.1, 0.5)
    const count = dice.whole(60, 200)
    const top = dice.between(0, 0.5) * side
    for (let i = 0; i < count; i++)
      put(
        dice.pick(meshes),
        place(dice.between(-0.05, 1.05) * side, dice.between(top, 1.05 * side), back + own + deep * dice.next() * 0.3),
        anyTurn(),
        own * dice.between(0.6, 1.3),
      )
  }
  return pieces
}
