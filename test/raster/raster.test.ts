import { describe, expect, test } from 'vitest'
import { coverage } from '../../src/raster/coverage.ts'
import { renderStrokes } from '../../src/raster/raster.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { tensor } from '../../src/tensor.ts'
import { agreement, centralDifferences } from '../support/differences.ts'
import { goldenArrays, hasShared } from '../support/golden.ts'
import { random } from '../support/random.ts'

const SIZE = 64

function scene(
  seed: number,
  options: { colors?: boolean; segments?: boolean; thin?: boolean; offCanvas?: boolean },
): Strokes {
  const next = random(seed)
  const count = 5
  const segments = options.segments ? Uint8Array.from({ length: count }, () => 1 + Math.floor(3 * next())) : undefined
  const points = new Float32Array(
    Array.from({ length: count }).flatMap((_, i) => {
      const spread = options.offCanvas ? 2 : 1
      const cx = SIZE / 2 + (next() - 0.5) * SIZE * spread
      const cy = SIZE / 2 + (next() - 0.5) * SIZE * spread
      return Array.from({ length: 3 * (segments?.[i] ?? 1) + 1 }).flatMap(() => [
        cx + (next() - 0.5) * 40,
        cy + (next() - 0.5) * 40,
      ])
    }),
  )
  return {
    points,
    widths: Float32Array.from({ length: count }, () => (options.thin ? 0.2 + next() * 0.6 : 1 + next() * 6)),
    ...(segments && { segments }),
    ...(options.colors && { colors: Float32Array.from({ length: 4 * count }, () => 0.1 + 0.8 * next()) }),
    width: SIZE,
    height: SIZE,
  }
}

function line(points: number[], width = 3, canvas = 32): Strokes {
  return { points: Float32Array.from(points), widths: Float32Array.of(width), width: canvas, height: canvas }
}

const ink = (strokes: Strokes): number => renderStrokes(strokes).output.data.reduce((sum, v) => sum + 1 - v, 0)

describe('gradients agree with central differences', () => {
  const kinds = {
    plain: {},
    coloured: { colors: true },
    'of several cubics': { segments: true },
    'thinner than a pixel': { thin: true },
    'partly off the canvas': { offCanvas: true },
    'coloured, of several cubics': { colors: true, segments: true },
  }
  test.each(Object.entries(kinds))('strokes %s', (_, options) => {
    for (let seed = 1; seed <= 4; seed++) {
      const strokes = scene(seed, options)
      const next = random(100 + seed)
      const { output, pullback } = renderStrokes(strokes)
      // a smooth weight, as an encoder's gradient is; white noise would only measure the curve's sampling
      const [fx, fy, phase] = [0.1 + 0.3 * next(), 0.1 + 0.3 * next(), 6 * next()]
      const weight = tensor(
        output.shape,
        output.data.map((_, i) => Math.sin(fx * (i % SIZE) + fy * Math.floor(i / SIZE) + phase)),
      )
      const loss = (): number => renderStrokes(strokes).output.data.reduce((sum, v, i) => sum + v * weight.data[i]!, 0)
      const gradient = pullback(weight)
      for (const [name, at, of] of [
        ['points', strokes.points, gradient.points],
        ['widths', strokes.widths, gradient.widths],
        ['colors', strokes.colors, gradient.colors],
      ] as const) {
        if (!at) continue
        const { cos, norm } = agreement(of!, centralDifferences(loss, at, 0.002))
        expect(cos, `${name}, scene ${seed}`).toBeGreaterThan(0.999)
        expect(Math.abs(norm - 1), `${name}, scene ${seed}`).toBeLessThan(0.05)
      }
    }
  })
})

describe('exact where it is easy to go wrong', () => {
  test('a straight stroke puts down its area, round caps included', () => {
    const area = 3 * 16 + Math.PI * 1.5 ** 2
    expect(ink(line([8, 16, 13, 16, 19, 16, 24, 16]))).toBeCloseTo(area, 0)
    expect(ink(line([8, 8, 13, 13, 19, 19, 24, 24]))).toBeCloseTo(3 * 16 * Math.SQRT2 + Math.PI * 1.5 ** 2, 0)
  })

  test('a stroke of no length is a dot', () => {
    expect(ink(line([16, 16, 16, 16, 16, 16, 16, 16], 6))).toBeCloseTo(Math.PI * 9, 0)
    expect(
      renderStrokes(line(Array(8).fill(16.5) as number[]))
        .pullback(tensor([32, 32]))
        .points.every(Number.isFinite),
    ).toBe(true)
  })

  test('a thin line fades with its width, down to nothing', () => {
    // oblique, so that pixels see it at every distance
    const at = (width: number): number => ink(line([4, 12, 12, 15, 20, 18, 28, 21], width))
    expect(at(0)).toBe(0)
    expect(at(0.5) / at(0.25)).toBeGreaterThan(1.9)
    expect(at(0.5)).toBeCloseTo(Math.hypot(24, 9) * 0.5, 0)
  })

  test('a stroke crossing itself is not darker there; two strokes crossing are', () => {
    const loop = renderStrokes(line([4, 4, 60, 28, -28, 28, 28, 4], 1)).output.data
    const apart: Strokes = {
      ...line([4, 16, 12, 16, 20, 16, 28, 16, 16, 4, 16, 12, 16, 20, 16, 28]),
      widths: Float32Array.of(0.5, 0.5),
    }
    const crossing = renderStrokes(apart).output.data
    const inkOfOne = 1 - crossing[15 * 32 + 8]!
    expect(1 - Math.min(...loop)).toBeLessThanOrEqual(coverage(0, 1) + 1e-6)
    expect(1 - crossing[15 * 32 + 15]!).toBeCloseTo(1 - (1 - inkOfOne) ** 2, 3)
  })

  test('a stroke off the canvas leaves it white and has no gradient', () => {
    const strokes = line([-90, -90, -70, -80, -60, -70, -50, -50])
    const { output, pullback } = renderStrokes(strokes)
    expect(output.data.every((v) => v === 1)).toBe(true)
    expect(pullback(tensor([32, 32], new Float32Array(32 * 32).fill(1))).points.every((v) => v === 0)).toBe(true)
  })

  test('colours lie over one another in the order of the strokes', () => {
    const dot = Array(8).fill(16) as number[]
    const strokes: Strokes = {
      ...line([...dot, ...dot]),
      widths: Float32Array.of(20, 20),
      colors: Float32Array.of(1, 0, 0, 1, 0, 0, 1, 0.25),
    }
    const { output } = renderStrokes(strokes)
    expect(output.shape).toEqual([3, 32, 32])
    expect([0, 1, 2].map((c) => output.data[c * 1024 + 16 * 32 + 16])).toEqual([0.75, 0, 0.25])
  })

  test('a pullback stays good after another rendering', () => {
    const first = renderStrokes(scene(1, {}))
    const g = tensor(
      [SIZE, SIZE],
      new Float32Array(SIZE * SIZE).map((_, i) => Math.sin(i)),
    )
    const before = first.pullback(g)
    renderStrokes(scene(2, { colors: true }))
    expect(first.pullback(g)).toEqual(before)
  })

  test.each([
    ['too few coordinates', { points: new Float32Array(6) }],
    ['a coordinate that is no number', { points: new Float32Array(8).fill(NaN) }],
    ['a negative width', { widths: Float32Array.of(-1) }],
    ['colours of another count', { colors: new Float32Array(3) }],
    ['a stroke without a cubic', { segments: Uint8Array.of(0), points: new Float32Array(2) }],
  ])('%s are refused', (_, wrong) => {
    expect(() => renderStrokes({ ...line(Array(8).fill(4) as number[]), ...wrong })).toThrow(
      /^Expected .*, but .*: .*\.$/,
    )
  })
})

describe.skipIf(!hasShared)('agreement with diffvg', () => {
  const golden = hasShared ? goldenArrays('diffvg') : undefined
  test.each([0, 1, 2, 3, 4, 5])('scene %i', (index) => {
    const of = (key: string): Float32Array => golden!(`${index}.${key}`).data
    const target = golden!('target').data
    const strokes: Strokes = {
      points: of('points'),
      widths: of('widths').map((radius) => 2 * radius),
      width: 224,
      height: 224,
    }
    const { output, pullback } = renderStrokes(strokes)
    const theirs = of('image')
    let error = 0
    let inked = 0
    for (let i = 0; i < theirs.length; i++) {
      error += Math.abs(output.data[i]! - theirs[i]!)
      inked += 1 - theirs[i]!
    }
    const scale = 2 / theirs.length
    const gradient = pullback(
      tensor(
        [224, 224],
        output.data.map((v, i) => scale * (v - target[i]!)),
      ),
    )
    const points = agreement(gradient.points, of('grad_points'))
    expect(error / inked).toBeLessThan(0.05)
    expect(points.cos).toBeGreaterThan(0.8)
    if (strokes.widths.length > 1) expect(agreement(gradient.widths, of('grad_widths')).cos).toBeGreaterThan(0.99)
    else expect(gradient.widths[0]! * 2).toBeCloseTo(of('grad_widths')[0]!, 4)
    if (process.env.FEWLINE_VERBOSE) console.log(index, error / inked, points)
  })
})
