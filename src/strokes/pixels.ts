import { CANVAS } from '../units.ts'

/** Visits the pixels of the canvas whose middle lies within `reach` units of a place, row by row. */
export function pixelsAround(x: number, y: number, reach: number, visit: (pixel: number) => void): void {
  const last = CANVAS - 1
  for (let v = Math.max(0, Math.floor(y - reach)); v <= Math.min(last, y + reach); v++) {
    for (let u = Math.max(0, Math.floor(x - reach)); u <= Math.min(last, x + reach); u++) {
      if ((u + 0.5 - x) ** 2 + (v + 0.5 - y) ** 2 <= reach ** 2) visit(v * CANVAS + u)
    }
  }
}
