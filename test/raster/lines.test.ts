import { describe, expect, test } from 'vitest'
import { drawLines } from '../../src/raster/lines.ts'
import { renderStrokes } from '../../src/raster/raster.ts'
import { strokesFrom } from '../../src/strokes/bezier.ts'
import { CANVAS } from '../../src/units.ts'

/** A straight chain from (x0, 100.5) to (x1, 100.5), a point a unit. */
const straight = (x0: number, x1: number, strength: number) => {
  const x = Array.from({ length: x1 - x0 + 1 }, (_, k) => x0 + k)
  return { x, y: x.map(() => 100.5), strength: x.map(() => strength), closed: false }
}

describe('lines as a picture', () => {
  test('a strong line is drawn as a stroke of the same width is', () => {
    const ink = drawLines([straight(40, 160, 1)], 3)
    const third = (160 - 40) / 3
    const line = [40, 100.5, 40 + third, 100.5, 160 - third, 100.5, 160, 100.5]
    const paper = renderStrokes(strokesFrom([line], 3, CANVAS)).output
    const off = ink.data.map((v, i) => Math.abs(v - (1 - paper.data[i]!)))
    // dots a unit apart fall short of a stroke's edge by the height of their bow
    expect(off.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(0.15)
    expect(off.reduce((a, b) => a + b, 0)).toBeLessThan(0.08 * ink.data.reduce((a, b) => a + b, 0))
  })

  test('weak lines are grey, the weaker the paler', () => {
    const blackest = (strength: number) =>
      drawLines([straight(40, 160, strength)], 3).data.reduce((a, b) => Math.max(a, b), 0)
    expect(blackest(0.055)).toBeCloseTo(0.5, 3)
    expect(blackest(0.022)).toBeCloseTo(0.2, 3)
    expect(blackest(0)).toBe(0)
  })

  test('a line that fades out ends there, one that is weak in its middle or all along goes on', () => {
    const along = (strengthAt: (x: number) => number, closed = false) => {
      const line = straight(40, 160, 1)
      const { data } = drawLines([{ ...line, strength: line.x.map(strengthAt), closed }], 3)
      return [60, 100, 140].map((x) => data[100 * CANVAS + x]! > 0)
    }
    const fading = (x: number): number => (x < 120 ? 0.5 : 0.1)
    expect(along(fading)).toEqual([true, true, false])
    expect(along((x) => fading(200 - x))).toEqual([false, true, true])
    expect(along(fading, true)).toEqual([true, true, true])
    expect(along((x) => (Math.abs(x - 100) < 20 ? 0.1 : 0.5))).toEqual([true, true, true])
    expect(along((x) => (x < 120 ? 0.13 : 0.1))).toEqual([true, true, true])
    expect(along(() => 0.04)).toEqual([true, true, true])
  })

  test('a line that leaves the canvas is cut off there', () => {
    const ink = drawLines([straight(200, 260, 1)], 3)
    expect(ink.data[100 * CANVAS + CANVAS - 1]).toBe(1)
    expect(ink.data.every((v) => v >= 0 && v <= 1)).toBe(true)
  })
})
