import { Damage } from './file.ts'

/**
 * What a pickle may become here. Nothing in a file is ever called: an object of whatever class is its name and what came
 * with it, and dictionaries are Maps, so that no key means anything.
 */
export type Pickled = null | boolean | number | string | Pickled[] | Map<Pickled, Pickled> | Global | Reference | Made

/** A class or function, by name. */
export interface Global {
  readonly kind: 'global'
  /** Module and name, with a space between. */
  readonly name: string
}

/** Something that lies outside the pickle. */
export interface Reference {
  readonly kind: 'reference'
  readonly id: Pickled
}

/** What the pickle wants made by calling `of` on `args`; `state` is what would then be set. */
export interface Made {
  readonly kind: 'made'
  readonly of: string
  readonly args: Pickled
  state: Pickled
}

/** The module tree of the largest CLIP takes about 60,000. */
const MOST_STEPS = 2 ** 19
const MARK = Symbol('mark')

interface Machine {
  readonly input: Cursor
  readonly stack: (Pickled | typeof MARK)[]
  readonly memo: Map<number, Pickled>
}

interface Cursor {
  byte(): number
  number(bytes: 2 | 4 | 8, read: (view: DataView, at: number) => number): number
  take(length: number): Uint8Array
  line(): string
}

/**
 * Reads a pickle of protocol 2, the one that PyTorch writes. Every step builds one small thing at most and the steps are
 * counted, so what is built stays within bounds; no length is believed before its bytes are there. Throws Damage.
 */
export function unpickle(bytes: Uint8Array): Pickled {
  const machine: Machine = { input: cursor(bytes), stack: [], memo: new Map() }
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const code = machine.input.byte()
    if (code === STOP) return pop(machine)
    const instruct = INSTRUCTIONS[code]
    if (!instruct) throw new Damage(`its pickle has an instruction that weights need not (${code})`)
    instruct(machine)
  }
  throw new Damage('its pickle is larger than that of any model')
}

type Instruction = (machine: Machine) => void

/** Puts on the stack what `make` reads. */
const push =
  (make: (input: Cursor) => Pickled): Instruction =>
  ({ stack, input }) =>
    void stack.push(make(input))

const tupleOf =
  (count: number): Instruction =>
  (machine) => {
    const items = Array.from({ length: count }, () => pop(machine))
    machine.stack.push(items.reverse())
  }

const byteOf = (input: Cursor): number => input.byte()
const uint16 = (input: Cursor): number => input.number(2, (view, at) => view.getUint16(at, true))
const int32 = (input: Cursor): number => input.number(4, (view, at) => view.getInt32(at, true))
const uint32 = (input: Cursor): number => input.number(4, (view, at) => view.getUint32(at, true))
const float64 = (input: Cursor): number => input.number(8, (view, at) => view.getFloat64(at))

const STOP = 0x2e
const INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  0x80: ({ input }) => {
    const protocol = input.byte()
    if (protocol !== 2) throw new Damage(`its pickle is of protocol ${protocol}, not 2`)
  },
  // Constants.
  0x4e: push(() => null),
  0x88: push(() => true),
  0x89: push(() => false),
  0x4b: push(byteOf),
  0x4d: push(uint16),
  0x4a: push(int32),
  0x8a: push((input) => long(input.take(input.byte()))),
  0x47: push(float64),
  0x58: push((input) => utf8(input.take(uint32(input)))),
  // Tuples, lists and dictionaries.
  0x28: ({ stack }) => void stack.push(MARK),
  0x29: push(() => []),
  0x5d: push(() => []),
  0x7d: push(() => new Map()),
  0x85: tupleOf(1),
  0x86: tupleOf(2),
  0x87: tupleOf(3),
  0x74: (machine) => machine.stack.push(popToMark(machine)),
  0x61: (machine) => append(machine, [pop(machine)]),
  0x65: (machine) => append(machine, popToMark(machine)),
  0x73: (machine) => {
    const value = pop(machine)
    setItems(machine, [pop(machine), value])
  },
  0x75: (machine) => setItems(machine, popToMark(machine)),
  0x30: (machine) => void pop(machine),
  // The memo.
  0x71: (machine) => void machine.memo.set(machine.input.byte(), top(machine)),
  0x72: (machine) => void machine.memo.set(uint32(machine.input), top(machine)),
  0x68: (machine) => machine.stack.push(recall(machine, machine.input.byte())),
  0x6a: (machine) => machine.stack.push(recall(machine, uint32(machine.input))),
  // Objects.
  0x63: push((input) => ({ kind: 'global', name: `${input.line()} ${input.line()}` })),
  0x51: (machine) => machine.stack.push({ kind: 'reference', id: pop(machine) }),
  0x52: make,
  0x81: make,
  0x62: build,
}

/** The one thing that is made for good is an ordered dictionary, which is a Map like any other. */
function make(machine: Machine): void {
  const args = pop(machine)
  const of = pop(machine)
  if (!isKind(of, 'global')) throw new Damage('its pickle makes something of nothing')
  const empty = Array.isArray(args) && args.length === 0
  const made: Made = { kind: 'made', of: of.name, args, state: null }
  machine.stack.push(of.name === 'collections OrderedDict' && empty ? new Map() : made)
}

function build(machine: Machine): void {
  const state = pop(machine)
  const object = top(machine)
  if (isKind(object, 'made')) object.state = state
  // A dictionary's own attributes (torch.save keeps version numbers there) are of no use.
  else if (!(object instanceof Map)) throw new Damage('its pickle builds on nothing')
}

export function isKind<Kind extends 'global' | 'reference' | 'made'>(
  value: Pickled | undefined,
  kind: Kind,
): value is Extract<Pickled, { kind: Kind }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

function append(machine: Machine, items: Pickled[]): void {
  const list = top(machine)
  if (!Array.isArray(list)) throw new Damage('its pickle appends to what is no list')
  for (const item of items) list.push(item)
}

function setItems(machine: Machine, items: Pickled[]): void {
  const map = top(machine)
  if (!(map instanceof Map) || items.length % 2 > 0) throw new Damage('its pickle has a broken dictionary')
  for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!)
}

function pop({ stack }: Machine): Pickled {
  const value = stack.pop()
  if (value === undefined || value === MARK) throw new Damage('its pickle takes what is not there')
  return value
}

function top({ stack }: Machine): Pickled {
  const value = stack.at(-1)
  if (value === undefined || value === MARK) throw new Damage('its pickle takes what is not there')
  return value
}

function popToMark({ stack }: Machine): Pickled[] {
  const at = stack.lastIndexOf(MARK)
  if (at < 0) throw new Damage('its pickle takes what is not there')
  const items = stack.splice(at + 1) as Pickled[]
  stack.pop()
  return items
}

function recall({ memo }: Machine, index: number): Pickled {
  const value = memo.get(index)
  if (value === undefined) throw new Damage('its pickle recalls what it never said')
  return value
}

/** A little-endian integer in two's complement, of up to 8 bytes. */
function long(bytes: Uint8Array): number {
  if (bytes.length > 8) throw new Damage('its pickle has a number of no use')
  return Number(
    BigInt.asIntN(
      8 * bytes.length,
      bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
    ),
  )
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function cursor(bytes: Uint8Array): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const step = (length: number): number => {
    if (at + length > bytes.length) throw new Damage('its pickle is cut short')
    at += length
    return at - length
  }
  return {
    byte: () => bytes[step(1)]!,
    number: (length, read) => read(view, step(length)),
    take: (length) => bytes.subarray(step(length), at),
    line() {
      const end = bytes.indexOf(0x0a, at)
      if (end < 0) throw new Damage('its pickle is cut short')
      const text = utf8(bytes.subarray(at, end))
      at = end + 1
      return text
    },
  }
}
