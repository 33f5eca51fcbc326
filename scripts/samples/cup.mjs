/** A cup of coffee with saucer and spoon, from above, on a wooden table. */
import { mix, rgb, step } from './colour.mjs'
import { blend, ellipsoid, smooth, stick, tube, turned, union, vessel } from './sdf.mjs'
import { wood } from './textures.mjs'

const PORCELAIN = rgb('#f1efe9')
const BLUE = rgb('#3d6a9e')

const bowl = turned(
  [0, 0],
  vessel(
    smooth([
      [0.3, 0.12],
      [0.42, 0.16],
      [0.62, 0.42],
      [0.74, 0.78],
      [0.8, 1.02],
    ]),
    0.05,
  ),
  0.018,
)

const handle = tube([
  [0.77, 0.86, 0, 0.055],
  [0.98, 0.9, 0, 0.06],
  [1.16, 0.74, 0, 0.062],
  [1.04, 0.5, 0, 0.058],
  [0.84, 0.4, 0, 0.055],
  [0.63, 0.37, 0, 0.05],
])

const saucer = turned(
  [0, 0],
  [
    [0, 0.02],
    ...smooth([
      [0.5, 0.02],
      [0.62, 0.05],
      [1.0, 0.14],
      [1.28, 0.2],
    ]),
    ...smooth([
      [1.28, 0.23],
      [1.0, 0.19],
      [0.62, 0.11],
      [0.5, 0.1],
    ]),
    [0, 0.1],
  ],
  0.015,
)

const coffee = turned(
  [0, 0],
  [
    [0, 0.7],
    [0.71, 0.7],
    [0.71, 0.86],
    [0, 0.86],
  ],
)

const spoon = union(
  ellipsoid([-0.62, 0.235, 0.88], [0.2, 0.035, 0.12]),
  stick([-0.44, 0.25, 0.84], [0.5, 0.3, 0.98], 0.026),
  ellipsoid([0.5, 0.3, 0.98], [0.12, 0.03, 0.05]),
)

const froth = (x, y, z) => mix(rgb('#3b1f10'), rgb('#a8713f'), 0.15 + 0.75 * step(0.5, 0.72, Math.hypot(x, z)))
const glaze = (x, y, z) =>
  mix(PORCELAIN, BLUE, step(0.01, 0.004, Math.abs(Math.hypot(x, z) - 1.2) - 0.018) * step(0.3, 0.25, y))

export const cup = {
  file: 'cup.jpg',
  width: 780,
  height: 600,
  camera: { from: [-1.6, 5.2, 7.2], at: [0, 0.36, 0.05], zoom: 3.55 },
  bounds: { centre: [0, 0.5, 0], radius: 1.45 },
  floor: { colour: wood },
  parts: [
    { shape: blend(0.06, bowl, handle), colour: PORCELAIN, gloss: 0.9, sharpness: 150 },
    { shape: saucer, colour: glaze, gloss: 0.9, sharpness: 150 },
    { shape: coffee, colour: froth, gloss: 0.12, sharpness: 200 },
    { shape: spoon, colour: rgb('#9a9c9f'), gloss: 1, sharpness: 60 },
  ],
}
