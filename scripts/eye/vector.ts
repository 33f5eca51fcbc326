/** Points and directions in space: x to the right, y up, z towards the viewer of a thing that looks along x. */
export type Vec3 = readonly [x: number, y: number, z: number]
/** Rows of a rotation (and scaling). */
export type Matrix3 = readonly [Vec3, Vec3, Vec3]

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s]
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const length = (a: Vec3): number => Math.sqrt(dot(a, a))
export const mix = (a: Vec3, b: Vec3, t: number): Vec3 => add(scale(a, 1 - t), scale(b, t))
export const unit = (a: Vec3): Vec3 => scale(a, 1 / (length(a) || 1))
export const times = (m: Matrix3, v: Vec3): Vec3 => [dot(m[0], v), dot(m[1], v), dot(m[2], v)]

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/** Turns by an angle in radians about an axis through the origin (Rodrigues). */
export function turn(axis: Vec3, angle: number): Matrix3 {
  const [x, y, z] = unit(axis)
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const k = 1 - c
  return [
    [c + x * x * k, x * y * k - z * s, x * z * k + y * s],
    [y * x * k + z * s, c + y * y * k, y * z * k - x * s],
    [z * x * k - y * s, z * y * k + x * s, c + z * z * k],
  ]
}

/** First b, then a. */
export function after(a: Matrix3, b: Matrix3): Matrix3 {
  const column = (i: number): Vec3 => [b[0][i]!, b[1][i]!, b[2][i]!]
  const columns = [times(a, column(0)), times(a, column(1)), times(a, column(2))] as const
  const row = (i: number): Vec3 => [columns[0][i]!, columns[1][i]!, columns[2][i]!]
  return [row(0), row(1), row(2)]
}
