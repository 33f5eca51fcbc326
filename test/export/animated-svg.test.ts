import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { toAnimatedSvg } from '../../src/export/animated-svg.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { toSvg } from '../../src/export/svg.ts'
import { anyFrame, anyStrokes, two } from '../support/strokes.ts'

/** From when to when each stroke is drawn, as shares of the whole. */
function spans(svg: string): [number, number][] {
  return Array.from(svg.matchAll(/\{ 0%, ([\d.]+)% .*? ([\d.]+)%, 100%/g), ([, from, to]) => [Number(from), Number(to)])
}

test('is read as the drawing that it ends with', () => {
  fc.assert(
    fc.property(anyStrokes(), anyFrame, fc.boolean(), (strokes, frame, loop) => {
      expect(fromSvg(toAnimatedSvg(strokes, { frame, loop }))).toEqual(fromSvg(toSvg(strokes, { frame })))
    }),
  )
})

test('is the whole drawing to programs that know no animation', async () => {
  const [animated, plain] = await Promise.all(
    [toAnimatedSvg(two), toSvg(two)].map((svg) => sharp(Buffer.from(svg)).raw().toBuffer()),
  )
  expect(animated!.equals(plain!)).toBe(true)
  expect(new Set(plain).size).toBeGreaterThan(1)
})

test('strokes follow each other, the longer ones longer, and the last ends with the time', () => {
  fc.assert(
    fc.property(anyStrokes(), (strokes) => {
      const times = spans(toAnimatedSvg(strokes)).flat()
      expect(times.length).toBe(2 * strokes.widths.length)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.at(-1)).toBeLessThanOrEqual(100)
    }),
  )
  const straight = (length: number) => [0, 0, length / 3, 0, (2 * length) / 3, 0, length, 0]
  const points = Float32Array.of(...straight(30), ...straight(90))
  const [short, long] = spans(toAnimatedSvg({ points, widths: Float32Array.of(3, 3), width: 224, height: 224 }))
  expect((long![1] - long![0]) / (short![1] - short![0])).toBeGreaterThan(2)
})

test('plays once, or again after a rest, and only for people who want motion', () => {
  expect(toAnimatedSvg(two, { seconds: 5 })).toMatch(
    /@media \(prefers-reduced-motion: no-preference\) \{ \.(fewline-\w+) path \{ animation: 5s linear backwards \} \}/,
  )
  const svg = toAnimatedSvg(two, { seconds: 5, loop: true })
  expect(svg).toContain('animation: 7s linear infinite')
  expect(spans(svg).at(-1)![1]).toBeCloseTo((100 * 5) / 7, 1)
  expect(svg).not.toMatch(/<script|href|<defs|transform=/)
})

test('two drawings on one web page keep to themselves', () => {
  const nameOf = (svg: string) => /class="(fewline-\w+)"/.exec(svg)![1]
  expect(nameOf(toAnimatedSvg(two))).not.toBe(nameOf(toAnimatedSvg({ ...two, points: two.points.map((v) => v + 1) })))
})
