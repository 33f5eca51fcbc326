/**
 * How wide a stroke's soft edge is, in units (pixels). A linear edge one pixel wide has kinks that spoil gradients;
 * a smoothstep this wide has none and still puts down the ink that area sampling would (within 2 % of diffvg's).
 */
export const EDGE = 1.25

/**
 * Share of a pixel, 0..1, that a stroke of full width `width` covers when the pixel's centre lies `distance` from the
 * stroke's middle line: one edge minus the other, so that a line thinner than its edge fades with its width.
 */
export function coverage(distance: number, width: number): number {
  return smoothstep((width / 2 - distance) / EDGE + 0.5) - smoothstep((-width / 2 - distance) / EDGE + 0.5)
}

/** Derivative of `coverage` in the distance. */
export function coverageByDistance(distance: number, width: number): number {
  return (slope((-width / 2 - distance) / EDGE + 0.5) - slope((width / 2 - distance) / EDGE + 0.5)) / EDGE
}

/** Derivative of `coverage` in the width. */
export function coverageByWidth(distance: number, width: number): number {
  return (slope((width / 2 - distance) / EDGE + 0.5) + slope((-width / 2 - distance) / EDGE + 0.5)) / (2 * EDGE)
}

/** Beyond this distance from its middle line a stroke leaves no ink. */
export function reach(width: number): number {
  return width / 2 + EDGE / 2
}

/** Nearer than this to its middle line a stroke covers a pixel whole, and neither its width nor the distance changes that. */
export function core(width: number): number {
  return Math.max(0, width / 2 - EDGE / 2)
}

function smoothstep(u: number): number {
  return u <= 0 ? 0 : u >= 1 ? 1 : u * u * (3 - 2 * u)
}

function slope(u: number): number {
  return u <= 0 || u >= 1 ? 0 : 6 * u * (1 - u)
}
