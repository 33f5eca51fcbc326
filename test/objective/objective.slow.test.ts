import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Features, ImageEncoder } from '../../src/encoder/encoder.ts'
import { openEncoder } from '../../src/encoder/open.ts'
import { resized } from '../../src/resize.ts'
import { openObjective } from '../../src/objective/objective.ts'
import { inkCanvas } from '../../src/objective/strokes.ts'
import { looksLike } from '../../src/objective/wants.ts'
import { randomAt } from '../../src/random.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { renderStrokes } from '../../src/raster/raster.ts'
import { viewBank } from '../../src/views/choice.ts'
import { look } from '../../src/views/look.ts'
import type { View } from '../../src/views/view.ts'
import { warpOf } from '../../src/views/warp.ts'
import { TINY_RN, TINY_VIT, writeClip, writeVocabulary } from '../support/clip.ts'
import { agreement } from '../support/differences.ts'
import { SHARED, hasShared } from '../support/golden.ts'

const folder = mkdtempSync(join(tmpdir(), 'fewline-objective-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => {
  writeVocabulary(folder)
  writeClip(join(folder, 'rn64.pt'), TINY_RN)
  writeClip(join(folder, 'vit224.pt'), { ...TINY_VIT, resolution: 224, patch: 32 })
  writeClip(join(folder, 'vit288.pt'), { ...TINY_VIT, resolution: 288, patch: 32 })
})

const encoders = [
  ['builtin', 'builtin'],
  ['a ResNet of 64 pixels', join(folder, 'rn64.pt')],
  ['a transformer of 224 pixels', join(folder, 'vit224.pt')],
  ['a transformer of 288 pixels', join(folder, 'vit288.pt')],
  ...(hasShared ? ['tiny-rn', 'tiny-vit'].map((name) => [name, `${SHARED}/golden/${name}.pt`] as const) : []),
] as const

/** A few long strokes inside the canvas, away from one another's ends. */
function strokes(): Strokes {
  const random = randomAt(3)
  const points = Array.from({ length: 2 }, (_, i) => {
    const [x, y] = [60 + 50 * i, 60 + 20 * random()]
    return [x, y, x + 40 * random(), y + 30, x - 20 * random(), y + 60, x + 30, y + 90 + 10 * random()]
  })
  return {
    points: Float32Array.from(points.flat()),
    widths: new Float32Array(2).fill(3),
    width: CANVAS,
    height: CANVAS,
  }
}

/** Soft blobs of colour. */
function photo(): Tensor {
  const image = tensor([3, CANVAS, CANVAS])
  image.data.forEach((_, i) => {
    const [x, y, c] = [i % CANVAS, Math.floor(i / CANVAS) % CANVAS, Math.floor(i / CANVAS ** 2)]
    image.data[i] = 0.5 + 0.5 * Math.sin(x / (9 + 3 * c)) * Math.cos(y / 13)
  })
  return image
}

describe.each(encoders)('points → raster → views → %s → loss', (_, path) => {
  let encoder: ImageEncoder
  beforeAll(async () => {
    encoder = await openEncoder(path, { device: 'cpu', threads: 1 })
  })
  afterAll(() => encoder.dispose())

  test('has the gradient that differences at a step of 0.002 units give', async () => {
    const bank = viewBank(0).slice(0, 3)
    const objective = await openObjective({
      canvas: inkCanvas((next) => next),
      encoder,
      wants: [looksLike(photo())],
      bank,
    })
    const drawing = strokes()
    const views = [bank[1]!]
    const { gradient, loss, terms } = await objective(drawing, views)
    expect(Object.values(terms).reduce((sum, term) => sum + term, 0)).toBeCloseTo(loss, 5)

    const exact = await exactLoss(encoder, views)
    expect((await exact(drawing)) / loss).toBeCloseTo(1, 4)
    const { cos, norm } = agreement(gradient['points']!, await differencesOf(() => exact(drawing), drawing.points))
    expect(cos).toBeGreaterThanOrEqual(0.999)
    expect(Math.abs(norm - 1)).toBeLessThanOrEqual(0.02)
  })
})

/** The loss from what the encoder sees, summed up here in double precision: float32 has too few digits for such a step. */
async function exactLoss(
  encoder: ImageEncoder,
  views: readonly View[],
): Promise<(drawing: Strokes) => Promise<number>> {
  const lenses = [undefined, ...views.map(warpOf)]
  const see = (picture: Tensor): Promise<Features> =>
    encoder.encode(resized(look(picture, lenses).output, encoder.resolution).output)
  const wanted = await see(photo())
  const { weights } = await encoder.prepare(resized(look(photo(), [undefined]).output, encoder.resolution).output)
  return async (drawing) => {
    const seen = await see(renderStrokes(drawing).output)
    const layers = seen.layers.map(({ data }, i) => {
      const weight = weights.layers[i]!
      return weight && weight * mean(data, (v, k) => (v - wanted.layers[i]!.data[k]!) ** 2)
    })
    const sum = layers.reduce((a, b) => a + b, 0)
    if (!seen.embedding || !wanted.embedding) return sum
    return sum + weights.embedding * distance(seen.embedding, wanted.embedding)
  }
}

function mean(data: Float32Array, of: (value: number, i: number) => number): number {
  let sum = 0
  for (let i = 0; i < data.length; i++) sum += of(data[i]!, i)
  return sum / data.length
}

/** Mean of 1 − cos between the rows of two [n, d]. */
function distance(a: Tensor, b: Tensor): number {
  const [count = 1, width = 1] = a.shape
  const row = ({ data }: Tensor, i: number) => data.subarray(i * width, (i + 1) * width)
  const cosines = Array.from({ length: count }, (_, i) => agreement(row(a, i), row(b, i)).cos)
  return cosines.reduce((sum, cos) => sum + 1 - cos, 0) / count
}

/** Central differences, at a step of 0.002 units, of a function that takes its time. */
async function differencesOf(f: () => Promise<number>, at: Float32Array): Promise<Float32Array> {
  const differences = new Float32Array(at.length)
  for (let i = 0; i < at.length; i++) {
    const value = at[i]!
    at[i] = value + 0.002
    const up = at[i]!
    const above = await f()
    at[i] = value - 0.002
    differences[i] = (above - (await f())) / (up - at[i]!)
    at[i] = value
  }
  return differences
}
