import { z } from 'zod'
import { sizeOf } from '../tensor.ts'
import { Damage, type RangeFile } from './file.ts'
import { BYTES, readNumbers, type WeightType } from './numbers.ts'
import type { Archive, Weight } from './weight.ts'

const LENGTH_BYTES = 8
/** CLIP's take less than 100 kB. */
const MOST_HEADER_BYTES = 16 * 2 ** 20

const TYPES: Readonly<Record<string, WeightType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }

const count = z.int().nonnegative()
const Placed = z.object({
  dtype: z.string(),
  shape: z.array(count).max(8),
  data_offsets: z.tuple([count, count]),
})
type Placed = z.infer<typeof Placed>

/** How a file that is no safetensors at all is told from a damaged one: it would begin with this after the length. */
export function looksLikeSafetensors(file: RangeFile): boolean {
  return file.size > LENGTH_BYTES && file.read(LENGTH_BYTES, 1)[0] === 0x7b
}

/**
 * Reads a safetensors file: the length of a header, the header (JSON: name → type, shape, place), and the numbers, one tensor
 * after another without gaps. Tensors that are not of floating point are left out. Throws Damage.
 */
export function readSafetensors(file: RangeFile): Archive {
  const length = new DataView(file.read(0, LENGTH_BYTES).buffer).getBigUint64(0, true)
  if (length > MOST_HEADER_BYTES) throw new Damage('its header is larger than that of any model')
  const start = LENGTH_BYTES + Number(length)
  if (start > file.size) throw new Damage('it is cut short')
  const content = file.read(LENGTH_BYTES, Number(length))
  const placed = parseHeader(content)
  checkPlaces(placed, file.size - start)
  const tensors = new Map<string, Weight>()
  for (const [name, { dtype, shape, data_offsets }] of placed) {
    const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined
    if (!type) continue
    const size = sizeOf(shape)
    if (size * BYTES[type] !== data_offsets[1] - data_offsets[0]) throw new Damage(`${name} does not fill its place`)
    tensors.set(name, { shape, type, read: () => readNumbers(file, type, start + data_offsets[0], size) })
  }
  return { tensors, content }
}

function parseHeader(bytes: Uint8Array): [string, Placed][] {
  const header = parseJson(bytes)
  if (typeof header !== 'object' || header === null) throw new Damage('its header is no list of tensors')
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => {
      const { success, data } = Placed.safeParse(entry)
      if (!success) throw new Damage(`its header is wrong about ${name}`)
      return [name, data]
    })
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Damage('its header is not JSON')
  }
}

/** Each tensor begins where another ends, and together they are all there is: so nothing overlaps and nothing hides. */
function checkPlaces(placed: readonly [string, Placed][], size: number): void {
  const places = placed.map(([, { data_offsets }]) => data_offsets).sort((a, b) => a[0] - b[0] || a[1] - b[1])
  let end = 0
  for (const [from, to] of places) {
    if (from !== end || to < from) throw new Damage('its tensors overlap or leave gaps')
    end = to
  }
  if (end > size) throw new Damage('it is cut short')
  if (end < size) throw new Damage('it holds more than its tensors')
}
