import fc from 'fast-check'
import { expect, test } from 'vitest'
import { strokesInLottie, toLottie } from '../../src/export/lottie.ts'
import { lineOf } from '../../src/export/painted.ts'
import { LOOK_NAMES, LOOKS, marksOf } from '../../src/looks/looks.ts'
import { penTimes } from '../../src/strokes/pen.ts'
import { anyFrame, anyStrokes, curls, two } from '../support/strokes.ts'

interface Keyframe {
  t: number
  s: [number]
}
interface Item {
  ty: string
  ks: { k: { v: number[][]; i: number[][]; o: number[][] } }
  e: { k: Keyframe[] }
  w: { k: number }
  c: { k: number[] }
}
interface Lottie {
  fr: number
  op: number
  w: number
  h: number
  layers: { ty: number; nm: string; td?: 1; tt?: 1; sc?: string; shapes?: { nm: string; it: Item[] }[] }[]
}

const read = (text: string): Lottie => JSON.parse(text) as Lottie
/** The strokes as they are drawn, the first one first: what is first in a Lottie lies on top. */
const groupsOf = ({ layers }: Lottie) => layers[0]!.shapes!.toReversed()
const itemOf = ({ it }: { it: Item[] }, type: string): Item => it.find(({ ty }) => ty === type)!

test('has every stroke once, and nothing that is no number', () => {
  fc.assert(
    fc.property(anyStrokes(), anyFrame, fc.integer({ min: 16, max: 2048 }), (strokes, frame, pixels) => {
      const text = toLottie(strokes, { frame, pixels })
      expect(strokesInLottie(text)).toBe(strokes.widths.length)
      expect(text).not.toMatch(/null|NaN|-0[,\]]/)
      const { w, h } = read(text)
      expect(Math.max(w, h)).toBe(pixels)
    }),
  )
})

test('its curves are the strokes, as large as its pixels', () => {
  const [first, second, third] = groupsOf(read(toLottie(curls, { pixels: 448 })))
  expect(itemOf(first!, 'sh').ks.k).toMatchObject({
    v: [
      [40, 120],
      [400, 80],
    ],
    o: [
      [80, -120],
      [0, 0],
    ],
    i: [
      [0, 0],
      [-180, 160],
    ],
  })
  expect(itemOf(second!, 'sh').ks.k.v).toHaveLength(3)
  expect(itemOf(third!, 'st').w.k).toBe(20)
  const red = { ...two, colors: Float32Array.of(1, 0, 0, 1, 0, 0, 1, 0.5) }
  expect(groupsOf(read(toLottie(red))).map((group) => itemOf(group, 'st').c.k)).toEqual([
    [1, 0, 0, 1],
    [0, 0, 1, 1],
  ])
})

test('strokes are drawn one after another when the pen draws them, and rest', () => {
  const seconds = 3
  const film = read(toLottie(curls, { seconds }))
  const keys = groupsOf(film).map((group) => itemOf(group, 'tm').e.k)
  penTimes(curls).forEach(({ from, to }, i) => {
    expect(keys[i]![0]!.t / (seconds * film.fr)).toBeCloseTo(from, 3)
    expect(keys[i]!.at(-1)!.t / (seconds * film.fr)).toBeCloseTo(to, 3)
    expect([keys[i]![0]!.s[0], keys[i]!.at(-1)!.s[0]]).toEqual([0, 100])
  })
  const times = keys.flat().map(({ t }) => t)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(film.op / film.fr).toBe(seconds + 2)
})

test('what is painted of a stroke is all there, behind its line', () => {
  const pressed = { ...curls, pressures: Float32Array.from({ length: curls.points.length / 2 }, () => 0.5) }
  for (const [look, strokes] of [
    ...LOOK_NAMES.slice(1).map((name) => [name, curls] as const),
    ['fineliner', pressed],
  ] as const) {
    const text = toLottie(strokes, { look, pixels: 448 })
    expect(strokesInLottie(text)).toBe(3)
    expect(text).not.toMatch(/null|NaN|-0[,\]]/)
    const { layers } = read(text)
    expect(layers.map(({ td, tt }) => (td ? 'line' : tt && 'painted'))).toEqual(
      Array(3).fill(['line', 'painted']).flat(),
    )
    layers.toReversed().forEach(({ shapes = [], td }, i) => {
      const index = Math.floor(i / 2)
      const width = 2 * strokes.widths[index]!
      if (td) expect(itemOf(shapes[0]!, 'st').w.k).toBeCloseTo(2 * LOOKS[look].reach * width, 2)
      const marks = marksOf(look, lineOf(strokes, index), index, true)
      if (!td) {
        expect(shapes.map(({ it }) => it.filter(({ ty }) => ty === 'sh').length)).toEqual(
          marks.toReversed().map(({ paths }) => paths.length),
        )
        const [first = []] = marks[0]!.paths
        expect(itemOf(shapes.at(-1)!, 'sh').ks.k.v[0]![0]).toBeCloseTo(2 * first[0]!, 2)
      }
    })
  }
})

test('paper lies below, with what can be seen in it; what is no number is refused', () => {
  expect(read(toLottie(two)).layers).toHaveLength(1)
  expect(read(toLottie(two, { paper: '#000' })).layers[1]).toMatchObject({ ty: 1, sc: '#000000', sw: 480, sh: 480 })
  const kraft = read(toLottie(two, { paper: 'kraft', look: 'brush' })).layers
  expect(kraft.map(({ nm }) => nm).slice(-2)).toEqual(['Grain', 'Paper'])
  expect(kraft.at(-1)).toMatchObject({ ty: 1, sc: '#c9a97c' })
  expect(() => toLottie({ ...two, points: two.points.map((v, i) => (i === 3 ? NaN : v)) })).toThrow(RangeError)
})
