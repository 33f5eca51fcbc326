import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { openWeights, type Weights } from '../../src/models/weights.ts'
import { useFolder } from '../support/folder.ts'
import {
  dictionary,
  EMPTY_TUPLE,
  global,
  int,
  object,
  op,
  safetensors,
  string,
  tensorIn,
  torchArchive,
  tuple,
  type View,
} from '../support/weights.ts'

const folder = useFolder()

function opened(bytes: Uint8Array): Weights {
  const path = join(folder.path, 'file')
  writeFileSync(path, bytes)
  return openWeights(path)
}

/** What the one sentence says; anything but a FewlineError of kind `model` fails the test. */
function complaintAbout(bytes: Uint8Array): string {
  try {
    const { tensors } = opened(bytes)
    for (const weight of tensors.values()) weight.read()
  } catch (error) {
    if (!(error instanceof FewlineError)) throw error
    expect(error.problem.kind).toBe('model')
    return error.message
  }
  return 'nothing'
}

const NUMBERS = new Uint8Array(4 * 24)
const FLOATS = 'torch FloatStorage'
const archive = (root: Uint8Array): Buffer => torchArchive(root, [NUMBERS])
const viewed = (view: View): Buffer => archive(dictionary([[string('t'), tensorIn('0', FLOATS, 24, view)]]))
const TENSOR = tensorIn('0', FLOATS, 24, { shape: [24] })

describe('a pickle', () => {
  test.each([
    ['calls the shell', Buffer.concat([global('posix system'), tuple(string('touch pwned')), op('R')])],
    ['makes an object of any class', Buffer.concat([global('os _wrap_close'), EMPTY_TUPLE, op('\x81')])],
    ['names a property of all objects', object('__proto__ constructor', [[string('__proto__'), TENSOR]])],
    ['has keys that are no names', dictionary([[tuple(int(1)), TENSOR]])],
  ])('that %s is read, and nothing comes of it', (_what, root) => {
    expect(complaintAbout(archive(root))).toBe('nothing')
    expect(folder.files()).toEqual(['file'])
    expect(({} as Record<string, unknown>).shape).toBeUndefined()
  })

  test('may use any name for a tensor', () => {
    const names = ['__proto__', 'constructor', 'toString']
    const { tensors } = opened(archive(dictionary(names.map((name) => [string(name), TENSOR]))))
    expect([...tensors.keys()]).toEqual(names)
    for (const weight of tensors.values()) expect(weight.read()).toHaveLength(24)
  })

  test.each([
    ['that contains itself', Buffer.concat([op('}q\x00'), string('a'), op('h\x00s')]), 'no end'],
    ['that doubles itself at every step', laughs(40), 'no end'],
    ['as deep as it is long', Buffer.concat([op(']'.repeat(1e6)), op('a'.repeat(1e6 - 1))]), 'larger than'],
    ['nested beyond any module', nested(1000), 'no end'],
    ['of nothing but notes', Buffer.concat([op('N'), op('q\x00'.repeat(2 ** 20))]), 'larger than'],
    ['that recalls what it never said', op('j\xff\xff\xff\xff'), 'never said'],
    ['with a string longer than itself', op('X\xff\xff\xff\x7fabc'), 'cut short'],
    ['that takes from an empty stack', op('a'), 'not there'],
    ['that takes what lies below a mark', op('N(s'), 'not there'],
    ['with an instruction of no use', op('I1\n'), 'need not'],
    ['of another protocol', op('\x80\x04N'), 'protocol 4'],
    ['with a number of 255 bytes', op(`\x8a\xff${'\x01'.repeat(255)}`), 'of no use'],
    ['with half an entry', op('}(Nu'), 'dictionary'],
    ['that fills no dictionary', op('](NNu'), 'dictionary'],
    ['that appends to no list', op('}Na'), 'no list'],
  ])('%s is refused', (_what, root, why) => {
    expect(complaintAbout(archive(root))).toContain(why)
  })
})

describe('a tensor', () => {
  test.each<[string, View, string]>([
    ['beyond its storage', { shape: [25] }, 'beyond'],
    ['that ends beyond its storage', { offset: 1, shape: [24] }, 'beyond'],
    ['that strides beyond its storage', { shape: [2, 2], strides: [23, 1] }, 'beyond'],
    ['before its storage', { offset: -1, shape: [2] }, 'absurd'],
    ['that strides backwards', { shape: [2], strides: [-1] }, 'absurd'],
    ['of a negative side', { shape: [-4, -6] }, 'absurd'],
    ['with too few strides', { shape: [2, 2], strides: [1] }, 'absurd'],
    ['of too many sides', { shape: Array.from({ length: 9 }, () => 1) }, 'absurd'],
    ['larger than any memory', { shape: [2 ** 31 - 1, 2 ** 31 - 1], strides: [0, 0] }, 'beyond'],
    ['that repeats one number', { shape: [25], strides: [0] }, 'beyond'],
  ])('%s is refused', (_what, view, why) => {
    expect(complaintAbout(viewed(view))).toContain(why)
  })

  test('of no numbers is one', () => {
    const { tensors } = opened(viewed({ shape: [2 ** 31 - 1, 0], strides: [7, 7] }))
    expect(tensors.get('t')!.read()).toHaveLength(0)
  })

  test.each([
    ['whose numbers are missing', tensorIn('7', FLOATS, 24, { shape: [24] }), 'missing'],
    ['whose numbers are elsewhere', tensorIn('../data.pkl', FLOATS, 24, { shape: [1] }), 'missing'],
    ['made of nothing', Buffer.concat([global('torch._utils _rebuild_tensor_v2'), op('NR')]), 'nothing'],
    ['without numbers', Buffer.concat([global('torch._utils _rebuild_tensor_v2'), op(')R')]), 'no numbers'],
  ])('%s is refused', (_what, tensor, why) => {
    expect(complaintAbout(archive(dictionary([[string('t'), tensor]])))).toContain(why)
  })

  test('in so many names that they could not all be read is refused', () => {
    const names = Array.from({ length: 4000 }, (_, i) => `t${i}`)
    const shared = Buffer.concat([op('0'), dictionary(names.map((name) => [string(name), op('h\x00')]))])
    const root = Buffer.concat([tensorIn('0', FLOATS, 2 ** 18, { shape: [2 ** 18] }), op('q\x00'), shared])
    expect(complaintAbout(torchArchive(root, [new Uint8Array(2 ** 20)]))).toContain('larger than the file')
  })

  test('of integers is left out', () => {
    const counter = tensorIn('0', 'torch LongStorage', 12, { shape: [] })
    expect(opened(archive(dictionary([[string('num_batches_tracked'), counter]]))).tensors.size).toBe(0)
  })

  test('may be a view of a storage that claims to be larger', () => {
    const claimed = tensorIn('0', FLOATS, 2 ** 31 - 1, { shape: [24] })
    expect(complaintAbout(archive(dictionary([[string('t'), claimed]])))).toBe('nothing')
  })
})

describe('a zip', () => {
  const root = dictionary([[string('t'), TENSOR]])
  const good = archive(root)
  const end = good.length - 22
  const directory = good.readUInt32LE(end + 16)
  const patched = (patch: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(good)
    patch(copy)
    return copy
  }

  test('as it should be is read', () => expect(complaintAbout(good)).toBe('nothing'))

  test.each([
    ['with a compressed tensor', zipSync({ 'archive/data.pkl': NUMBERS, 'archive/data/0': NUMBERS }), 'compressed'],
    ['without weights', zipSync({ 'a.txt': NUMBERS }, { level: 0 }), 'no weights'],
    ['of two models', zipSync({ 'a/data.pkl': NUMBERS, 'b/data.pkl': NUMBERS }, { level: 0 }), 'no weights'],
    [
      'of a big-endian machine',
      zipSync({ 'a/data.pkl': NUMBERS, 'a/byteorder': Buffer.from('big') }, { level: 0 }),
      'big',
    ],
    ['without its end', good.subarray(0, end), 'cut short'],
    ['without its directory', patched((copy) => copy.fill(0, directory, end)), 'directory'],
    ['with a directory beyond its end', patched((copy) => copy.writeUInt32LE(0x7fffffff, end + 16)), 'beyond'],
    ['with more entries than it has', patched((copy) => copy.writeUInt16LE(60_000, end + 10)), 'directory'],
    ['whose entry lies elsewhere', patched((copy) => copy.writeUInt32LE(5, directory + 42)), 'says'],
    [
      'whose entries overlap',
      patched((copy) => copy.writeUInt32LE(4, copy.indexOf('PK\x01\x02', directory + 4) + 42)),
      'overlaps',
    ],
    [
      'whose entry is larger than the file',
      patched((copy) => copy.writeUInt32LE(copy.writeUInt32LE(2 ** 31, directory + 20) && 2 ** 31, directory + 24)),
      'overlaps',
    ],
    ['with an encrypted entry', patched((copy) => copy.writeUInt16LE(1, directory + 8)), 'encrypted'],
    ['whose pickle was changed', patched((copy) => (copy[copy.indexOf('torch._utils')] = 84)), 'checksum'],
  ])('%s is refused', (_what, bytes, why) => {
    expect(complaintAbout(bytes)).toContain(why)
  })
})

describe('a zip of more than 4 GB, or written as if it were', () => {
  const good = archive(dictionary([[string('t'), TENSOR]]))

  test('is read by its wide fields', () => {
    const { tensors } = opened(widened(good))
    expect(tensors.get('t')!.read()).toHaveLength(24)
  })

  test.each([
    [
      'a directory where there is none',
      (wide: Buffer) => wide.writeBigUInt64LE(7n, wide.length - 22 - 20 + 8),
      'missing',
    ],
    ['one behind its end', (wide: Buffer) => wide.writeBigUInt64LE(2n ** 40n, wide.length - 22 - 20 + 8), 'misplaced'],
    [
      'one that no number holds',
      (wide: Buffer) => wide.writeBigUInt64LE(2n ** 60n, wide.length - 22 - 20 + 8),
      'any file',
    ],
    [
      'an entry behind its end',
      (wide: Buffer) => wide.writeBigUInt64LE(2n ** 40n, wide.indexOf(WIDE) + 20),
      'overlaps',
    ],
    ['no wide field', (wide: Buffer) => wide.writeUInt16LE(9, wide.indexOf(WIDE)), 'directory'],
  ])('is refused when it claims %s', (_what, patch, why) => {
    const wide = widened(good)
    patch(wide)
    expect(complaintAbout(wide)).toContain(why)
  })
})

describe('a safetensors file', () => {
  const place = (from: number, to: number, shape = [(to - from) / 4], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [from, to],
  })

  test('may use any name for a tensor, and say more about itself', () => {
    const header =
      '{"__proto__": {"dtype": "F32", "shape": [24], "data_offsets": [0, 96]}, "__metadata__": {"format": "pt"}}'
    const { tensors } = opened(safetensors(header, NUMBERS))
    expect([...tensors.keys()]).toEqual(['__proto__'])
  })

  test('of integers and types to come gives none', () => {
    const header = {
      a: place(0, 48, [12], 'I32'),
      b: place(48, 96, [1], 'F4_X9'),
      c: place(96, 96, [0], 'constructor'),
    }
    expect(opened(safetensors(header, NUMBERS)).tensors.size).toBe(0)
  })

  test.each([
    ['with overlapping tensors', { a: place(0, 96), b: place(48, 96) }, 'overlap'],
    ['with gaps', { a: place(0, 40), b: place(48, 96) }, 'gaps'],
    ['with a tensor that ends before it begins', { a: place(0, 96), b: place(96, 48, [1]) }, 'overlap'],
    ['with tensors beyond its end', { a: place(0, 100) }, 'cut short'],
    ['with more than its tensors', { a: place(0, 92) }, 'more than'],
    ['with a tensor larger than its place', { a: place(0, 96, [2 ** 31, 2 ** 31]) }, 'fill'],
    ['with a shape of fractions', { a: place(0, 96, [0.5, 48]) }, 'wrong about a'],
    ['with a shape of negative sides', { a: place(0, 96, [-4, -6]) }, 'wrong about a'],
    ['with too many sides', { a: place(0, 4, [1, 1, 1, 1, 1, 1, 1, 1, 1]) }, 'wrong about a'],
    ['with no places', { a: { dtype: 'F32', shape: [24] } }, 'wrong about a'],
    ['with a text for a tensor', { a: 'F32' }, 'wrong about a'],
    ['with a header that is not JSON', '{"a": ', 'not JSON'],
    ['with a header of bytes that are no text', '{"\ud800": 1}', 'wrong about'],
  ])('%s is refused', (_what, header, why) => {
    expect(complaintAbout(safetensors(header, NUMBERS))).toContain(why)
  })

  test.each([
    ['longer than the file', 1000n, 'cut short'],
    ['longer than any', 2n ** 40n, 'larger than'],
    ['longer than any number', 2n ** 64n - 1n, 'larger than'],
  ])('with a header that claims to be %s is refused', (_what, length, why) => {
    const bytes = safetensors({ a: place(0, 96) }, NUMBERS)
    bytes.writeBigUInt64LE(length)
    expect(complaintAbout(bytes)).toContain(why)
  })
})

describe('a file of another kind', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'is an empty file'],
    ['one byte', Buffer.from('P'), 'is neither'],
    ['half a zip', Buffer.from('PK'), 'cut short'],
    ['text', Buffer.from('These are my weights.'), 'is neither'],
    ['an old file of PyTorch', Buffer.from('\x80\x02\x8a\x0al\xfc\x9cF\xf9', 'latin1'), 'is in the old form'],
  ])('%s', (_what, bytes, why) => {
    expect(complaintAbout(bytes)).toContain(why)
  })

  test('nothing at all, and a folder', () => {
    expect(() => openWeights(join(folder.path, 'nowhere.pt'))).toThrow(/does not exist: check its path/)
    expect(() => openWeights(folder.path)).toThrow(/is not a file/)
  })
})

/** A dictionary that holds the one before it twice, and so on. */
function laughs(count: number): Buffer {
  const memo = (i: number): Buffer => Buffer.from([i])
  const doubled = (i: number): Buffer =>
    Buffer.concat([...[op('}('), string('a'), op('h'), memo(i), string('b'), op('h'), memo(i), op('uq'), memo(i + 1)]])
  return Buffer.concat([op('}q\x00'), ...Array.from({ length: count }, (_, i) => doubled(i))])
}

function nested(depth: number): Buffer {
  const inner = Buffer.concat([op('}'), string('a')])
  return Buffer.concat([...Array.from({ length: depth }, () => inner), op('N'), op('s'.repeat(depth))])
}

/** The head of a zip64 field of three numbers. */
const WIDE = Buffer.from([1, 0, 24, 0])

/** The same zip with every number in its zip64 field, and its end in the zip64 records. */
function widened(zip: Buffer): Buffer {
  const end = zip.length - 22
  const start = zip.readUInt32LE(end + 16)
  const entries: Buffer[] = []
  for (let at = start; at < end;) {
    const next = at + 46 + zip.readUInt16LE(at + 28)
    const field = Buffer.concat([
      WIDE,
      wide(zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)),
    ])
    const entry = Buffer.from(zip.subarray(at, next))
    entry.writeUInt16LE(field.length, 30)
    for (const offset of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, offset)
    entries.push(entry, field)
    at = next
  }
  const directory = Buffer.concat(entries)
  const count = zip.readUInt16LE(end + 10)
  const end64 = Buffer.concat([
    op('PK\x06\x06'),
    wide(44),
    Buffer.alloc(12),
    wide(count, count, directory.length, start),
  ])
  const locator = Buffer.concat([op('PK\x06\x07'), Buffer.alloc(4), wide(start + directory.length), Buffer.alloc(4)])
  const narrow = Buffer.concat([op('PK\x05\x06'), Buffer.alloc(4), Buffer.alloc(12, 0xff), Buffer.alloc(2)])
  return Buffer.concat([zip.subarray(0, start), directory, end64, locator, narrow])
}

function wide(...numbers: number[]): Buffer {
  return Buffer.from(BigUint64Array.from(numbers, BigInt).buffer)
}
