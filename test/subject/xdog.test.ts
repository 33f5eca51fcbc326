import { describe, expect, test } from 'vitest'
import { likelyPlaces, otsu, xdog } from '../../src/subject/xdog.ts'
import { CANVAS } from '../../src/units.ts'
import { disc, greyPhoto } from '../support/pictures.ts'

describe('otsu', () => {
  test('parts two groups between them', () => {
    const threshold = otsu(Float32Array.of(0, 0.1, 0.05, 0.9, 1, 0.95))
    expect(threshold).toBeGreaterThan(0.1)
    expect(threshold).toBeLessThanOrEqual(0.9)
  })

  test('finds the larger gap of two, however many lie on each side', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0.2 * ((i % 10) / 10) : 0.8))
    expect(otsu(values)).toBeGreaterThan(0.18)
    expect(otsu(values)).toBeLessThanOrEqual(0.8)
  })

  test('leaves equal values together', () => {
    expect(otsu(Float32Array.of(3, 3))).toBe(3)
  })
})

describe('xdog', () => {
  const at = (x: number, y: number): number => y * CANVAS + x

  test('sees the dark side of an edge, and paper where nothing changes', () => {
    const { image } = greyPhoto(disc(112, 112, 60))
    const lines = xdog(image)
    expect(lines[at(112, 112)]).toBe(1)
    expect(lines[at(10, 10)]).toBe(1)
    expect(lines[at(56, 112)]).toBe(0)
    expect(lines[at(168, 112)]).toBe(0)
  })

  test('of an even picture is all paper', () => {
    expect(xdog(greyPhoto(() => 0.7).image).every((value) => value === 1)).toBe(true)
  })
})

describe('likely places', () => {
  const relevance = new Float32Array(CANVAS * CANVAS).fill(0.5)

  test('are relevant and on a line', () => {
    const { image } = greyPhoto(disc(112, 112, 60))
    const paper = xdog(image)
    const { data, shape } = likelyPlaces(image, relevance)
    expect(shape).toEqual([CANVAS, CANVAS])
    expect(data.every((value, i) => value === (paper[i] === 1 ? 0 : 0.5))).toBe(true)
  })

  test('are all that is relevant where there is no line', () => {
    expect(likelyPlaces(greyPhoto(() => 0.7).image, relevance).data).toEqual(relevance)
  })
})
