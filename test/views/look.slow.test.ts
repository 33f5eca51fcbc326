import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { randomAt } from '../../src/random.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { look } from '../../src/views/look.ts'
import { randomView, type View } from '../../src/views/view.ts'
import { warpOf } from '../../src/views/warp.ts'
import { agreement, centralDifferences } from '../support/differences.ts'
import { goldenArrays, hasShared, SHARED } from '../support/golden.ts'
import { random } from '../support/random.ts'

const PLANE = CANVAS * CANVAS
const AS_IT_IS: View['corners'] = [
  [0, 0],
  [CANVAS - 1, 0],
  [CANVAS - 1, CANVAS - 1],
  [0, CANVAS - 1],
]
const noise = (seed: number, shape: number[]): Tensor => {
  const next = random(seed)
  const made = tensor(shape)
  made.data.forEach((_, i) => (made.data[i] = next()))
  return made
}
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)

describe.skipIf(!hasShared)('torchvision agrees', () => {
  const index = hasShared
    ? (JSON.parse(readFileSync(`${SHARED}/golden/warp.json`, 'utf8')) as { views: Golden[] })
    : { views: [] }
  const views = index.views.map(({ end, top, left, side }): View => ({ corners: end, top, left, side }))

  test.each(views.map((view, i) => [i, view] as const))('on view %i and its adjoint', (i, view) => {
    const golden = goldenArrays('warp')
    const { output, pullback } = look(golden('image'), [warpOf(view)])
    expect(furthest(output, golden(`${i}.view`))).toBeLessThan(2e-4)
    const weight = golden(`${i}.weight`).data
    const three = tensor(output.shape, Float32Array.from([...weight, ...weight, ...weight]))
    expect(furthest(pullback(three), golden(`${i}.adjoint_of_weight`))).toBeLessThan(1e-3)
  })
})

interface Golden {
  end: View['corners']
  top: number
  left: number
  side: number
}

function furthest(a: Tensor, b: Tensor): number {
  expect(a.data).toHaveLength(b.data.length)
  return a.data.reduce((most, v, i) => Math.max(most, Math.abs(v - b.data[i]!)), 0)
}

describe('looking', () => {
  const lenses = [undefined, warpOf(randomView(randomAt(7, 0))), warpOf(randomView(randomAt(7, 1)))]

  test.each([
    ['nothing', undefined],
    ['a view that changes nothing', warpOf({ corners: AS_IT_IS, left: 0, top: 0, side: CANVAS })],
  ])('through %s shows the picture as it is', (_, lens) => {
    const picture = noise(1, [3, CANVAS, CANVAS])
    const { output, pullback } = look(picture, [lens])
    expect(output.shape).toEqual([1, 3, CANVAS, CANVAS])
    expect(furthest(output, picture)).toBeLessThan(1e-5)
    expect(furthest(pullback(output), picture)).toBeLessThan(1e-5)
  })

  test.each([[[CANVAS, CANVAS]], [[3, CANVAS, CANVAS]]])('has a pullback that is its transpose: %j', (shape) => {
    const picture = noise(2, shape)
    const { output, pullback } = look(picture, lenses)
    const weight = noise(3, output.shape)
    // affine: what blank paper looks like is not part of it
    const blank = look(tensor(shape, new Float32Array(picture.data.length).fill(1)), lenses).output.data
    const there = dot(
      output.data.map((v, i) => v - blank[i]!),
      weight.data,
    )
    const back = dot(
      picture.data.map((v) => v - 1),
      pullback(weight).data,
    )
    expect(pullback(weight).shape).toEqual(shape)
    expect(back / there).toBeCloseTo(1, 4)
  })

  test('has a pullback that agrees with differences', () => {
    const picture = noise(4, [CANVAS, CANVAS])
    const loss = () => look(picture, lenses).output.data.reduce((sum, v, i) => sum + v * v * ((i % 5) - 2), 0)
    const { output, pullback } = look(picture, lenses)
    const ofLoss = output.data.map((v, i) => 2 * v * ((i % 5) - 2))
    const [from, to] = [100 * CANVAS + 60, 100 * CANVAS + 70]
    const gradient = pullback(tensor(output.shape, ofLoss)).data.subarray(from, to)
    const { cos, norm } = agreement(gradient, centralDifferences(loss, picture.data.subarray(from, to), 1e-2))
    expect(cos).toBeGreaterThan(0.9999)
    expect(norm).toBeCloseTo(1, 2)
  })

  test('shows blank paper white inside and black past its edge', () => {
    const inwards: View['corners'] = [
      [56, 56],
      [167, 56],
      [167, 167],
      [56, 167],
    ]
    const white = tensor([CANVAS, CANVAS], new Float32Array(PLANE).fill(1))
    const { data } = look(white, [warpOf({ corners: inwards, left: 12, top: 12, side: 200 })]).output
    expect([data[0], data.at(-1)]).toEqual([0, 0])
    expect(data[CANVAS * 112 + 112]).toBeCloseTo(1, 6)
  })

  test('sees the same in a few lines as in a picture full of them', () => {
    const picture = noise(5, [CANVAS, CANVAS])
    picture.data.forEach((v, i) => (picture.data[i] = i % 17 === 0 ? v : 1))
    const faint = tensor(
      picture.shape,
      picture.data.map((v) => Math.min(v, 1 - 1e-6)),
    )
    const [few, full] = [look(picture, lenses), look(faint, lenses)]
    expect(furthest(few.output, full.output)).toBeLessThan(1e-5)
    const weight = noise(6, few.output.shape)
    const [a, b] = [few.pullback(weight).data, full.pullback(weight).data]
    picture.data.forEach((v, i) => {
      if (v !== 1) expect(a[i]).toBeCloseTo(b[i]!, 5)
    })
  })
})

describe('random views', () => {
  const views = Array.from({ length: 3000 }, (_, i) => randomView(randomAt(0, i)))

  test('move every corner inwards by up to 56 units, and crop 200 of 224', () => {
    const moves = views.flatMap(({ corners: [a, b, c, d] }) => [
      ...[a[0], a[1], 223 - b[0], b[1]],
      ...[223 - c[0], 223 - c[1], d[0], 223 - d[1]],
    ])
    expect([Math.min(...moves), Math.max(...moves)]).toEqual([0, 56])
    expect(moves.reduce((sum, v) => sum + v, 0) / moves.length).toBeCloseTo(28, 0)
    const places = views.flatMap(({ left, top }) => [left, top])
    expect([Math.min(...places), Math.max(...places)]).toEqual([0, 24])
    expect(views.every(({ side }) => side === 200)).toBe(true)
  })

  test('are the same for the same seed', () => {
    expect(randomView(randomAt(0, 3))).toEqual(views[3])
    expect(randomView(randomAt(1, 3))).not.toEqual(views[3])
  })
})
