/** What stands under and behind an object: colours as functions of two lengths in scene units. */
import { hash, mix, noise, rgb, step } from './colour.mjs'

/** Planks that run along x, each with its own grain and tone. */
export function wood(x, z) {
  const plank = Math.floor(z / 0.62)
  const across = z / 0.62 - plank
  const shift = 40 * hash(plank, 7)
  const sway = 0.25 * noise(0.5 * x + shift, plank)
  const grain = noise(1.3 * x + shift, 26 * (across + sway))
  const fibre = noise(9 * x + shift, 160 * across)
  const tone = 0.35 * hash(plank, 3) + 0.45 * grain + 0.2 * fibre
  const groove = step(0.012, 0.03, Math.min(across, 1 - across))
  return mix(rgb('#3a2416'), mix(rgb('#8a5a34'), rgb('#b98553'), tone), 0.25 + 0.75 * groove)
}

/** Bricks 0.56 by 0.2, each row shifted by half a brick, in pale mortar. */
export function brick(x, y) {
  const row = Math.floor(y / 0.2)
  const along = x / 0.56 + (row % 2 ? 0.5 : 0)
  const column = Math.floor(along)
  const wobble = 0.012 * (noise(9 * x, 9 * y) - 0.5)
  const gap = Math.min(
    Math.min(along - column, column + 1 - along) * 0.56 + wobble,
    Math.min(y - row * 0.2, (row + 1) * 0.2 - y) + wobble,
  )
  const tone = 0.6 * hash(column, row) + 0.25 * noise(12 * x, 12 * y) + 0.15 * noise(45 * x, 45 * y)
  return mix(rgb('#c9bfb2'), mix(rgb('#8f4f3c'), rgb('#bf7c60'), tone), step(0.008, 0.02, gap))
}
