/** Arithmetic on [x, y, z]. */

export const along = (from, ray, t) => [from[0] + ray[0] * t, from[1] + ray[1] * t, from[2] + ray[2] * t]
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const squareGap = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]

export function normalised(v) {
  const length = Math.sqrt(dot(v, v))
  return v.map((x) => x / length)
}
