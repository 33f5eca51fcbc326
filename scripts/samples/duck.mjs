/** A rubber duck on a softly graded blue-grey sweep. */
import { graded, mix, rgb, step } from './colour.mjs'
import { blend, ellipsoid, flattened, mirrored, sphere, tube, union } from './sdf.mjs'

const YELLOW = rgb('#f8c71c')
const AMBER = rgb('#f0ad12')
const ORANGE = rgb('#ee6f1a')

const body = blend(
  0.16,
  tube([
    [-0.5, 0.42, 0, 0.4],
    [-0.1, 0.44, 0, 0.56],
    [0.36, 0.48, 0, 0.45],
    [0.74, 0.68, 0, 0.22],
    [0.94, 0.9, 0, 0.07],
  ]),
  tube([
    [-0.42, 0.72, 0, 0.34],
    [-0.46, 0.95, 0, 0.28],
    [-0.5, 1.2, 0, 0.3],
  ]),
  ellipsoid([-0.52, 1.32, 0], [0.43, 0.4, 0.4]),
)

const wing = mirrored(
  flattened(
    0.5,
    0.5,
    blend(
      0.05,
      tube([
        [-0.28, 0.58, 0.5, 0.2],
        [0.08, 0.54, 0.54, 0.26],
        [0.4, 0.66, 0.46, 0.16],
        [0.66, 0.84, 0.36, 0.05],
      ]),
      tube([
        [0.1, 0.46, 0.54, 0.2],
        [0.36, 0.5, 0.48, 0.13],
        [0.56, 0.62, 0.4, 0.05],
      ]),
    ),
  ),
)

const bill = union(
  flattened(
    1.5,
    0,
    tube([
      [-0.84, 1.3, 0, 0.14],
      [-1.02, 1.29, 0, 0.1],
      [-1.16, 1.34, 0, 0.055],
    ]),
  ),
  flattened(
    1.3,
    0,
    tube([
      [-0.84, 1.2, 0, 0.11],
      [-0.98, 1.16, 0, 0.075],
      [-1.06, 1.15, 0, 0.04],
    ]),
  ),
)

const eyeWhite = mirrored(ellipsoid([-0.74, 1.45, 0.27], [0.09, 0.115, 0.075]))
const pupil = mirrored(sphere([-0.785, 1.45, 0.325], 0.056))

export const duck = {
  file: 'duck.jpg',
  width: 720,
  height: 650,
  camera: { from: [-3.4, 2.7, 8.4], at: [-0.08, 0.8, 0], zoom: 3.6 },
  bounds: { centre: [-0.05, 0.85, 0], radius: 1.35 },
  backdrop: graded(rgb('#e9f0f4'), rgb('#c3d3dc')),
  parts: [
    { shape: body, colour: (x, y) => mix(AMBER, YELLOW, step(0, 0.7, y)), gloss: 0.8, sharpness: 90 },
    { shape: wing, colour: YELLOW, gloss: 0.8, sharpness: 90 },
    { shape: bill, colour: ORANGE, gloss: 0.8, sharpness: 90 },
    { shape: eyeWhite, colour: rgb('#fbfaf6'), gloss: 0.6 },
    { shape: pupil, colour: rgb('#17130f'), gloss: 1, sharpness: 250 },
  ],
}
