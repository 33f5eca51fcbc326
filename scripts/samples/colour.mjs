/** Colours in linear light, and the seeded noise that textures are made of. */

/** '#rrggbb' as linear [r, g, b]. */
export function rgb(hex) {
  return [1, 3, 5].map((i) => {
    const v = parseInt(hex.slice(i, i + 2), 16) / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  })
}

export const mix = (a, b, t) => a.map((v, k) => v + (b[k] - v) * t)

/** 0 below `low`, 1 above `high`, smooth between. */
export function step(low, high, x) {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}

/** A fixed random number 0..1 for a pair of integers. */
export function hash(i, j) {
  let h = Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32
}

/** Smooth noise 0..1 with one bump per unit. */
export function noise(x, y) {
  const [i, j] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [step(0, 1, x - i), step(0, 1, y - j)]
  const top = hash(i, j) + (hash(i + 1, j) - hash(i, j)) * u
  const bottom = hash(i, j + 1) + (hash(i + 1, j + 1) - hash(i, j + 1)) * u
  return top + (bottom - top) * v
}

/** A sweep of studio paper that falls off from `top` to `bottom`. */
export const graded = (top, bottom) => (u, v) => mix(top, bottom, v * v)
