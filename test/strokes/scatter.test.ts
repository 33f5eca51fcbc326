import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../src/random.ts'
import { pointOffsets } from '../../src/strokes/bezier.ts'
import { coloursOf, inPalette } from '../../src/strokes/colours.ts'
import { scatterStrokes, stacked } from '../../src/strokes/scatter.ts'
import { tensor } from '../../src/tensor.ts'

describe('strewn strokes', () => {
  const strokes = scatterStrokes(40, { widths: [2, 9], reach: 0.2 }, randomFrom(5))

  test('have 1 to 3 cubics, lie on the canvas and keep to the widths', () => {
    expect(new Set(strokes.segments)).toEqual(new Set([1, 2, 3]))
    expect(strokes.points).toHaveLength(2 * pointOffsets(strokes)[40]!)
    expect(strokes.points.every((value) => value >= 0 && value <= 224)).toBe(true)
    expect(strokes.widths.every((width) => width >= 2 && width <= 9)).toBe(true)
  })

  test('lie on one another in their order', () => {
    const both = stacked(strokes, scatterStrokes(3, { widths: [1, 1], reach: 0.1 }, randomFrom(6)))
    expect(both.widths).toHaveLength(43)
    expect(both.points.subarray(0, strokes.points.length)).toEqual(strokes.points)
    expect([...both.widths.subarray(40)]).toEqual([1, 1, 1])
    expect(both.points).toHaveLength(2 * pointOffsets(both)[43]!)
    expect(both.colors).toHaveLength(4 * 43)
  })

  test('take the nearest colour of a palette, and stay as opaque as they are', () => {
    const colors = Float32Array.of(0.9, 0.2, 0.1, 0.5)
    const one = { points: new Float32Array(8), widths: new Float32Array(1), colors, width: 224, height: 224 }
    expect(
      inPalette(one, [
        [0, 0, 1],
        [1, 0, 0],
      ]).colors,
    ).toEqual(Float32Array.of(1, 0, 0, 0.5))
    expect(inPalette(one, [])).toBe(one)
  })
})

test('the colours of a picture are those that it has', () => {
  const picture = tensor([3, 10, 10])
  picture.data.fill(1, 0, 50) // the upper half is red
  picture.data.fill(1, 250) // and the lower half is blue
  expect(coloursOf(picture).sort()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ])
})
