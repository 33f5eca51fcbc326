import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { rowsOf, unit } from '../../src/encoder/vectors.ts'
import { openEye } from '../../src/find.ts'
import { activations, openClipseg, segment } from '../../src/finder/clipseg.ts'
import { groupScores, groupsIn, openGroupvit, strongest } from '../../src/finder/groupvit.ts'
import { logitsOf, openOwl, placesIn, queryOf } from '../../src/finder/owlvit.ts'
import { writeRandomSam } from '../../src/finder/random.ts'
import { smoothSquare } from '../../src/finder/smooth.ts'
import { importModel } from '../../src/models/import.ts'
import { tensor } from '../../src/tensor.ts'
import { goldenArrays, hasShared, SHARED } from '../support/golden.ts'
import { scene } from './scene.ts'
import { differs, pictureFrom } from './compare.ts'

const CPU = { device: 'cpu' } as const

test('the decoder that clicks are measured with is taken as SlimSAM, and answers a click', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fewline-random-sam-'))
  vi.stubEnv('FEWLINE_MODELS', join(folder, 'models'))
  const eye = openEye()
  try {
    for (const file of writeRandomSam(folder)) await importModel(file)
    const { finder, things } = await eye.find(await scene(), { points: [{ x: 60, y: 60 }] }, CPU)
    expect([finder, things.length]).toEqual(['sam', 1])
    expect(things[0]!.mask.data.every((value) => value >= 0 && value <= 1)).toBe(true)
  } finally {
    await eye.dispose()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  }
})

describe.skipIf(!hasShared)('finders from weights alone agree with the published code', () => {
  let folder: string
  const weights = (name: string) => join(folder, `${name}.safetensors`)
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fewline-finders-'))
    vi.stubEnv('FEWLINE_MODELS', folder)
    copyFileSync(`${SHARED}/models/bpe_simple_vocab_16e6.txt.gz`, join(folder, 'bpe_simple_vocab_16e6.txt.gz'))
    for (const name of ['tiny-owlvit', 'tiny-clipseg', 'tiny-groupvit'])
      copyFileSync(`${SHARED}/golden/finders/${name}.safetensors`, weights(name))
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  test('OWL-ViT: boxes, logits, and by example', async () => {
    const golden = goldenArrays('finders/tiny-owlvit')
    const heads = { vision: 4, text: 2 }
    const model = await openOwl(weights('tiny-owlvit'), CPU, heads)
    try {
      const places = await placesIn(model, pictureFrom(golden('picture')), heads)
      expect(differs(places.boxes.data, golden('pred_boxes'))).toBeLessThan(1e-3)
      expect(differs(places.classes.data, golden('class_head.dense0'))).toBeLessThan(1e-3)
      const texts = rowsOf(
        await model.encodeText(['red ball', 'sky', 'striped grass'].map((l) => `a photo of a ${l}`)),
      ).map(unit)
      expect(
        differs(
          texts.flatMap((row) => [...row]),
          golden('text_embeds'),
        ),
      ).toBeLessThan(1e-3)
      const logits = texts.map((text) => logitsOf(places, text))
      expect(
        differs(
          Array.from({ length: 48 }, (_, i) => logits[i % 3]![Math.floor(i / 3)]!),
          golden('logits'),
        ),
      ).toBeLessThan(1e-3)
      const example = await placesIn(model, pictureFrom(golden('query_picture')), heads)
      const query = queryOf(example)
      const [best] = golden('guided.query_box_index').data
      expect(query).toEqual(rowsOf(example.classes)[best!])
      expect(differs(logitsOf(places, query), golden('guided.logits'))).toBeLessThan(1e-3)
    } finally {
      await model.dispose()
    }
  })

  test('OWLv2 is shown its pictures as scikit-image resizes them', () => {
    const golden = goldenArrays('finders/tiny-owlvit')
    const [mean, deviation] = [
      [0.48145466, 0.4578275, 0.40821073],
      [0.26862954, 0.26130258, 0.27577711],
    ]
    for (const [fill, name] of [
      [0, 'black'],
      [0.5, 'grey'],
    ] as const) {
      const { data } = smoothSquare(pictureFrom(golden('picture')), 64, fill)
      const shown = data.map((value, i) => (value - mean[Math.floor(i / 4096)]!) / deviation[Math.floor(i / 4096)]!)
      expect(differs(shown, golden(`v2.pixel_values.${name}`))).toBeLessThan(1e-3)
    }
  })

  test('CLIPSeg: both decoders, words, pictures and a mixture', async () => {
    const golden = goldenArrays('finders/tiny-clipseg')
    const measures = { extracted: [1, 2, 3], heads: { vision: 4, text: 2, decoder: 4 } }
    const model = await openClipseg(weights('tiny-clipseg'), CPU, measures)
    try {
      const { data, shape } = golden('pixel_values')
      const seen = await activations(model, tensor([1, ...shape], data), measures)
      seen.forEach((one, i) => expect(differs(one.data, golden(`decoder.reduce${i}`))).toBeLessThan(1e-3))
      const texts = await model.encodeText(['a red ball', 'the sky', 'striped grass'])
      expect(differs(texts.data, golden('conditional_embeddings'))).toBeLessThan(1e-3)
      const logits = []
      for (const text of rowsOf(texts)) logits.push(...(await segment(model, seen, text, measures)).data)
      expect(differs(logits, golden('logits'))).toBeLessThan(1e-3)
      const picture = golden('visual_prompt.conditional_embeddings').data
      expect(
        differs((await segment(model, seen, picture, measures)).data, golden('visual_prompt.logits')),
      ).toBeLessThan(1e-3)
      const small = golden('small.pixel_values')
      const seenSmall = await activations(model, tensor([1, ...small.shape], small.data), measures)
      const smaller = []
      for (const text of rowsOf(texts)) smaller.push(...(await segment(model, seenSmall, text, measures)).data)
      expect(differs(smaller, golden('small.logits'))).toBeLessThan(1e-3)
    } finally {
      await model.dispose()
    }
  })

  test('GroupViT: groups, what they mean, and who belongs to them, at both sizes', async () => {
    const golden = goldenArrays('finders/tiny-groupvit')
    const heads = { vision: 4, text: 2 }
    const model = await openGroupvit(weights('tiny-groupvit'), CPU, heads)
    try {
      const { data, shape } = golden('pixel_values')
      const groups = await groupsIn(model, tensor([1, ...shape], data), heads)
      expect(
        differs(
          rowsOf(groups.meanings).flatMap((row) => [...unit(row)]),
          golden('group.embeds'),
        ),
      ).toBeLessThan(1e-3)
      const belongs = rowsOf(groups.belongs)
      const small = Array.from({ length: 256 }, (_, i) => belongs[i % 64]![Math.floor(i / 64)]!)
      expect(differs(small, golden('grouping.small'))).toBeLessThan(1e-3)
      const texts = rowsOf(
        await model.encodeText(['red ball', 'sky', 'striped grass'].map((l) => `a photo of a ${l}.`)),
      ).map(unit)
      expect(
        differs(
          texts.flatMap((row) => [...row]),
          golden('text_embeds'),
        ),
      ).toBeLessThan(1e-3)
      const scores = groupScores(groups, texts, golden('logit_scale.exp').data[0]!)
      expect(differs(scores.flat(), golden('nv.group_class'))).toBeLessThan(1e-3)
      expect(strongest(groups.belongs)).toHaveLength(64)
      const big = golden('big.picture')
      const [mean, deviation] = [
        [0.485, 0.456, 0.406],
        [0.229, 0.224, 0.225],
      ]
      const planes = Float32Array.from({ length: 3 * 96 * 128 }, (_, i) => {
        const [c, place] = [Math.floor(i / (96 * 128)), i % (96 * 128)]
        return (big.data[3 * place + c]! / 255 - mean[c]!) / deviation[c]!
      })
      const larger = await groupsIn(model, tensor([1, 3, 96, 128], planes), heads)
      expect(
        differs(
          rowsOf(larger.meanings).flatMap((row) => [...unit(row)]),
          golden('big.group.embeds'),
        ),
      ).toBeLessThan(1e-3)
    } finally {
      await model.dispose()
    }
  })

  test('weights of another model are told in a sentence', async () => {
    await expect(openOwl(weights('tiny-clipseg'), CPU)).rejects.toThrow(
      /^Expected the weights of OWL-ViT or OWLv2, but these are/,
    )
    await expect(openClipseg(weights('tiny-owlvit'), CPU)).rejects.toThrow(
      /^Expected the weights of CLIPSeg, but these are/,
    )
    writeFileSync(weights('cut'), readFileSync(weights('tiny-owlvit')).subarray(0, 5000))
    await expect(openOwl(weights('cut'), CPU)).rejects.toThrow(/^Expected the weights of a model/)
  })
})
