import { writeFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { halvesOf } from '../../src/onnx/elements.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'
import { random } from './random.ts'

/** Small weight files, written as PyTorch and safetensors write them. */
export interface Stored extends Tensor {
  /** How its numbers are stored; float32 when absent. */
  type?: 'float32' | 'float16' | 'bfloat16'
}
export type Tensors = Readonly<Record<string, Stored>>

/** Numbers in −scale..scale, the same for the same seed. */
export function randomTensor(shape: number[], seed: number, type: Stored['type'] = 'float32', scale = 1): Stored {
  const next = random(seed)
  return { data: Float32Array.from({ length: sizeOf(shape) }, () => scale * (2 * next() - 1)), shape, type }
}

/** An archive as torch.jit.save writes it: names with dots become a tree of modules. */
export function writeTorchArchive(path: string, tensors: Tensors): void {
  writeFileSync(path, torchArchive(moduleTree(tensors), storagesOf(tensors)))
}

/** An archive as torch.save writes a state dictionary. */
export function writeStateDictionary(path: string, tensors: Tensors): void {
  const items = Object.entries(tensors).map(([name, stored], i) => [string(name), tensorOf(i, stored)])
  const pickle = Buffer.concat([global('collections OrderedDict'), EMPTY_TUPLE, op('R'), setItems(items)])
  writeFileSync(path, torchArchive(pickle, storagesOf(tensors)))
}

export function writeSafetensors(path: string, tensors: Tensors): void {
  let end = 0
  const parts = Object.values(tensors).map(bytesOfStored)
  const header = Object.entries(tensors).map(([name, { shape, type = 'float32' }], i) => {
    const begin = end
    end += parts[i]!.length
    return [name, { dtype: SAFE[type], shape, data_offsets: [begin, end] }]
  })
  writeFileSync(path, safetensors(Object.fromEntries(header), Buffer.concat(parts)))
}

/** A safetensors file of any header, right or wrong. */
export function safetensors(header: unknown, numbers: Uint8Array): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, numbers])
}

/** A zip of stored files: data.pkl with this root object, and the storages. */
export function torchArchive(root: Uint8Array, storages: readonly Uint8Array[]): Buffer {
  const data = Object.fromEntries(storages.map((bytes, i) => [`${ARCHIVE}/data/${i}`, bytes]))
  const pickle = Buffer.concat([Buffer.from([0x80, 2]), root, op('.')])
  const files = { ...data, [`${ARCHIVE}/data.pkl`]: pickle, [`${ARCHIVE}/version`]: Buffer.from('3\n') }
  return Buffer.from(zipSync(files, { level: 0 }))
}

export function storagesOf(tensors: Tensors): Buffer[] {
  return Object.values(tensors).map(bytesOfStored)
}

const ARCHIVE = 'archive'
const SAFE = { float32: 'F32', float16: 'F16', bfloat16: 'BF16' }
const STORAGES = { float32: 'torch FloatStorage', float16: 'torch HalfStorage', bfloat16: 'torch BFloat16Storage' }

/** Instructions of a pickle. */
export const op = (code: string): Buffer => Buffer.from(code, 'latin1')
export const EMPTY_TUPLE = op(')')
export const global = (name: string): Buffer => op(`c${name.replace(' ', '\n')}\n`)
export const tuple = (...items: Uint8Array[]): Buffer => Buffer.concat([op('('), ...items, op('t')])
export function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([op('X'), length, bytes])
}
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return Buffer.concat([op('J'), bytes])
}
export const dictionary = (items: readonly (readonly Uint8Array[])[]): Buffer =>
  Buffer.concat([op('}'), setItems(items)])
const setItems = (items: readonly (readonly Uint8Array[])[]): Buffer =>
  Buffer.concat([op('('), ...items.flat(), op('u')])
/** An object of a class, with attributes. */
export const object = (name: string, items: readonly (readonly Uint8Array[])[]): Buffer =>
  Buffer.concat([global(name), EMPTY_TUPLE, op('\x81'), dictionary(items), op('b')])

export interface View {
  offset?: number
  shape: readonly number[]
  strides?: readonly number[]
}

/** A tensor in storage `key`. */
export function tensorIn(key: string, storage: string, elements: number, { offset = 0, shape, strides }: View): Buffer {
  const id = tuple(string('storage'), global(storage), string(key), string('cuda:0'), int(elements))
  const sides = tuple(...shape.map(int))
  const steps = tuple(...(strides ?? rowMajor(shape)).map(int))
  const hooks = Buffer.concat([global('collections OrderedDict'), EMPTY_TUPLE, op('R')])
  const args = tuple(Buffer.concat([id, op('Q')]), int(offset), sides, steps, op('\x89'), hooks)
  return Buffer.concat([global('torch._utils _rebuild_tensor_v2'), args, op('R')])
}

function tensorOf(key: number, { shape, type = 'float32' }: Stored): Buffer {
  return tensorIn(String(key), STORAGES[type], sizeOf(shape), { shape })
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, i) => sizeOf(shape.slice(i + 1)))
}

type Tree = Map<string, Tree | Buffer>

function moduleTree(tensors: Tensors): Buffer {
  const root: Tree = new Map()
  Object.entries(tensors).forEach(([name, stored], i) => {
    const path = name.split('.')
    let at = root
    for (const part of path.slice(0, -1)) {
      const inner = at.get(part)
      const next: Tree = inner instanceof Map ? inner : new Map()
      at.set(part, next)
      at = next
    }
    at.set(path.at(-1)!, tensorOf(i, stored))
  })
  return moduleOf(root)
}

function moduleOf(tree: Tree): Buffer {
  const attributes = [...tree].map(([name, inner]) => [string(name), inner instanceof Map ? moduleOf(inner) : inner])
  return object('__torch__.Module Module', [...attributes, [string('training'), op('\x89')]])
}

function bytesOfStored({ data, type = 'float32' }: Stored): Buffer {
  if (type === 'float32') return Buffer.from(data.slice().buffer)
  const bits = type === 'float16' ? halvesOf(data) : Uint16Array.from(data, upperHalf)
  return Buffer.from(bits.buffer)
}

/** Number → bfloat16 bits, cut off. */
function upperHalf(number: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, number)
  return view.getUint16(0)
}
