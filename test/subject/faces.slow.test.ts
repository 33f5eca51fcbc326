import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPhoto, type Photo } from '../../src/photo/photo.ts'
import { randomFrom } from '../../src/random.ts'
import { findChains, type Chain } from '../../src/strokes/chains.ts'
import { chooseStrokes } from '../../src/strokes/choose.ts'
import { pointAt, type Cubic } from '../../src/strokes/fit.ts'
import { linesFor, traceStrokes } from '../../src/strokes/trace.ts'
import { findFaces, type Face, type Place } from '../../src/subject/faces.ts'
import { bodyOf, clarityIn, featuresOf, type Line } from '../../src/subject/features.ts'
import { lineField, type LineField } from '../../src/subject/lines.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { blind, everything } from '../support/pictures.ts'

const PORTRAIT = join(import.meta.dirname, '../fixtures/portrait.jpg')
const SAMPLES = join(import.meta.dirname, '../../resources/samples')

let photo: Photo
let face: Face
beforeAll(async () => {
  photo = await openPhoto(PORTRAIT)
  face = (await findFaces(photo.image))[0]!
})

const fieldWith = (face: Face, mask = everything()): LineField => lineField(photo, { mask, plain: true }, blind, [face])
const between = (a: Place, b: Place): number => Math.hypot(a[0] - b[0], a[1] - b[1])
const middleOf = (places: readonly Place[]): Place => [
  places.reduce((sum, [x]) => sum + x, 0) / places.length,
  places.reduce((sum, [, y]) => sum + y, 0) / places.length,
]
const nearest = (cubic: Cubic, place: Place): number =>
  Math.min(...Array.from({ length: 65 }, (_, k) => between(pointAt(cubic, k / 64), place)))
const mirrored = ({ data, shape }: Tensor): Tensor =>
  tensor(
    shape,
    data.map((_, i) => data[i - (i % CANVAS) + CANVAS - 1 - (i % CANVAS)]!),
  )

describe('finding faces', () => {
  test('there is one in a portrait, and its places are where one sees them', async () => {
    expect(await findFaces(photo.image)).toHaveLength(1)
    expect(between(middleOf(face.places.slice(36, 42)), [81.4, 99.7])).toBeLessThan(2)
    expect(between(middleOf(face.places.slice(42, 48)), [117.7, 101.3])).toBeLessThan(2)
    expect(between(face.places[48]!, [81.4, 133.7])).toBeLessThan(4)
    expect(between(face.places[54]!, [115.3, 134.8])).toBeLessThan(4)
    expect(between(face.places[8]!, [98.5, 165.1])).toBeLessThan(4)
  })

  test('a body is below the chin, to both sides alike and the less the further, and turns with the face', () => {
    const places = Array.from({ length: 68 }, (_, i): Place => (i === 8 ? [100, 60] : [100, 40]))
    const body = bodyOf({ size: 40, places })
    expect([body(100, 50), body(100, 65), body(100, 100)]).toEqual([0, 1, 1])
    expect(body(100, 130)).toBeGreaterThan(body(100, 150))
    expect([body(120, 100), body(80, 100)]).toEqual([1, 1])
    expect([body(120, 65), body(140, 100), body(100, 165)]).toEqual([0, 0, 0])
    const turned = bodyOf({ size: 40, places: places.map(([x, y]): Place => [y, x]) })
    expect([turned(100, 100), turned(100, 120), turned(50, 100)]).toEqual([1, 1, 0])
  })

  test('in a mirror, it is mirrored', async () => {
    const [mirror] = await findFaces(mirrored(photo.image))
    const eye = middleOf(mirror!.places.slice(36, 42))
    expect(between([CANVAS - eye[0], eye[1]], middleOf(face.places.slice(42, 48)))).toBeLessThan(1.5)
  })

  test('there is none in things, animals, an empty photo and noise', async () => {
    for (const name of readdirSync(SAMPLES).filter((file) => /\.(png|jpg)$/.test(file))) {
      expect(await findFaces((await openPhoto(join(SAMPLES, name))).image), name).toEqual([])
    }
    const random = randomFrom(1)
    for (const paint of [() => 1, random]) {
      const image = tensor([3, CANVAS, CANVAS])
      expect(await findFaces({ ...image, data: image.data.map(paint) })).toEqual([])
    }
  })
})

describe('the features of a face', () => {
  const scaled = (size: number): Face => ({
    size,
    places: face.places.map(([x, y]) => [(x * size) / face.size, (y * size) / face.size]),
  })

  test('are more, the larger it is; they go from where they begin to where they end, in steps of about a unit', () => {
    expect([30, 60, 100, 130].map((size) => featuresOf(scaled(size)).length)).toEqual([3, 5, 7, 8])
    const [eye] = featuresOf(face)[0]!
    expect([eye!.x[0], eye!.y[0]]).toEqual([...face.places[36]!])
    expect([eye!.x.at(-1), eye!.y.at(-1)]).toEqual([...face.places[39]!])
    for (const { x, y } of featuresOf(face).flat()) {
      for (let k = 1; k < x.length; k++) {
        const step = Math.hypot(x[k]! - x[k - 1]!, y[k]! - y[k - 1]!)
        expect(step).toBeGreaterThan(0.4)
        expect(step).toBeLessThan(1.8)
      }
    }
  })

  test('count for as much as the face is large, however long they are', () => {
    const worth = ({ strength }: { strength: number[] }): number => strength.reduce((sum, s) => sum + s, 0)
    const [small, large] = [featuresOf(scaled(40))[0]!, featuresOf(scaled(80))[0]!]
    expect(worth(large[0]!)).toBeCloseTo(2 * worth(small[0]!), 5)
    expect(worth(small[0]!)).toBeCloseTo(worth(small[1]!), 5)
  })

  test('make edges in a small face count for less, and none beside it', () => {
    const [x, y] = middleOf(scaled(40).places)
    expect(clarityIn(scaled(40))(x, y)).toBeCloseTo(0.3, 5)
    expect(clarityIn(scaled(40))(x + 40, y)).toBe(1)
    expect(clarityIn(scaled(150))(...middleOf(scaled(150).places))).toBe(1)
  })

  test('are left out where the face is no part of the subject', () => {
    const below = everything()
    below.data.fill(0, 0, 180 * CANVAS)
    expect(fieldWith(face, below).features).toEqual([])
    expect(fieldWith(face).features).toHaveLength(featuresOf(face).length)
  })

  test('are left out where they would leave the photo', () => {
    const low = { ...face, places: face.places.map(([x, y]): Place => [x, y + 60]) }
    const [eyes, , chin] = featuresOf(low)
    const { features } = fieldWith(low)
    expect(features).toContainEqual(eyes)
    expect(features).not.toContainEqual(chin)
  })
})

describe('drawing a face', () => {
  let field: LineField
  let chains: Chain[]
  beforeAll(() => {
    field = fieldWith(face)
    chains = findChains(field)
  })

  test('no line is found again where one is known', () => {
    const known = chains.filter((chain) => chain.known !== undefined)
    expect(known).toHaveLength(field.features.flat().length)
    for (const { x, y } of chains.filter((chain) => chain.known === undefined)) {
      x.forEach((u, k) => {
        const nearest = Math.min(
          ...known.flatMap((line) => line.x.map((v, j) => Math.hypot(u - v, y[k]! - line.y[j]!))),
        )
        expect(nearest).toBeGreaterThan(2.5)
      })
    }
  })

  test('few strokes are enough for eyes, mouth and chin, and annealing leaves them alone', () => {
    const { traced, annealed } = traceStrokes(linesFor(field, 12), 12)
    for (const strokes of [traced, annealed]) {
      for (const { x, y } of field.features.slice(0, 3).flat()) {
        const middle = Math.floor(x.length / 2)
        const place: Place = [x[middle]!, y[middle]!]
        expect(Math.min(...strokes.map((cubic) => nearest(cubic, place)))).toBeLessThan(1.5)
      }
    }
  })

  test('two eyes are drawn, or none, however many strokes there are', () => {
    const eyes = field.features[0]!
    const drawn = ({ x, y }: Line, strokes: readonly Cubic[]): boolean =>
      strokes.some((cubic) => [0, -1].every((end) => nearest(cubic, [x.at(end)!, y.at(end)!]) < 2))
    const counts = Array.from({ length: 14 }, (_, k) => k + 1)
    const seen = counts.map((count) => {
      const strokes = chooseStrokes(chains, count, 3).map(({ cubic }) => cubic)
      const [left, right] = eyes.map((eye) => drawn(eye, strokes))
      expect(left, `${count} strokes`).toBe(right)
      return left
    })
    expect(seen).toContain(true)
    expect(seen).toContain(false)
  })
})
