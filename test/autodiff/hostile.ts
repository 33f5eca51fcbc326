import { RULES, STEPS } from '../../src/autodiff/rules/index.ts'
import { bytesOf, type ElementType } from '../../src/onnx/elements.ts'
import type { Attribute, Constant, Graph, Node, Value, ValueInfo } from '../../src/onnx/graph.ts'

/** Graphs that nobody would export: what a stranger's file may hold, made at random. */

/** What operators take, where it is not one value: v is a value, i a list of whole numbers, f of fractions, - nothing. */
const TAKES: Record<string, string[]> = {
  ...taking(['vv', 'vf'], 'Add Sub Mul Div Pow Max Min Equal Greater Less MatMul'),
  ...taking(['vi'], 'Reshape Expand Tile Squeeze Unsqueeze Split Gather Pad ReduceSum ReduceMean'),
  ...taking(['vvv'], 'Where Gemm LayerNormalization Sum Concat'),
  ...taking(['i'], 'ConstantOfShape'),
  ...taking(['iii'], 'Range'),
  ...taking([''], 'Constant'),
  Clip: ['vff'],
  Slice: ['vii', 'viii', 'viiii'],
  Resize: ['v-f', 'v--i'],
  Conv: ['vv', 'vvv'],
  ConvTranspose: ['vv', 'vvv'],
  InstanceNormalization: ['vvv'],
  BatchNormalization: ['vvvvv'],
}
const OPS = [...RULES.keys(), ...STEPS, ...Object.keys(TAKES)]
const ODD_OPS = 'ConvTranspose MaxPool ReduceProd Shape Size Not If Loop Nonsense'.split(' ')
const INTS =
  'axis keepdims group to start end allowzero noop_with_empty_axes transA transB ceil_mode antialias value_int'
const LISTS = 'axes perm kernel_shape strides pads dilations output_padding split starts ends value_ints sizes'
const TEXTS: Record<string, string[]> = {
  mode: ['nearest', 'linear', 'cubic', 'edge', 'reflect', 'wrap', 'constant', 'odd'],
  auto_pad: ['SAME_UPPER', 'SAME_LOWER', 'VALID', 'odd'],
  coordinate_transformation_mode: ['align_corners', 'asymmetric', 'pytorch_half_pixel', 'odd'],
  nearest_mode: ['ceil', 'floor', 'round_prefer_ceil'],
  approximate: ['tanh'],
}
const TYPES: ElementType[] = ['int64', 'float64', 'float16', 'bool', 'int32', 'uint8']
const SMALL = [0, 1, 1, 1, 2, 2, 3, 4, -1, -2]
const LARGE = [224, 4097, 1e5, 3e7, 2 ** 31, 2 ** 32 + 1, 2 ** 53, 2 ** 62, 2 ** 63, -3, -(2 ** 31), -(2 ** 63)]
const FRACTIONS = [NaN, Infinity, -Infinity, 0.5, -0.1, 1e-30, 1e30]

function taking(what: string[], names: string): Record<string, string[]> {
  return Object.fromEntries(names.split(' ').map((name) => [name, what]))
}

/** A model whose output `loss` may depend on its inputs `x` and `y`; `next` gives numbers of 0..1. */
export function hostileGraph(next: () => number): Graph {
  const below = (n: number): number => Math.floor(next() * n)
  const seldom = (share: number): boolean => next() < share
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make)
  const number = (): number => (seldom(0.06) ? one(LARGE) : one(SMALL))
  const side = (): number => (seldom(0.03) ? Math.abs(one(LARGE)) : 1 + below(4))

  const constants = new Map<Value, Constant>()
  const made: Value[] = ['x', 'y']
  const input = (name: Value): ValueInfo => {
    const shape = seldom(0.5) ? [2, 3, 4, 4] : some(4, () => (seldom(0.01) ? 'n' : seldom(0.05) ? 0 : side()))
    return { name, type: seldom(0.02) ? one(TYPES) : 'float32', ...(!seldom(0.01) && { shape }) }
  }
  const constant = (fractions: boolean, scalar: boolean): Constant => {
    const type = seldom(0.05) ? one(TYPES) : fractions ? 'float32' : 'int64'
    const count = scalar ? 1 : seldom(0.03) ? below(300) : below(5)
    const numbers = Array.from({ length: count }, () =>
      type.startsWith('float') && seldom(0.2) ? one(FRACTIONS) : number(),
    )
    if (seldom(0.01)) return { type, shape: [0, Math.abs(one(LARGE))], data: new Uint8Array() }
    return { type, shape: scalar ? [] : [count], data: bytesOf(type, numbers) }
  }
  const newConstant = (fractions: boolean): Value => {
    const name = `c${constants.size}`
    constants.set(name, constant(fractions, fractions && seldom(0.7)))
    return name
  }
  const taken = (what: string): Value => {
    if (seldom(0.02)) return one(['', 'nowhere', 'n1', 'n3', 'loss', '__proto__'])
    if (what === 'v') return seldom(0.6) ? made.at(-1)! : one(made)
    return what === '-' ? '' : newConstant(what === 'f')
  }
  const attribute = (): [string, Attribute] => {
    const kind = next()
    if (kind < 0.4) return [one(INTS.split(' ')), { type: 'int', value: number() }]
    if (kind < 0.75) return [one(LISTS.split(' ')), { type: 'ints', value: some(seldom(0.03) ? 200 : 4, number) }]
    const text = one(Object.keys(TEXTS))
    if (kind < 0.9) return [text, { type: 'string', value: one(TEXTS[text]!) }]
    if (kind < 0.94) return [one(['value', 'axis']), { type: 'tensor', value: constant(seldom(0.5), false) }]
    if (kind < 0.97) return ['alpha', { type: 'float', value: one(FRACTIONS) }]
    return ['body', { type: 'other', code: one([5, 10, 99]), value: [] }]
  }
  const node = (i: number): Node => {
    const op = seldom(0.05) ? one(ODD_OPS) : one(OPS)
    const outputs = Array.from({ length: seldom(0.1) ? below(4) : 1 }, (_, k) => (k ? `n${i}_${k}` : `n${i}`))
    const inputs = Array.from(one(TAKES[op] ?? ['v']), taken)
    if (seldom(0.02)) inputs.push(...some(300, () => one(made)))
    if (!seldom(0.02)) made.push(...outputs)
    const attributes = new Map(some(3, attribute))
    return { op, domain: seldom(0.005) ? 'odd' : '', name: `node ${i}`, inputs, outputs, attributes }
  }

  const inputs = ['x', 'y'].map(input)
  const nodes = Array.from({ length: 1 + below(4) }, (_, i) => node(i))
  const last = made.at(-1)!
  // A sum makes one number of anything, so that a graph comes as far as its gradient.
  const sum: Node = {
    ...{ op: 'ReduceSum', domain: '', name: 'sum', inputs: [last], outputs: ['loss'] },
    attributes: new Map([['keepdims', { type: 'int', value: 0 }]]),
  }
  nodes.push(sum)
  if (seldom(0.03)) nodes.reverse()
  const opset = seldom(0.02) ? one([0, 9, 99]) : one([11, 12, 13, 17, 18, 21])
  const outputs: ValueInfo[] = [{ name: seldom(0.02) ? last : 'loss', type: 'float32', shape: [] }]
  if (seldom(0.02)) outputs.push({ name: 'grad_x', type: 'float32', shape: [] })
  if (seldom(0.02)) nodes.push({ ...sum, outputs: [one(['grad_x', 'loss', 'x', 'n0'])] })
  return { name: 'hostile', opsets: new Map([['', opset]]), inputs, outputs, nodes, constants }
}

/** The same bytes with a few of them changed, left out or doubled. */
export function damaged(bytes: Uint8Array, next: () => number): Uint8Array {
  let changed = new Uint8Array(bytes)
  for (let k = 0; k <= Math.floor(next() * 4); k++) {
    const at = Math.floor(next() * changed.length)
    const what = next()
    if (what < 0.6) changed[at] = Math.floor(next() * 256)
    else if (what < 0.8) changed[at] = next() < 0.5 ? 0xff : 0
    else changed = Buffer.concat([changed.subarray(0, at), changed.subarray(what < 0.9 ? at + 1 : Math.max(0, at - 8))])
  }
  return changed
}
