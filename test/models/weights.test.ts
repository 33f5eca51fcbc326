import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openWeights } from '../../src/models/weights.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { useFolder } from '../support/folder.ts'
import {
  randomTensor,
  storagesOf,
  dictionary,
  string,
  tensorIn,
  torchArchive,
  writeSafetensors,
  writeStateDictionary,
  writeTorchArchive,
  type Tensors,
} from '../support/weights.ts'

const folder = useFolder()
const at = (name: string): string => join(folder.path, name)

/** Numbers that float16 and bfloat16 hold exactly. */
const TENSORS: Tensors = {
  'visual.conv1.weight': { data: Float32Array.of(0.5, -1, 2, 0, 0.25, 1024), shape: [2, 3], type: 'float16' },
  'visual.bn1.bias': { data: Float32Array.of(1e-30, 3.25), shape: [2] },
  'visual.layer1.0.conv1.weight': { data: Float32Array.of(-0.125, 384, 2 ** 100), shape: [3, 1], type: 'bfloat16' },
  logit_scale: { data: Float32Array.of(4.5), shape: [] },
}

describe.each([
  ['an archive of torch.jit.save', 'a.pt', writeTorchArchive],
  ['an archive of torch.save', 'b.pt', writeStateDictionary],
  ['a safetensors file', 'c.safetensors', writeSafetensors],
])('%s', (_what, name, write) => {
  test('gives its tensors, every type as float32', () => {
    write(at(name), TENSORS)
    const { tensors, close } = openWeights(at(name))
    expect([...tensors.keys()].sort()).toEqual(Object.keys(TENSORS).sort())
    for (const [key, { data, shape, type = 'float32' }] of Object.entries(TENSORS)) {
      const weight = tensors.get(key)!
      expect([key, weight.shape, weight.type]).toEqual([key, shape, type])
      expect(weight.read()).toEqual(data)
    }
    close()
  })

  test('has the same identity each time, and another with other numbers', () => {
    const identity = (seed: number): string => {
      write(at(name), { 'visual.proj': randomTensor([64, 64], seed) })
      const { identity, close } = openWeights(at(name))
      close()
      return identity
    }
    write(at(name), TENSORS)
    expect(openWeights(at(name)).identity).toBe(openWeights(at(name)).identity)
    expect(identity(1)).not.toBe(identity(2))
  })
})

describe('a tensor of an archive', () => {
  const storage = storagesOf({ a: { data: Float32Array.from({ length: 24 }, (_, i) => i), shape: [24] } })
  const read = (...views: Parameters<typeof tensorIn>[3][]): Float32Array[] => {
    const items = views.map((view, i) => [string(`t${i}`), tensorIn('0', 'torch FloatStorage', 24, view)])
    writeFileSync(at('view.pt'), torchArchive(dictionary(items), storage))
    return [...openWeights(at('view.pt')).tensors.values()].map((weight) => weight.read())
  }

  test('may be any view of its storage, and share it', () => {
    expect(
      read(
        { offset: 20, shape: [2, 2] },
        { offset: 1, shape: [3, 2], strides: [1, 3] },
        { shape: [2, 2, 2], strides: [12, 1, 4] },
        { offset: 23, shape: [] },
        { offset: 4, shape: [1, 3], strides: [999, 1] },
      ).map((numbers) => [...numbers]),
    ).toEqual([[20, 21, 22, 23], [1, 4, 2, 5, 3, 6], [0, 4, 1, 5, 12, 16, 13, 17], [23], [4, 5, 6]])
  })
})

describe.skipIf(!hasShared)('the archives that PyTorch wrote', () => {
  test.each([
    ['tiny-rn', 'visual.layer2.1.bn3.running_var', 'visual.attnpool.c_proj.weight'],
    ['tiny-vit', 'visual.ln_pre.bias', 'visual.proj'],
  ])('%s', (name, single, half) => {
    const { tensors, close } = openWeights(`${SHARED}/golden/${name}.pt`)
    expect(tensors.get(single)).toMatchObject({ shape: [64], type: 'float32' })
    expect(tensors.get(half)!.type).toBe('float16')
    expect(tensors.get('token_embedding.weight')!.shape).toEqual([49408, 32])
    for (const weight of tensors.values()) expect(weight.read().every(Number.isFinite)).toBe(true)
    const openAi = /^(visual|transformer|ln_final|token_embedding|positional_embedding|text_projection|logit_scale)/
    expect([...tensors.keys()].filter((key) => !openAi.test(key))).toEqual([])
    close()
  })

  // Unpacked with another program.
  test.each([
    ['positional_embedding', [-0.24604035913944244, 0.11868935078382492, 0.26967257261276245, -0.41652119159698486]],
    ['text_projection', [0.1778564453125, -0.2147216796875, 0.277099609375, 0.140869140625]],
  ])('the numbers of %s', (name, expected) => {
    const { tensors, close } = openWeights(`${SHARED}/golden/tiny-rn.pt`)
    expect([...tensors.get(name)!.read().subarray(0, 4)]).toEqual(expected)
    close()
  })
})
