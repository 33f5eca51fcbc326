import { expect, test } from 'vitest'
import { areaApart } from '../../src/raster/area.ts'
import { renderStrokes } from '../../src/raster/raster.ts'
import { agreement, centralDifferences } from '../support/differences.ts'
import { random } from '../support/random.ts'

test('is the ink of strokes that keep clear of each other', () => {
  const strokes = strokesOf([20, 20, 40, 10, 70, 40, 60, 60, 10, 80, 30, 90, 50, 90, 90, 85], [3, 5])
  const ink = renderStrokes(strokes).output.data.reduce((sum, grey) => sum + (1 - grey), 0)
  expect(areaApart(strokes).output / ink).toBeCloseTo(1, 2)
})

test('its gradient agrees with central differences', () => {
  const next = random(3)
  const points = Array.from({ length: 2 * (4 + 7) }, () => 10 + 60 * next())
  const strokes = { ...strokesOf(points, [3, 2]), segments: Uint8Array.of(1, 2) }
  const { cos, norm } = agreement(
    areaApart(strokes).pullback(0.7),
    centralDifferences(() => 0.7 * areaApart(strokes).output, strokes.points, 0.002),
  )
  expect(cos).toBeGreaterThan(0.999)
  expect(norm).toBeCloseTo(1, 1)
})

test('a stroke of no length has the area of its caps, and no gradient', () => {
  const dot = areaApart(strokesOf(new Array<number>(8).fill(50), [4]))
  expect(dot.output).toBeCloseTo(4 * Math.PI)
  expect([...dot.pullback(1)]).toEqual(new Array(8).fill(0))
})

function strokesOf(points: number[], widths: number[]) {
  return { points: Float32Array.from(points), widths: Float32Array.from(widths), width: 100, height: 100 }
}
