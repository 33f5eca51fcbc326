import { afterAll, describe, expect, test } from 'vitest'
import type { ImageEncoder } from '../../src/encoder/encoder.ts'
import { openEncoder } from '../../src/encoder/open.ts'
import { sturdy } from '../../src/encoder/sturdy.ts'
import { FewlineError, type Problem } from '../../src/errors.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { random } from '../support/random.ts'

const builtin = await openEncoder('builtin', { threads: 1 })
afterAll(() => builtin.dispose())

function pictures(count: number, seed = count): Tensor {
  const next = random(seed)
  return tensor(
    [count, 3, 224, 224],
    Float32Array.from({ length: count * 3 * 224 * 224 }, () => next()),
  )
}

function fault(kind: Problem['kind']): FewlineError {
  return new FewlineError({ kind, expected: 'a run', came: 'it failed', todo: 'stop' })
}

/** The built-in encoder on a device that fails as told for more than `most` pictures, and what became of it. */
function frail(kind: Problem['kind'], most: number, device = 'webgpu') {
  const tried: number[] = []
  const check = (images: Tensor): void => {
    tried.push(images.shape[0]!)
    if (images.shape[0]! > most) throw fault(kind)
  }
  const state = { disposed: false }
  const encoder: ImageEncoder = {
    ...builtin,
    device,
    encode: async (images) => (check(images), builtin.encode(images)),
    prepare: async (images, weights) => (check(images), builtin.prepare(images, weights)),
    compare: async (sketch, photo, weights) => (check(sketch), builtin.compare(sketch, photo, weights)),
    dispose: async () => void (state.disposed = true),
  }
  return { encoder, tried, state }
}

const onlyCpu = async (device: string): Promise<ImageEncoder> => {
  expect(device).toBe('cpu')
  return builtin
}

describe('memory that is short', () => {
  test('makes batches smaller, and changes no number by more than rounding', async () => {
    const [sketch, photo] = [pictures(5), pictures(5, 99)]
    const whole = await builtin.compare(sketch, await builtin.prepare(photo))
    const { encoder, tried } = frail('memory', 2)
    const tough = sturdy(encoder, onlyCpu)
    const target = await tough.prepare(photo)
    const pieces = await tough.compare(sketch, target)
    expect(tried).toEqual([5, 3, 2, 2, 1, 2, 2, 1])
    expect(pieces.loss).toBeCloseTo(whole.loss, 5)
    for (const [name, term] of Object.entries(whole.terms)) expect(pieces.terms[name]).toBeCloseTo(term, 5)
    expect(pieces.gradient.shape).toEqual(whole.gradient.shape)
    const apart = pieces.gradient.data.map((g, i) => Math.abs(g - whole.gradient.data[i]!))
    const largest = whole.gradient.data.reduce((a, g) => Math.max(a, Math.abs(g)), 0)
    expect(apart.reduce((a, b) => Math.max(a, b)) / largest).toBeLessThan(1e-4)
    expect(tough.notes).toEqual([
      'Memory was too short for 5 pictures at once: Fewline looks at 3 at a time.',
      'Memory was too short for 3 pictures at once: Fewline looks at 2 at a time.',
    ])
    expect(tough.device).toBe('webgpu')
  })

  test('gives features of all pictures, in order', async () => {
    const images = pictures(3)
    const whole = await builtin.encode(images)
    const { layers } = await sturdy(frail('memory', 1).encoder, onlyCpu).encode(images)
    expect(layers.map(({ shape }) => shape)).toEqual(whole.layers.map(({ shape }) => shape))
    layers.forEach(({ data }, i) => {
      const apart = data.reduce((most, v, k) => Math.max(most, Math.abs(v - whole.layers[i]!.data[k]!)), 0)
      expect(apart).toBeLessThan(1e-5)
    })
  })

  test('for even one picture hands over to the processor, and lets go of the device', async () => {
    const { encoder, state } = frail('memory', 0)
    const tough = sturdy(encoder, onlyCpu)
    const images = pictures(1)
    expect((await tough.compare(images, await tough.prepare(images))).loss).toBe(0)
    expect([tough.device, state.disposed]).toEqual(['cpu', true])
    expect(tough.notes).toEqual(['The device webgpu ran out of memory: the processor goes on from there.'])
  })

  test('on the processor, for even one picture, is an error', async () => {
    const tough = sturdy(frail('memory', 0, 'cpu').encoder, onlyCpu)
    await expect(tough.encode(pictures(1))).rejects.toMatchObject({ problem: { kind: 'memory' } })
  })
})

test('a device that fails makes way for the processor at once', async () => {
  const tough = sturdy(frail('device', 0).encoder, onlyCpu)
  expect((await tough.encode(pictures(2))).layers[0]!.shape[0]).toBe(2)
  expect([tough.device, tough.notes]).toEqual(['cpu', ['The device webgpu failed: the processor goes on from there.']])
})

test('half precision that fails makes way for single precision there, and that for the processor', async () => {
  const opened: string[] = []
  const openOn = async (device: string): Promise<ImageEncoder> => {
    opened.push(device)
    return device === 'cpu' ? builtin : frail('device', 1).encoder
  }
  const tough = sturdy({ ...frail('device', 0).encoder, precision: 'half' }, openOn)
  await tough.encode(pictures(1))
  expect([tough.device, tough.precision, opened]).toEqual(['webgpu', 'single', ['webgpu']])
  await tough.encode(pictures(2))
  expect([tough.device, tough.precision, opened]).toEqual(['cpu', 'single', ['webgpu', 'cpu']])
  expect(tough.notes).toEqual([
    'The device webgpu failed in half precision: single precision goes on from there.',
    'The device webgpu failed: the processor goes on from there.',
  ])
})

test('an error in the call is nobody’s weakness', async () => {
  const tough = sturdy(frail('call', 0).encoder, onlyCpu)
  await expect(tough.encode(pictures(1))).rejects.toMatchObject({ problem: { kind: 'call' } })
  expect([tough.device, tough.notes]).toEqual(['webgpu', []])
})

test('what an encoder can’t do, its sturdy self can’t either', () => {
  const tough = sturdy(builtin, onlyCpu)
  expect([tough.encodeText, tough.compareText, tough.relevance]).toEqual([undefined, undefined, undefined])
})
