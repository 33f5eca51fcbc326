/** A ribbed cactus with two arms and a flower in a clay pot, on pale grey, upright. */
import { graded, mix, noise, rgb, step } from './colour.mjs'
import { blend, smooth, sphere, tube, turned, union } from './sdf.mjs'

const GREEN = rgb('#4f8a4c')
const DARK = rgb('#2c5a36')
const CLAY = rgb('#c2704a')
const PINK = rgb('#e2557f')

const RIBS = 14
const column = { top: 2.3, x: 0, z: 0 }

/** How far towards a rib's crest (1) or the furrow beside it (0) a point around the main column lies. */
const rib = (x, z) => 0.5 + 0.5 * Math.cos(RIBS * Math.atan2(z - column.z, x - column.x))

const plain = tube([
  [0, 0.6, 0, 0.34],
  [0, 1.1, 0, 0.42],
  [0, 1.7, 0, 0.4],
  [0, column.top, 0, 0.27],
])
/** The column furrowed; the steps are shortened because the furrows steepen the distance. */
const stem = Object.assign(
  (x, y, z) => 0.8 * (plain(x, y, z) + 0.07 * (1 - rib(x, z)) * step(0.02, 0.2, Math.hypot(x, z))),
  { bound: plain.bound },
)

const leftArm = tube([
  [-0.3, 1.22, 0, 0.13],
  [-0.6, 1.25, 0, 0.145],
  [-0.79, 1.42, 0, 0.155],
  [-0.83, 1.66, 0, 0.155],
  [-0.83, 1.94, 0, 0.115],
])
const rightArm = tube([
  [0.3, 1.5, 0, 0.13],
  [0.58, 1.53, 0, 0.135],
  [0.75, 1.69, 0, 0.145],
  [0.78, 1.88, 0, 0.14],
  [0.78, 2.12, 0, 0.1],
])

const pot = turned(
  [0, 0],
  [
    [0, 0.02],
    [0.46, 0.02],
    [0.62, 0.66],
    [0.72, 0.68],
    [0.75, 0.92],
    [0.64, 0.92],
    [0.6, 0.78],
    [0, 0.78],
  ],
  0.02,
)
const soil = turned(
  [0, 0],
  [
    [0, 0.7],
    ...smooth(
      [
        [0.6, 0.8],
        [0.3, 0.84],
        [0, 0.86],
      ],
      6,
    ),
  ],
)

const petals = union(
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => {
    const [c, s] = [Math.cos((i * Math.PI) / 4 + 0.3), Math.sin((i * Math.PI) / 4 + 0.3)]
    return tube([
      [0.03 * c, 2.54, 0.03 * s, 0.05],
      [0.16 * c, 2.65, 0.16 * s, 0.085],
      [0.34 * c, 2.74, 0.34 * s, 0.025],
    ])
  }),
)

const skin = (x, y, z) => {
  const onColumn = step(0.5, 0.4, Math.hypot(x, z))
  return mix(GREEN, DARK, 0.75 * (1 - rib(x, z)) * onColumn)
}
const baked = (x, y, z) => mix(CLAY, rgb('#a85a3a'), 0.6 * noise(3 * Math.atan2(z, x) + 9, 7 * y))

export const cactus = {
  file: 'cactus.jpg',
  width: 600,
  height: 840,
  camera: { from: [-1, 2.9, 9.5], at: [0, 1.34, 0], zoom: 2.95 },
  bounds: { centre: [0, 1.4, 0], radius: 1.6 },
  backdrop: graded(rgb('#f3f1ed'), rgb('#d6d1ca')),
  parts: [
    { shape: blend(0.1, stem, leftArm, rightArm), colour: skin, gloss: 0.3, sharpness: 16 },
    { shape: pot, colour: baked, gloss: 0.1, sharpness: 10 },
    { shape: soil, colour: rgb('#3e2d22') },
    { shape: petals, colour: PINK, gloss: 0.2, sharpness: 20 },
    { shape: sphere([0, 2.6, 0], 0.09), colour: rgb('#f2c53d') },
  ],
}
