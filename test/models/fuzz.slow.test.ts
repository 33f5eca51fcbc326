import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { unpickle } from '../../src/models/pickle.ts'
import { Damage } from '../../src/models/file.ts'
import { openWeights } from '../../src/models/weights.ts'
import { sizeOf } from '../../src/tensor.ts'
import { useFolder } from '../support/folder.ts'
import { random } from '../support/random.ts'
import {
  randomTensor,
  torchArchive,
  writeSafetensors,
  writeStateDictionary,
  writeTorchArchive,
} from '../support/weights.ts'

const folder = useFolder()
const VARIANTS = 400

const TENSORS = {
  'visual.conv1.weight': randomTensor([4, 3, 2, 2], 1, 'float16'),
  'visual.bn1.weight': randomTensor([4], 2),
  'visual.layer1.0.conv1.weight': randomTensor([2, 4], 3, 'bfloat16'),
  logit_scale: randomTensor([], 4),
}

/** Opens the file and reads all of it; true when it was refused. Throws when anything else happens. */
function refuses(path: string): boolean {
  try {
    const weights = openWeights(path)
    try {
      for (const { shape, read } of weights.tensors.values()) expect(read()).toHaveLength(sizeOf(shape))
    } finally {
      weights.close()
    }
    return false
  } catch (error) {
    if (!(error instanceof FewlineError)) throw error
    expect(error.problem.kind).toBe('model')
    return true
  }
}

describe.each([
  ['archives of torch.jit.save', writeTorchArchive],
  ['archives of torch.save', writeStateDictionary],
  ['safetensors files', writeSafetensors],
])('%s', (_what, write) => {
  let path: string
  let whole: Buffer
  beforeEach(() => {
    path = join(folder.path, 'weights')
    write(path, TENSORS)
    whole = readFileSync(path)
  })

  test('that are cut anywhere are refused', () => {
    for (let length = 0; length < whole.length; length += 1 + Math.floor(whole.length / VARIANTS)) {
      writeFileSync(path, whole.subarray(0, length))
      expect(refuses(path)).toBe(true)
    }
  })

  test('with any bytes changed are read or refused', () => {
    const next = random(5)
    let refused = 0
    for (let i = 0; i < VARIANTS; i++) {
      const bytes = Buffer.from(whole)
      for (let k = 0; k <= i % 4; k++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
      writeFileSync(path, bytes)
      if (refuses(path)) refused++
    }
    expect(refused).toBeGreaterThan(VARIANTS / 4)
    expect(refused).toBeLessThan(VARIANTS)
  })
})

describe('pickles', () => {
  test('of any bytes are read or refused', () => {
    const instructions = Buffer.from('(.0NKMJGX)]}tqraesuhjcQRb\x80\x85\x86\x87\x88\x89\x8a\x81', 'latin1')
    const byte = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...instructions) }, fc.nat(255))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), (bytes) => {
        try {
          unpickle(Uint8Array.from(bytes))
        } catch (error) {
          if (!(error instanceof Damage)) throw error
        }
      }),
      { numRuns: 5000, seed: 6 },
    )
  })

  // The checksum of an archive would refuse these before the pickle is looked at.
  test('with any bytes changed are read or refused, checksum and all', () => {
    const path = join(folder.path, 'weights')
    writeTorchArchive(path, TENSORS)
    const whole = readFileSync(path)
    const start = whole.indexOf('\x80\x02c', 0, 'latin1') + 2
    const root = whole.subarray(start, whole.indexOf('b.PK', start, 'latin1') + 1)
    const next = random(7)
    let refused = 0
    for (let i = 0; i < VARIANTS; i++) {
      const bytes = Buffer.from(root)
      for (let k = 0; k <= i % 4; k++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
      writeFileSync(
        path,
        torchArchive(bytes, [new Uint8Array(96), new Uint8Array(16), new Uint8Array(16), new Uint8Array(4)]),
      )
      if (refuses(path)) refused++
    }
    expect(refused).toBeGreaterThan(VARIANTS / 4)
    expect(refused).toBeLessThan(VARIANTS)
  })
})
