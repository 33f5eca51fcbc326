/** A desk lamp with two jointed arms before a brick wall. */
import { rgb } from './colour.mjs'
import { rotated, smooth, sphere, stick, turned, union, vessel } from './sdf.mjs'
import { brick, wood } from './textures.mjs'

const ENAMEL = rgb('#d9e6dc')
const STEEL = rgb('#c4c6c8')

const FOOT = [0.45, 0.2]
const ELBOW = [0.95, 1.35]
const HEAD = [-0.35, 2.2]

const foot = turned(
  [FOOT[0], 0],
  [
    [0, 0.01],
    [0.56, 0.01],
    ...smooth([
      [0.56, 0.08],
      [0.42, 0.13],
      [0.12, 0.17],
      [0.07, 0.26],
    ]),
    [0, 0.26],
  ],
  0.015,
)

/** An arm of two parallel rods. */
const arm = ([ax, ay], [bx, by], gap) =>
  union(stick([ax, ay, gap], [bx, by, gap], 0.032), stick([ax, ay, -gap], [bx, by, -gap], 0.032))

/** A joint seen from the side: a round nut through both rods. */
const joint = ([x, y]) => stick([x, y, -0.09], [x, y, 0.09], 0.07)

/** A bell that hangs from HEAD, tilted to the left, with its bulb. */
const TILT = -0.5
const hung = (shape) => rotated(2, TILT, [HEAD[0], HEAD[1], 0], shape)
const shade = hung(
  turned(
    [HEAD[0], 0],
    vessel(
      smooth([
        [0.13, HEAD[1] + 0.14],
        [0.16, HEAD[1] + 0.02],
        [0.22, HEAD[1] - 0.12],
        [0.46, HEAD[1] - 0.32],
        [0.56, HEAD[1] - 0.62],
      ]).reverse(),
      0.03,
    ),
    0.01,
  ),
)
const bulb = hung(sphere([HEAD[0], HEAD[1] - 0.42, 0], 0.19))

export const lamp = {
  file: 'lamp.jpg',
  width: 720,
  height: 760,
  camera: { from: [-2.1, 1.6, 9], at: [0.1, 1.26, 0], zoom: 3.05 },
  bounds: { centre: [0.1, 1.3, 0], radius: 1.65 },
  floor: { colour: wood },
  wall: { z: -1.5, colour: brick },
  parts: [
    { shape: foot, colour: ENAMEL, gloss: 0.7, sharpness: 80 },
    { shape: union(arm(FOOT, ELBOW, 0.06), arm(ELBOW, HEAD, 0.06)), colour: STEEL, gloss: 0.9, sharpness: 60 },
    { shape: union(joint([FOOT[0], 0.28]), joint(ELBOW), joint(HEAD)), colour: rgb('#3c3d40'), gloss: 0.6 },
    { shape: shade, colour: ENAMEL, gloss: 0.7, sharpness: 80 },
    { shape: bulb, colour: rgb('#fff3cf'), gloss: 0.8 },
  ],
}
