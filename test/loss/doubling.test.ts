import { expect, test } from 'vitest'
import { doubling } from '../../src/loss/doubling.ts'
import { areaApart } from '../../src/raster/area.ts'
import { renderStrokes } from '../../src/raster/raster.ts'

const across = [20, 50, 40, 50, 60, 50, 80, 50]
const beside = across.map((v, i) => (i % 2 ? v + 20 : v))
const aside = across.map((v, i) => (i % 2 ? v + 1 : v))
const crossing = [50, 20, 50, 40, 50, 60, 50, 80]

test('is nothing where strokes keep clear, little where they cross, and most of a stroke where one doubles another', () => {
  expect(of(across, beside)).toBeLessThan(0.01 * of(across, across))
  expect(of(across, crossing)).toBeLessThan(0.1 * of(across, across))
  expect(of(across, aside)).toBeGreaterThan(0.5 * of(across, across))
})

test('a longer stroke is no worse, and strokes on each other are driven apart', () => {
  expect(Math.max(...gradient(across).map(Math.abs))).toBeLessThan(1e-5)
  const points = gradient(across, aside)
  expect(points.filter((_, i) => i % 2).slice(0, 4)).toSatisfy((ys: number[]) => ys.every((g) => g > 0))
  expect(points.filter((_, i) => i % 2).slice(4)).toSatisfy((ys: number[]) => ys.every((g) => g < 0))
})

function of(...strokes: number[][]): number {
  return judged(strokes).loss
}

function gradient(...strokes: number[][]): number[] {
  const { ofApart, ofDrawn, apart, drawing } = judged(strokes)
  const longer = apart.pullback(ofApart)
  const shape = drawing.output.shape
  const lighter = drawing.pullback({ shape, data: drawing.output.data.map(() => ofDrawn) }).points
  return Array.from(longer, (g, i) => g + lighter[i]!)
}

function judged(list: number[][]) {
  const widths = new Float32Array(list.length).fill(3)
  const strokes = { points: Float32Array.from(list.flat()), widths, width: 100, height: 100 }
  const [apart, drawing] = [areaApart(strokes), renderStrokes(strokes)]
  return { ...doubling(apart.output, drawing.output), apart, drawing }
}
