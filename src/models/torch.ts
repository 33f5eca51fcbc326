import { crc32 } from 'node:zlib'
import { sizeOf } from '../tensor.ts'
import { Damage, type RangeFile } from './file.ts'
import { BYTES, readNumbers, type WeightType } from './numbers.ts'
import { isKind, unpickle, type Made, type Pickled } from './pickle.ts'
import type { Archive, Weight } from './weight.ts'
import { dataOffset, readDirectory, type Directory, type Entry } from './zip.ts'

const MOST_PICKLE_BYTES = 16 * 2 ** 20
/** Modules lie 6 deep in CLIP. */
const MOST_DEPTH = 32
const MOST_NAMES = 100_000
const MOST_DIMENSIONS = 8
/** All tensors together against their file: some may share a storage, but not many. */
const MOST_SHARING = 4

const STORAGES: Readonly<Record<string, WeightType>> = {
  'torch FloatStorage': 'float32',
  'torch HalfStorage': 'float16',
  'torch BFloat16Storage': 'bfloat16',
}

/**
 * Reads an archive as torch.jit.save writes it, the form of OpenAI's files: a zip of `NAME/data.pkl`, a pickle of the tree of
 * modules, and `NAME/data/0`, … with the numbers. What torch.save writes differs only in that the pickle is a flat
 * dictionary. Tensors that are not of floating point are left out. Throws Damage.
 */
export function readTorch(file: RangeFile): Archive {
  const directory = readDirectory(file)
  const pickles = [...directory.entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name))
  if (pickles.length !== 1) throw new Damage('it holds no weights of PyTorch')
  const root = pickles[0]!.slice(0, -'data.pkl'.length)
  checkByteOrder(file, directory.entries.get(`${root}byteorder`))
  const tree = unpickle(readEntry(file, directory.entries.get(pickles[0]!)!))
  const tensors = new Map<string, Weight>()
  for (const [name, made] of tensorsIn(tree)) {
    const weight = weightOf(made, file, directory, root)
    if (tensors.has(name)) throw new Damage(`${name} is there twice`)
    if (weight) tensors.set(name, weight)
  }
  checkSum(tensors, file)
  return { tensors, content: directory.bytes }
}

function readEntry(file: RangeFile, entry: Entry): Uint8Array {
  if (entry.size > MOST_PICKLE_BYTES) throw new Damage(`${entry.name} is larger than that of any model`)
  const bytes = file.read(dataOffset(file, entry), entry.size)
  if (crc32(bytes) !== entry.crc) throw new Damage(`${entry.name} has another checksum`)
  return bytes
}

function checkByteOrder(file: RangeFile, entry: Entry | undefined): void {
  if (entry && new TextDecoder().decode(readEntry(file, entry)).trim() !== 'little') {
    throw new Damage('its numbers are in big-endian order')
  }
}

/** Tensors by their path through modules and dictionaries, which may be shared but not without end. */
function tensorsIn(tree: Pickled): [string, Made][] {
  const found: [string, Made][] = []
  let seen = 0
  const walk = (value: Pickled, path: string, depth: number): void => {
    if (++seen > MOST_NAMES || depth > MOST_DEPTH) throw new Damage('its modules have no end')
    const tensor = tensorOf(value)
    if (tensor) return void found.push([path, tensor])
    const attributes = isKind(value, 'made') ? value.state : value
    if (!(attributes instanceof Map)) return
    for (const [key, inner] of attributes) {
      if (typeof key === 'string') walk(inner, path === '' ? key : `${path}.${key}`, depth + 1)
    }
  }
  walk(tree, '', 0)
  return found
}

function tensorOf(value: Pickled): Made | undefined {
  if (!isKind(value, 'made')) return undefined
  if (value.of === 'torch._utils _rebuild_tensor_v2') return value
  // A parameter is a tensor with a wish to be trained.
  if (value.of !== 'torch._utils _rebuild_parameter' || !Array.isArray(value.args)) return undefined
  const [tensor] = value.args
  return isKind(tensor, 'made') && tensor.of === 'torch._utils _rebuild_tensor_v2' ? tensor : undefined
}

/** Undefined for a tensor that is not of floating point. */
function weightOf({ args }: Made, file: RangeFile, directory: Directory, root: string): Weight | undefined {
  if (!Array.isArray(args)) throw new Damage('a tensor is made of nothing')
  const [reference, offset, shape, strides] = args
  const { type, key } = storageOf(reference)
  if (!type) return undefined
  const entry = directory.entries.get(`${root}data/${key}`)
  if (!entry) throw new Damage(`the numbers of a tensor (data/${key}) are missing`)
  const layout = layoutOf(offset, shape, strides)
  // The storage is what is there, whatever length the pickle claims for it.
  const length = Math.floor(entry.size / BYTES[type])
  if (layout.end > length || sizeOf(layout.shape) > length) {
    throw new Damage(`a tensor of shape [${layout.shape.join(', ')}] lies beyond its numbers (data/${key})`)
  }
  const start = dataOffset(file, entry) + layout.offset * BYTES[type]
  const count = layout.end - layout.offset
  // The checksum is that of the whole storage.
  const crc = count * BYTES[type] === entry.size ? entry.crc : undefined
  const read = (): Float32Array => {
    const numbers = readNumbers(file, type, start, count, crc)
    return isContiguous(layout) ? numbers : gather(numbers, layout)
  }
  return { shape: layout.shape, type, read }
}

/** What a pickle says about where a tensor's numbers lie. The device it names is where they once were: no matter. */
function storageOf(reference: Pickled | undefined): { type: WeightType | undefined; key: string } {
  const id = isKind(reference, 'reference') ? reference.id : undefined
  if (!Array.isArray(id)) throw new Damage('a tensor has no numbers')
  const [what, type, key] = id
  if (what !== 'storage' || !isKind(type, 'global') || typeof key !== 'string') {
    throw new Damage('a tensor has no numbers')
  }
  return { type: Object.hasOwn(STORAGES, type.name) ? STORAGES[type.name] : undefined, key }
}

/** How a tensor lies in its storage, in elements: it begins at `offset`, and all of it lies before `end`. */
interface Layout {
  readonly offset: number
  readonly end: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

function layoutOf(offset: Pickled | undefined, shape: Pickled | undefined, strides: Pickled | undefined): Layout {
  if (!isCount(offset) || !areCounts(shape) || !areCounts(strides) || shape.length !== strides.length) {
    throw new Damage('a tensor has an absurd shape')
  }
  const last = shape.reduce((sum, side, i) => sum + (side - 1) * strides[i]!, offset)
  return { offset, shape, strides, end: shape.includes(0) ? offset : last + 1 }
}

function areCounts(value: Pickled | undefined): value is number[] {
  return Array.isArray(value) && value.length <= MOST_DIMENSIONS && value.every(isCount)
}

function isCount(value: Pickled | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Whether the numbers, if there are any, lie in row-major order without gaps. */
function isContiguous({ shape, strides }: Layout): boolean {
  if (shape.includes(0)) return true
  let expected = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false
    expected *= shape[i]!
  }
  return true
}

/** Numbers of a storage, from the tensor's offset on, in the tensor's row-major order. */
function gather(numbers: Float32Array, { shape, strides }: Layout): Float32Array {
  const out = new Float32Array(sizeOf(shape))
  let filled = 0
  const walk = (axis: number, from: number): void => {
    if (axis === shape.length) return void (out[filled++] = numbers[from]!)
    for (let i = 0; i < shape[axis]!; i++) walk(axis + 1, from + i * strides[axis]!)
  }
  walk(0, 0)
  return out
}

function checkSum(tensors: ReadonlyMap<string, Weight>, file: RangeFile): void {
  const bytes = [...tensors.values()].reduce((sum, { shape, type }) => sum + sizeOf(shape) * BYTES[type], 0)
  if (bytes > MOST_SHARING * file.size) throw new Damage('its tensors are larger than the file')
}
