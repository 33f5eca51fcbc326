/** A walking horse, on white: a body of limbs that run into each other, a dark mane and tail. */
import { mix, rgb, step } from './colour.mjs'
import { blend, ellipsoid, flattened, mirrored, tube, union } from './sdf.mjs'

const BAY = rgb('#a8653a')
const LIGHT = rgb('#c98d5c')
const DARK = rgb('#33221b')

const trunk = blend(
  0.14,
  flattened(
    0.85,
    0,
    tube([
      [-0.7, 1.36, 0, 0.27],
      [-0.4, 1.36, 0, 0.35],
      [0, 1.33, 0, 0.35],
      [0.36, 1.37, 0, 0.34],
      [0.7, 1.42, 0, 0.3],
    ]),
  ),
  flattened(
    0.72,
    0,
    tube([
      [-0.56, 1.46, 0, 0.32],
      [-0.84, 1.78, 0, 0.235],
      [-1.04, 2.1, 0, 0.17],
      [-1.12, 2.28, 0, 0.15],
    ]),
  ),
  tube([
    [-1.08, 2.3, 0, 0.13],
    [-1.24, 2.16, 0, 0.145],
    [-1.42, 1.96, 0, 0.095],
    [-1.56, 1.8, 0, 0.085],
    [-1.6, 1.74, 0, 0.07],
  ]),
  ellipsoid([-1.16, 2.1, 0], [0.15, 0.17, 0.1]),
)

/** A leg seen from the side: hip, elbow or stifle, knee or hock, fetlock, hoof; `z` is the side it stands on. */
const leg = (z, joints) => tube(joints.map(([x, y, radius]) => [x, y, z, radius]))

const legs = [
  leg(0.19, [
    [-0.52, 1.26, 0.2],
    [-0.62, 0.98, 0.15],
    [-0.76, 0.66, 0.09],
    [-0.84, 0.56, 0.085],
    [-0.94, 0.24, 0.056],
    [-0.97, 0.16, 0.066],
    [-1.04, 0.09, 0.06],
  ]),
  leg(-0.19, [
    [-0.5, 1.26, 0.2],
    [-0.5, 0.98, 0.14],
    [-0.44, 0.66, 0.088],
    [-0.42, 0.57, 0.085],
    [-0.34, 0.25, 0.056],
    [-0.32, 0.17, 0.066],
    [-0.36, 0.09, 0.06],
  ]),
  leg(0.2, [
    [0.62, 1.36, 0.27],
    [0.62, 1.04, 0.22],
    [0.78, 0.8, 0.12],
    [0.96, 0.62, 0.085],
    [1.0, 0.3, 0.058],
    [0.98, 0.18, 0.068],
    [0.94, 0.1, 0.06],
  ]),
  leg(-0.2, [
    [0.6, 1.36, 0.27],
    [0.46, 1.04, 0.21],
    [0.5, 0.78, 0.12],
    [0.6, 0.62, 0.085],
    [0.46, 0.3, 0.058],
    [0.42, 0.19, 0.068],
    [0.36, 0.1, 0.06],
  ]),
]

const hoof = (x, z) =>
  tube([
    [x + 0.02, 0.12, z, 0.068],
    [x - 0.02, 0.05, z, 0.088],
    [x - 0.03, 0.035, z, 0.09],
  ])
const hooves = union(hoof(-1.05, 0.19), hoof(-0.36, -0.19), hoof(0.93, 0.2), hoof(0.35, -0.2))

const ears = mirrored(
  tube([
    [-1.06, 2.34, 0.08, 0.07],
    [-1.02, 2.5, 0.1, 0.065],
    [-1.05, 2.66, 0.1, 0.012],
  ]),
)

const mane = flattened(
  0.45,
  0,
  union(
    tube([
      [-1.2, 2.4, 0, 0.06],
      [-1.04, 2.44, 0, 0.1],
      [-0.9, 2.26, 0, 0.16],
      [-0.74, 2.02, 0, 0.17],
      [-0.58, 1.82, 0, 0.13],
      [-0.4, 1.7, 0, 0.04],
    ]),
    tube([
      [-1.1, 2.42, 0, 0.07],
      [-1.22, 2.36, 0, 0.08],
      [-1.33, 2.22, 0, 0.05],
      [-1.37, 2.12, 0, 0.015],
    ]),
  ),
)

const tail = flattened(
  0.7,
  0,
  tube([
    [0.92, 1.6, 0, 0.06],
    [1.14, 1.64, 0, 0.08],
    [1.3, 1.4, 0, 0.12],
    [1.34, 1.04, 0, 0.15],
    [1.44, 0.72, 0, 0.1],
    [1.56, 0.52, 0, 0.02],
  ]),
)

const eyes = mirrored(ellipsoid([-1.25, 2.23, 0.135], [0.042, 0.036, 0.03]))
const nostrils = mirrored(ellipsoid([-1.6, 1.79, 0.075], [0.022, 0.032, 0.02]))

const coat = (x, y) => {
  const belly = mix(BAY, LIGHT, 0.5 * step(1.25, 1.0, y) * step(0.75, 0.95, y))
  const muzzle = mix(belly, DARK, 0.8 * step(-1.44, -1.58, x) * step(1.5, 1.6, y))
  return mix(muzzle, DARK, 0.9 * step(0.62, 0.3, y))
}

export const horse = {
  file: 'horse.jpg',
  width: 840,
  height: 670,
  camera: { from: [-3.4, 2.3, 9.6], at: [-0.02, 1.26, 0], zoom: 3.35 },
  bounds: { centre: [0, 1.3, 0], radius: 2.05 },
  parts: [
    { shape: blend(0.04, blend(0.16, trunk, ...legs), ears), colour: coat, gloss: 0.25, sharpness: 14 },
    { shape: mane, colour: DARK, gloss: 0.3, sharpness: 20 },
    { shape: tail, colour: DARK, gloss: 0.3, sharpness: 20 },
    { shape: hooves, colour: rgb('#2b211d'), gloss: 0.3 },
    { shape: union(eyes, nostrils), colour: rgb('#120c09'), gloss: 1, sharpness: 200 },
  ],
}
