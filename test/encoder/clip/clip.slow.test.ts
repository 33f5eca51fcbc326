import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clipTower } from '../../../src/encoder/clip/clip.ts'
import { randomWeights } from '../../../src/encoder/clip/random.ts'
import { openTokenizer } from '../../../src/encoder/clip/vocabulary.ts'
import type { ImageEncoder } from '../../../src/encoder/encoder.ts'
import { textGraph } from '../../../src/encoder/graphs.ts'
import { likenesses } from '../../../src/encoder/labels.ts'
import { openEncoder } from '../../../src/encoder/open.ts'
import { maskOf, rowsFor } from '../../../src/encoder/row.ts'
import { rowsOf } from '../../../src/encoder/vectors.ts'
import { encoderOf } from '../../../src/encoder/from-tower.ts'
import { FewlineError } from '../../../src/errors.ts'
import { importModel } from '../../../src/models/import.ts'
import { openWeights } from '../../../src/models/weights.ts'
import { openGraph } from '../../../src/onnx/session.ts'
import { sizeOf, tensor, type Tensor } from '../../../src/tensor.ts'
import { TINY_RN, TINY_VIT, writeClip, writeVocabulary } from '../../support/clip.ts'
import { agreement } from '../../support/differences.ts'
import { random } from '../../support/random.ts'
import { randomTensor, writeTorchArchive } from '../../support/weights.ts'

const folder = mkdtempSync(join(tmpdir(), 'fewline'))
const pathOf = (name: string) => join(folder, `${name}.pt`)

beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', folder)
  writeVocabulary(folder)
  writeClip(pathOf('rn'), TINY_RN)
  writeClip(pathOf('vit'), TINY_VIT)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Noise in large patches. */
function pictures(count: number, seed: number): Tensor {
  const next = random(seed)
  const coarse = Array.from({ length: count * 3 * 64 }, next)
  const at = (i: number) => coarse[(i >> 12) * 64 + ((i >> 9) & 7) * 8 + ((i >> 3) & 7)]!
  return tensor(
    [count, 3, 64, 64],
    Float32Array.from({ length: count * 3 * 4096 }, (_, i) => at(i)),
  )
}

describe.each([
  ['rn', 5],
  ['vit', 3],
])('%s, an archive written here', (name, layers) => {
  let encoder: ImageEncoder
  beforeAll(async () => {
    encoder = await openEncoder(pathOf(name))
  })
  afterAll(() => encoder.dispose())

  test('is what its tensors say', async () => {
    expect(encoder).toMatchObject({ name, resolution: 64, device: 'cpu', sees: 'photo' })
    const seen = await encoder.encode(pictures(2, 1))
    expect(seen.layers).toHaveLength(layers)
    expect(seen.embedding!.shape).toEqual([2, 16])
    const shapes = { rn: [2, 64, 8, 8], vit: [2, 17, 64] }
    expect(seen.layers[2]!.shape).toEqual(shapes[name as 'rn'])
  })

  test('a picture is no way from itself, and some way from another', async () => {
    const target = await encoder.prepare(pictures(1, 1))
    const same = await encoder.compare(pictures(1, 1), target)
    expect(Math.abs(same.loss)).toBeLessThan(1e-6)
    const { loss, terms } = await encoder.compare(pictures(1, 2), target)
    expect(loss).toBeGreaterThan(1e-4)
    expect(Object.values(terms).reduce((a, b) => a + b)).toBeCloseTo(loss, 5)
    expect(terms['embedding']).toBeGreaterThan(0)
  })

  test('the loss follows its gradient', async () => {
    const target = await encoder.prepare(pictures(1, 1))
    const sketch = pictures(1, 2)
    const { gradient } = await encoder.compare(sketch, target)
    await expectSlope(gradient, sketch, async (at) => (await encoder.compare(at, target)).loss)
  })

  test('the loss of a batch, however large, is the mean of its pictures', async () => {
    const [photos, sketches] = [pictures(11, 1), pictures(11, 2)]
    const one = ({ data, shape }: Tensor, i: number) =>
      tensor([1, ...shape.slice(1)], data.slice(i * 3 * 4096, (i + 1) * 3 * 4096))
    const whole = await encoder.compare(sketches, await encoder.prepare(photos))
    let loss = 0
    for (let i = 0; i < 11; i++) {
      const single = await encoder.compare(one(sketches, i), one(photos, i))
      loss += single.loss / 11
      const { cos, norm } = agreement(one(whole.gradient, i).data, single.gradient.data)
      expect(cos).toBeGreaterThan(0.9999)
      expect(norm).toBeCloseTo(1 / 11, 3)
    }
    expect(whole.loss / loss).toBeCloseTo(1, 4)
  })

  test('short texts are read together, and none sees another', async () => {
    const texts = ['a cat', 'a photo of a cat', 'a drawing of a dog', 'a dog', 'there is a bird in the scene']
    const all = rowsOf(await encoder.encodeText!(texts))
    for (const [i, text] of texts.entries()) {
      const { cos, norm } = agreement(all[i]!, (await encoder.encodeText!([text])).data)
      expect([cos, norm]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 5)])
    }
  })

  test('texts: the same embedding alone or among others, long or short', async () => {
    const long = Array.from({ length: 20 }, () => 'ab').join(' ')
    const all = await encoder.encodeText!(['a cat', long])
    expect(all.shape).toEqual([2, 16])
    const [short, rest] = [await encoder.encodeText!(['a cat']), await encoder.encodeText!([long])]
    expect(all.data).toEqual(Float32Array.of(...short.data, ...rest.data))
    await expect(encoder.encodeText!([long.repeat(4)])).rejects.toThrow(/^Expected a text of at most 75 tokens/)
    await expect(encoder.encodeText!([])).rejects.toThrow(/^Expected a text/)
  })

  test('as much of a text as can be read ends with a word, also where there are no spaces', async () => {
    const readable = encoder.readable!
    expect(await readable('a "red" fox, #1 ')).toBe('a "red" fox, #1 ')
    // A byte is a token here: 10 words of three with their commas, and then 11 of four.
    const long = Array.from({ length: 2000 }, (_, i) => `w${i}`)
    expect(await readable(long.join(', '))).toBe(`${long.slice(0, 21).join(', ')},`)
    const snow = '雪の中の赤い狐'.repeat(40)
    const read = await readable(snow)
    expect(snow.startsWith(read)).toBe(true)
    expect(read.length).toBeGreaterThan(18)
    await expect(encoder.encodeText!([read])).resolves.toMatchObject({ shape: [1, 16] })
  })

  test('a text is the same to the graph for short ones as to that for long ones', async () => {
    const weights = openWeights(pathOf(name))
    const tokenizer = () => openTokenizer([folder])
    const tower = clipTower(weights, { name, tokenizer })
    const text = tower.text!
    const [tokens] = await text.tokenize(['a cat'])
    const embeddings: number[][] = []
    for (const count of [32, 77]) {
      const session = await openGraph(textGraph(tower, text, count))
      const [row] = rowsFor([tokens!], [count])
      const { embeddings: each } = await session.run({ tokens: text.embedder()(row!), mask: maskOf(row!) })
      embeddings.push([...rowsOf(each!)[tokens!.length - 1]!])
      await session.dispose()
    }
    weights.close()
    const { cos, norm } = agreement(embeddings[0]!, embeddings[1]!)
    expect([cos, norm]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 5)])
  })

  test('a sketch follows a text', async () => {
    const text = await encoder.encodeText!(['a cat'])
    const sketch = pictures(2, 3)
    const { loss, gradient } = await encoder.compareText!(sketch, text)
    const { embedding } = await encoder.encode(sketch)
    const cosines = [0, 1].map((i) => agreement(embedding!.data.slice(16 * i, 16 * (i + 1)), text.data).cos)
    expect(loss).toBeCloseTo(1 - (cosines[0]! + cosines[1]!) / 2, 5)
    await expectSlope(gradient, sketch, async (at) => (await encoder.compareText!(at, text)).loss)
  })

  test('labels: probabilities, the likeliest first', async () => {
    const [one, two] = await likenesses(encoder, pictures(2, 4), ['a cat', 'a dog', 'a house'])
    for (const seen of [one!, two!]) {
      expect(seen.map(({ label }) => label).sort()).toEqual(['a cat', 'a dog', 'a house'])
      expect(seen.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6)
      expect(seen[0]!.probability).toBeGreaterThanOrEqual(seen[1]!.probability)
    }
    await expect(likenesses(encoder, pictures(1, 4), [])).rejects.toThrow(/^Expected at least one label/)
  })

  test('several things at once stay out of the way of each other', async () => {
    const [one, two] = await Promise.all([1, 2].map((seed) => encoder.prepare(pictures(1, seed))))
    const [first, second, again] = await Promise.all([
      encoder.compare(pictures(1, 3), one!),
      encoder.compare(pictures(1, 3), two!),
      encoder.prepare(pictures(1, 1)),
    ])
    expect(first.loss).not.toBe(second.loss)
    expect(again.embedding!.data).toEqual(one!.embedding!.data)
  })

  test('wrong calls are told', async () => {
    await expect(encoder.encode(tensor([1, 3, 32, 32]))).rejects.toThrow(/^Expected pictures of shape/)
    const target = await encoder.prepare(pictures(2, 1))
    await expect(encoder.compare(pictures(3, 1), target)).rejects.toThrow(/one or 3, .* there are 2/)
    await expect(encoder.compareText!(pictures(3, 1), tensor([2, 16]))).rejects.toThrow(/one or 3, .* there are 2/)
    const weights = { layers: [1], embedding: 0 }
    await expect(encoder.prepare(pictures(1, 1), weights)).rejects.toThrow(/layer weights/)
    const none = { layers: encoder.name === 'rn' ? [0, 0, 0, 0, 0] : [0, 0, 0], embedding: 0 }
    await expect(encoder.prepare(pictures(1, 1), none)).rejects.toThrow(/not all of them 0 unless its embedding counts/)
    const byEmbedding = { ...none, embedding: 1 }
    const { terms } = await encoder.compare(pictures(2, 2), await encoder.prepare(pictures(2, 1), byEmbedding))
    expect(Object.keys(terms)).toEqual(['embedding'])
    const layered = await encoder.prepare(pictures(2, 1), { ...none, layers: none.layers.map(() => 1) })
    await expect(encoder.compare(pictures(2, 2), layered, byEmbedding)).rejects.toThrow(/prepared for other layers/)
  })
})

test('relevance lies between 0 and 1, and only a vision transformer has it', async () => {
  const [rn, vit] = [await openEncoder(pathOf('rn')), await openEncoder(pathOf('vit'))]
  expect(rn.relevance).toBeUndefined()
  const { data, shape } = await vit.relevance!(pictures(1, 5))
  expect(shape).toEqual([64, 64])
  expect([Math.min(...data), Math.max(...data)]).toEqual([0, 1])
  await Promise.all([rn.dispose(), vit.dispose()])
})

test('other resolutions and widths are read off the tensors as well', async () => {
  writeClip(pathOf('wide'), { ...TINY_RN, resolution: 96, width: 10, embedding: 24 })
  const encoder = await openEncoder(pathOf('wide'))
  expect(encoder.resolution).toBe(96)
  const { embedding } = await encoder.encode(tensor([1, 3, 96, 96]))
  expect(embedding!.shape).toEqual([1, 24])
  await encoder.dispose()
})

test('where nothing can be kept, it works all the same', async () => {
  writeFileSync(join(folder, 'file'), '')
  vi.stubEnv('FEWLINE_MODELS', join(folder, 'file'))
  const encoder = await openEncoder(pathOf('rn'))
  const { embedding } = await encoder.encode(pictures(1, 6))
  expect(embedding!.shape).toEqual([1, 16])
  await encoder.dispose()
  vi.stubEnv('FEWLINE_MODELS', folder)
})

test('auto is the built-in encoder until a model is installed', async () => {
  const models = join(folder, 'auto')
  vi.stubEnv('FEWLINE_MODELS', models)
  const nameOfAuto = async () => {
    const encoder = await openEncoder('auto')
    await encoder.dispose()
    return encoder.name
  }
  expect(await nameOfAuto()).toBe('builtin')
  const { imported } = await importModel(pathOf('rn'))
  expect(imported).toHaveLength(1)
  expect(await nameOfAuto()).not.toBe('builtin')
  vi.stubEnv('FEWLINE_MODELS', folder)
})

test('weights of something else, or with something missing, are refused', async () => {
  const other = { 'visual.conv1.weight': randomTensor([4, 3, 3, 3], 1) }
  writeTorchArchive(pathOf('other'), other)
  await expect(openEncoder(pathOf('other'))).rejects.toThrow(/^Expected the weights of a CLIP model/)
  writeTorchArchive(pathOf('part'), { ...other, 'visual.attnpool.positional_embedding': randomTensor([5, 128], 2) })
  const part = await openEncoder(pathOf('part'))
  await expect(part.encode(pictures(1, 1))).rejects.toThrow(/"visual\.bn1\.weight" is missing/)
  await part.dispose()
})

test.each([
  ['rn', TINY_RN],
  ['vit', TINY_VIT],
])('a %s whose tensors do not fit together gives one clear error', async (_, measures) => {
  const next = random(8)
  const all = [...randomWeights({ ...measures, text: { ...measures.text, vocabulary: 8 } })]
  const outcomes = { fine: 0, refused: 0 }
  for (let i = 0; i < 60; i++) {
    const tensors = new Map(all)
    const visual = all.filter(([name]) => name.startsWith('visual.'))
    const [name, weight] = visual[Math.floor(next() * visual.length)]!
    const shape = weight.shape.map((side) => (next() < 0.5 ? side : Math.floor(next() * 2.5 * side)))
    if (next() < 0.2) tensors.delete(name)
    else
      tensors.set(name, {
        shape: next() < 0.1 ? [] : shape,
        type: 'float32',
        read: () => new Float32Array(sizeOf(shape)),
      })
    try {
      const encoder = encoderOf(
        clipTower({ tensors, identity: `${i}`, close: () => undefined }, { name, tokenizer: neverRead }),
      )
      const side = encoder.resolution
      if (side <= 256) await encoder.encode(tensor([1, 3, side, side]))
      await encoder.dispose()
      outcomes.fine++
    } catch (error) {
      expect(error, `${name} [${shape.join(', ')}]: ${String(error)}`).toBeInstanceOf(FewlineError)
      outcomes.refused++
    }
  }
  expect(outcomes.refused).toBeGreaterThan(20)
})

const neverRead = () => Promise.reject(new Error('no text is read here'))

/** The central difference of `loss` along the gradient is the gradient's length. */
async function expectSlope(gradient: Tensor, at: Tensor, loss: (at: Tensor) => Promise<number>): Promise<void> {
  expect(gradient.shape).toEqual(at.shape)
  const size = Math.hypot(...gradient.data)
  expect(size).toBeGreaterThan(1e-6)
  const direction = gradient.data.map((g) => g / size)
  const step = 0.02
  const moved = (sign: number) =>
    tensor(
      at.shape,
      at.data.map((value, i) => value + sign * step * direction[i]!),
    )
  const slope = ((await loss(moved(1))) - (await loss(moved(-1)))) / (2 * step)
  expect(slope / size).toBeCloseTo(1, 2)
}
