/** A stoneware teapot on white. */
import { mix, noise, rgb, step } from './colour.mjs'
import { blend, carve, ellipsoid, smooth, tube, turned, union } from './sdf.mjs'

const GLAZE = rgb('#2f7f86')
const CREAM = rgb('#efe4cf')
const CLAY = rgb('#a9683f')

const belly = turned(
  [0, 0],
  [
    [0, 0.02],
    ...smooth([
      [0.5, 0.02],
      [0.62, 0.1],
      [0.9, 0.42],
      [0.94, 0.72],
      [0.76, 1.06],
      [0.5, 1.24],
      [0.44, 1.3],
    ]),
    [0, 1.3],
  ],
  0.02,
)

const spout = tube([
  [-0.72, 0.48, 0, 0.2],
  [-1.02, 0.62, 0, 0.16],
  [-1.2, 0.9, 0, 0.115],
  [-1.36, 1.2, 0, 0.09],
  [-1.52, 1.32, 0, 0.085],
])

const mouth = tube([
  [-1.36, 1.22, 0, 0.05],
  [-1.55, 1.35, 0, 0.062],
  [-1.75, 1.45, 0, 0.062],
])

const handle = tube([
  [0.74, 1.04, 0, 0.085],
  [1.1, 1.18, 0, 0.085],
  [1.4, 0.98, 0, 0.085],
  [1.36, 0.62, 0, 0.08],
  [1.1, 0.4, 0, 0.075],
  [0.84, 0.36, 0, 0.08],
])

const lid = union(
  turned(
    [0, 0],
    [
      [0, 1.3],
      ...smooth([
        [0.5, 1.3],
        [0.5, 1.34],
        [0.36, 1.44],
        [0.14, 1.5],
        [0.1, 1.54],
      ]),
      [0, 1.54],
    ],
    0.015,
  ),
  ellipsoid([0, 1.64, 0], [0.15, 0.12, 0.15]),
)

const glaze = (x, y, z) => {
  const drip = 0.5 + 0.12 * noise(4 * Math.atan2(z, x) + 20, 0)
  return mix(mix(CREAM, CLAY, 0.12), GLAZE, step(drip - 0.012, drip + 0.012, y))
}

export const teapot = {
  file: 'teapot.jpg',
  width: 840,
  height: 600,
  camera: { from: [-1.2, 3.2, 9.4], at: [-0.08, 0.78, 0], zoom: 4 },
  bounds: { centre: [-0.05, 0.85, 0], radius: 1.65 },
  parts: [
    { shape: carve(0.02, blend(0.1, belly, spout, handle), mouth), colour: glaze, gloss: 0.9, sharpness: 120 },
    { shape: lid, colour: GLAZE, gloss: 0.9, sharpness: 120 },
  ],
}
