/** A sitting ginger cat that looks at you, its tail round its feet, on white. */
import { mix, noise, rgb, step } from './colour.mjs'
import { blend, ellipsoid, stick, tube, union } from './sdf.mjs'

const GINGER = rgb('#d98a3d')
const STRIPE = rgb('#a85a20')
const PINK = rgb('#e3a58e')
const CREAM = rgb('#f6e6cf')

const torso = tube([
  [0, 0.5, -0.32, 0.5],
  [0, 0.85, -0.2, 0.46],
  [0, 1.25, 0, 0.35],
  [0, 1.55, 0.1, 0.26],
])
const thighs = mirroredX(ellipsoid([0.42, 0.4, -0.12], [0.28, 0.38, 0.46]))
const hindPaws = mirroredX(
  tube([
    [0.48, 0.1, 0.05, 0.12],
    [0.46, 0.1, 0.3, 0.12],
    [0.45, 0.1, 0.42, 0.1],
  ]),
)
const forelegs = mirroredX(
  tube([
    [0.2, 1.2, 0.14, 0.17],
    [0.18, 0.75, 0.3, 0.135],
    [0.16, 0.3, 0.38, 0.11],
    [0.16, 0.11, 0.42, 0.115],
    [0.16, 0.1, 0.54, 0.1],
  ]),
)
const skull = ellipsoid([0, 1.92, 0.18], [0.44, 0.37, 0.36])
const cheeks = mirroredX(ellipsoid([0.2, 1.8, 0.28], [0.25, 0.2, 0.22]))
const muzzle = mirroredX(ellipsoid([0.075, 1.79, 0.5], [0.11, 0.085, 0.1]))
const ears = mirroredX(
  tube([
    [0.27, 2.14, 0.12, 0.16],
    [0.33, 2.32, 0.1, 0.1],
    [0.37, 2.47, 0.08, 0.02],
  ]),
)
const tail = tube([
  [-0.1, 0.14, -0.7, 0.13],
  [0.5, 0.13, -0.7, 0.13],
  [0.92, 0.12, -0.3, 0.13],
  [0.86, 0.12, 0.25, 0.125],
  [0.56, 0.12, 0.6, 0.12],
  [0.24, 0.11, 0.76, 0.1],
  [0.08, 0.12, 0.78, 0.07],
])

/** The shape and its mirror image across the plane x = 0. */
function mirroredX(shape) {
  return union(
    shape,
    Object.assign((x, y, z) => shape(-x, y, z), { bound: shape.bound.map((v, i) => (i ? v : -v)) }),
  )
}

const fur = (x, y, z) => {
  const wave = 0.4 * noise(5 * x + 9, 5 * y) + 0.3 * Math.abs(x)
  const band = Math.sin(15 * (y + z * 0.5) + 4 * wave)
  const stripes = step(0.35, 0.75, band) * step(0.22, 0.36, Math.abs(x) + Math.max(0, 0.1 - z)) * step(0.15, 0.3, y)
  const brow = step(2.02, 2.1, y) * step(0.3, 0.6, Math.cos(34 * x)) * step(0.3, 0.2, Math.abs(x)) * step(0, 0.2, z)
  const base = mix(GINGER, STRIPE, 0.85 * Math.max(stripes, brow))
  const bib = step(0.24, 0.14, Math.abs(x)) * step(0.12, 0.22, z) * step(1.7, 1.6, y) * step(0.7, 0.95, y)
  const mouth = step(0.34, 0.42, z) * step(1.86, 1.8, y) * step(1.5, 1.6, y)
  const socks = step(0.24, 0.18, y) * step(0.1, 0.2, z)
  const up = (y - 2.18) / 0.26
  const inEar =
    step(0.085, 0.055, Math.abs(Math.abs(x) - 0.29 - 0.07 * up) / (1.05 - up)) * step(0, 0.15, up) * step(0.12, 0.17, z)
  return mix(mix(base, CREAM, Math.max(bib, mouth, socks)), PINK, up < 1 ? 0.8 * inEar : 0)
}

const eyes = mirroredX(ellipsoid([0.165, 1.965, 0.475], [0.085, 0.085, 0.05]))
const pupils = mirroredX(ellipsoid([0.165, 1.965, 0.51], [0.032, 0.07, 0.032]))
const nose = ellipsoid([0, 1.865, 0.57], [0.05, 0.035, 0.04])
const whiskers = mirroredX(
  union(...[-0.1, 0, 0.1].map((rise) => stick([0.13, 1.79 + rise * 0.3, 0.55], [0.6, 1.78 + rise, 0.5], 0.006))),
)

export const cat = {
  file: 'cat.jpg',
  width: 640,
  height: 800,
  camera: { from: [-3, 2.5, 9], at: [0.04, 1.2, 0], zoom: 3.2 },
  bounds: { centre: [0, 1.2, 0], radius: 1.55 },
  parts: [
    {
      shape: blend(0.05, blend(0.12, torso, thighs, hindPaws, skull, cheeks), forelegs, muzzle, ears),
      colour: fur,
      gloss: 0.12,
      sharpness: 8,
    },
    {
      shape: tail,
      colour: (x, y, z) => mix(GINGER, STRIPE, 0.8 * step(0.3, 0.7, Math.sin(11 * (x - z)))),
      gloss: 0.12,
      sharpness: 8,
    },
    { shape: eyes, colour: rgb('#9db84a'), gloss: 0.9, sharpness: 250 },
    { shape: pupils, colour: rgb('#100c0a'), gloss: 1, sharpness: 250 },
    { shape: nose, colour: rgb('#d77f7c'), gloss: 0.4 },
    { shape: whiskers, colour: rgb('#c9bfb4') },
  ],
}
