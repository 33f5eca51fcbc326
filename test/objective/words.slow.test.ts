import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openEncoder } from '../../src/encoder/open.ts'
import type { Canvas } from '../../src/objective/canvas.ts'
import { openObjective } from '../../src/objective/objective.ts'
import { paintCanvas } from '../../src/objective/strokes.ts'
import { goesFrom, hasStyle, keeps, means, only, type Want, wayFrom } from '../../src/objective/wants.ts'
import type { Groups } from '../../src/optimiser/groups.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { patchBank, viewBankOnPaper } from '../../src/views/choice.ts'
import { TINY_RN, TINY_VIT, VOCABULARY, writeClip, writeVocabulary } from '../support/clip.ts'
import { agreement, laterDifferences } from '../support/differences.ts'
import { hasShared, SHARED } from '../support/golden.ts'

const folder = mkdtempSync(join(tmpdir(), 'fewline-words-'))
beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', folder)
  if (hasShared) copyFileSync(`${SHARED}/models/${VOCABULARY}`, join(folder, VOCABULARY))
  else writeVocabulary(folder)
  writeClip(join(folder, 'vit.pt'), TINY_VIT)
  writeClip(join(folder, 'rn.pt'), TINY_RN)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const encoders = [
  ['one that understands nothing', join(folder, 'vit.pt')],
  ['a ResNet that understands nothing', join(folder, 'rn.pt')],
  ...(hasShared ? [['one that understands colours', `${SHARED}/golden/colour-vit.pt`] as const] : []),
] as const

/** Shades that are neither black nor white, and three numbers that shift them here and there. */
const shade = (i: number, side: number, k: number): number => {
  const [x, y, c] = [(i % side) / side, (Math.floor(i / side) % side) / side, Math.floor(i / side ** 2)]
  return Math.sin(5 * x + (2 + k) * y + 2 * c + 1.7 * k)
}
const pictureOf = (side: number): Tensor => {
  const picture = tensor([3, side, side])
  return tensor(
    picture.shape,
    picture.data.map((_, i) => 0.5 + 0.2 * shade(i, side, 0)),
  )
}
function shadesOn(side: number): Canvas<Groups> {
  const picture = pictureOf(side)
  const basis = [1, 2, 3].map((k) => picture.data.map((_, i) => 0.05 * shade(i, side, k)))
  return {
    show: ({ shades }) => ({
      output: tensor(
        picture.shape,
        picture.data.map((v, i) => basis.reduce((sum, one, k) => sum + shades![k]! * one[i]!, v)),
      ),
      terms: {},
      pullback: ({ data }) => ({
        shades: Float32Array.from(basis, (one) => one.reduce((sum, v, i) => sum + v * data[i]!, 0)),
      }),
    }),
    parametersOf: (parameters) => parameters,
    moved: (parameters) => parameters,
  }
}

const wants: [string, number, (picture: Tensor) => Want[]][] = [
  [
    'to go from one sentence to another',
    CANVAS,
    (picture) => [goesFrom(picture, wayFrom('a photo', 'red', ['{}', 'a {}']))],
  ],
  [
    'to mean a sentence and not another, in the style of a picture',
    CANVAS,
    (picture) => [means('red', 1, ['blue sky']), hasStyle(tensor(picture.shape, picture.data.toReversed()), 0.5)],
  ],
  ['to be kept', CANVAS, (picture) => [keeps(picture, 2)]],
  [
    'to go, in patches as on the whole of a finer canvas, and to be kept',
    448,
    (picture) => [
      only('views', goesFrom(picture, wayFrom('a photo', 'red'), 1, 0.01)),
      only('itself', goesFrom(picture, wayFrom('a photo', 'red'), 0.5)),
      only('itself', keeps(picture, 1)),
    ],
  ],
]

describe.each(encoders)('seen by %s, what is wanted', (_, path) => {
  test.each(wants)('%s has a gradient that agrees with central differences', async (_, side, wanted) => {
    const encoder = await openEncoder(path, { threads: 1, device: 'cpu' })
    const canvas = shadesOn(side)
    const box = { left: 40, top: 10, right: 400, bottom: 440 }
    const bank = side === CANVAS ? viewBankOnPaper(2, [0.6, 0.9], 0) : patchBank(2, side, 128, box, 0)
    const objective = await openObjective({ canvas, encoder, wants: wanted(pictureOf(side)), bank })
    const shades = Float32Array.of(0.5, -0.4, 0.3)
    const loss = async () => (await objective({ shades }, bank)).loss
    const { gradient } = await objective({ shades }, bank)
    const { cos, norm } = agreement(gradient['shades']!, await laterDifferences(loss, shades, 0.05))
    expect(cos).toBeGreaterThan(0.995)
    expect(Math.abs(norm - 1)).toBeLessThan(0.05)
    await encoder.dispose()
  })
})

// Pictures alone tell of a ResNet: its corners leave no room for steps that a stroke can be moved by.
describe.each(encoders.filter(([, path]) => !path.endsWith('rn.pt')))('seen by %s', (_, path) => {
  test('coloured strokes have a gradient that agrees with central differences', async () => {
    const encoder = await openEncoder(path, { threads: 1, device: 'cpu' })
    const canvas = paintCanvas((next) => next, [0.9, 0.9, 0.8])
    const wants = [means('red', 1, ['blue sky']), hasStyle(pictureOf(CANVAS), 0.5)]
    const objective = await openObjective({ canvas, encoder, wants, bank: [] })
    const views = viewBankOnPaper(1, [0.6, 0.9], 0)
    const strokes = {
      points: Float32Array.of(
        30,
        40,
        90,
        20,
        120,
        150,
        190,
        110,
        150,
        60,
        80,
        90,
        100,
        170,
        40,
        200,
        90,
        190,
        140,
        210,
        200,
        180,
      ),
      widths: Float32Array.of(22, 14),
      colors: Float32Array.of(0.8, 0.3, 0.2, 0.9, 0.2, 0.4, 0.7, 0.6),
      ...{ segments: Uint8Array.of(1, 2), width: CANVAS, height: CANVAS },
    }
    const loss = async () => (await objective(strokes, views)).loss
    const { gradient } = await objective(strokes, views)
    for (const [name, step] of [
      ['points', 0.03],
      ['widths', 0.03],
      ['colors', 0.003],
    ] as const) {
      const { cos, norm } = agreement(gradient[name]!, await laterDifferences(loss, strokes[name], step))
      expect(cos, name).toBeGreaterThan(0.995)
      expect(Math.abs(norm - 1), name).toBeLessThan(0.05)
    }
    await encoder.dispose()
  })
})
