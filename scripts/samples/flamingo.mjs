/** A flamingo on one leg, on white: one long S from bill to foot. */
import { mix, rgb, step } from './colour.mjs'
import { blend, ellipsoid, flattened, mirrored, rotated, sphere, tube, union } from './sdf.mjs'

const PINK = rgb('#f2829b')
const DEEP = rgb('#e4566f')
const PALE = rgb('#f9c3c8')
const LEG = rgb('#e58a93')
const DARK = rgb('#2b2627')

const body = blend(
  0.12,
  tube([
    [-0.36, 1.86, 0, 0.2],
    [-0.08, 1.8, 0, 0.35],
    [0.3, 1.74, 0, 0.3],
    [0.66, 1.62, 0, 0.14],
    [0.9, 1.52, 0, 0.04],
  ]),
  tube(
    [
      [-0.22, 1.86, 0, 0.22],
      [-0.5, 1.92, 0, 0.15],
      [-0.7, 2.16, 0, 0.095],
      [-0.56, 2.46, 0, 0.085],
      [-0.34, 2.74, 0, 0.08],
      [-0.38, 3.06, 0, 0.085],
      [-0.62, 3.16, 0, 0.1],
    ],
    10,
  ),
  sphere([-0.63, 3.13, 0], 0.14),
)

const wing = mirrored(
  rotated(
    2,
    0.2,
    [0.25, 1.78, 0],
    flattened(
      0.35,
      0.24,
      tube([
        [-0.16, 1.8, 0.24, 0.2],
        [0.12, 1.83, 0.24, 0.27],
        [0.5, 1.79, 0.22, 0.19],
        [0.84, 1.74, 0.14, 0.05],
      ]),
    ),
  ),
)

const bill = tube([
  [-0.74, 3.1, 0, 0.085],
  [-0.88, 3.02, 0, 0.075],
  [-0.97, 2.88, 0, 0.06],
  [-0.96, 2.74, 0, 0.02],
])

const standingLeg = union(
  tube([
    [0.06, 1.55, 0.08, 0.13],
    [0.07, 1.3, 0.08, 0.062],
    [0.06, 0.85, 0.08, 0.036],
    [0.05, 0.76, 0.08, 0.05],
    [0.05, 0.66, 0.08, 0.035],
    [0.048, 0.5, 0.08, 0.034],
    [0.04, 0.04, 0.08, 0.036],
  ]),
  ...[-0.42, 0.02, 0.46].map((turn) =>
    tube([
      [0.05, 0.04, 0.08, 0.035],
      [-0.14, 0.03, 0.08 + turn * 0.5, 0.026],
      [-0.25, 0.02, 0.08 + turn * 0.75, 0.014],
    ]),
  ),
)

const raisedLeg = union(
  tube([
    [0.18, 1.55, -0.08, 0.14],
    [0.34, 1.32, -0.08, 0.07],
    [0.56, 1.08, -0.08, 0.042],
  ]),
  sphere([0.57, 1.06, -0.08], 0.05),
  tube([
    [0.57, 1.06, -0.08, 0.038],
    [0.3, 0.92, -0.06, 0.032],
    [-0.02, 0.76, -0.06, 0.034],
    [-0.12, 0.62, -0.06, 0.026],
    [-0.14, 0.48, -0.06, 0.012],
  ]),
)

const eye = mirrored(ellipsoid([-0.67, 3.17, 0.125], [0.028, 0.028, 0.018]))

const plumage = (x, y) =>
  mix(mix(PINK, PALE, step(2.3, 1.6, y) * step(0.2, -0.5, x) * 0.5), DEEP, step(0.5, 0.95, x) * 0.6)
const feathers = (x, y) => {
  const along = (x + 0.2) * 1.2
  const vane = Math.abs((((((y - 1.75 + 0.1 * along) / 0.1) % 1) + 1) % 1) - 0.5)
  const line = step(0.12, 0.04, vane) * step(0.3, 0.55, along)
  return mix(mix(DEEP, PINK, 0.3), DARK, Math.max(0.45 * line, step(0.7, 0.86, x + (1.74 - y) * 0.4)))
}

export const flamingo = {
  file: 'flamingo.png',
  width: 600,
  height: 900,
  camera: { from: [-1.6, 2.3, 10], at: [-0.02, 1.62, 0], zoom: 2.72 },
  bounds: { centre: [0, 1.65, 0], radius: 1.85 },
  parts: [
    { shape: body, colour: plumage, gloss: 0.15, sharpness: 12 },
    { shape: wing, colour: feathers, gloss: 0.15, sharpness: 12 },
    { shape: bill, colour: (x, y) => mix(rgb('#f3dcd2'), DARK, step(2.96, 2.92, y + 0.25 * (x + 0.9))), gloss: 0.5 },
    { shape: union(standingLeg, raisedLeg), colour: LEG, gloss: 0.3 },
    { shape: eye, colour: rgb('#15110f'), gloss: 1, sharpness: 200 },
  ],
}
