import { Damage, type RangeFile } from './file.ts'

/**
 * The directory of a zip file, as far as weight archives need it: where each stored entry lies. Tensors are then read from
 * the file by ranges and when they are asked for, which libraries that hand out streams or whole entries don't offer.
 * Layout: PKWARE's APPNOTE, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14–4.3.16 (its end, also of zip64).
 */
export interface Entry {
  readonly name: string
  /** Of its local header. */
  readonly header: number
  /** In bytes, as it lies in the file. */
  readonly size: number
  /** Not compressed: its bytes can be read by ranges. */
  readonly stored: boolean
  readonly crc: number
}

export interface Directory {
  readonly entries: ReadonlyMap<string, Entry>
  /** The directory itself, which holds the checksum of every entry. */
  readonly bytes: Uint8Array
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const END_64_BYTES = 56
const LOCATOR_64_BYTES = 20
const LONGEST_COMMENT = 0xffff
/** A field of 32 bits that says "see the zip64 field". */
const SEE_64 = 0xffffffff
const ZIP64_EXTRA = 1
const ENCRYPTED = 1

/** Far more than any model has: RN50x64 has about 1500. */
const MOST_ENTRIES = 100_000
const MOST_DIRECTORY_BYTES = 16 * 2 ** 20

/** Reads the directory at the end of a zip file. Throws Damage. */
export function readDirectory(file: RangeFile): Directory {
  const { offset, size, count } = findDirectory(file)
  if (count > MOST_ENTRIES || size > MOST_DIRECTORY_BYTES) throw new Damage(`it claims ${count} entries`)
  if (offset + size > file.size) throw new Damage('its directory lies beyond its end')
  const bytes = file.read(offset, size)
  const entries = new Map<string, Entry>()
  for (let at = 0, i = 0; i < count; i++) {
    const { entry, next } = readEntry(bytes, at)
    if (entries.has(entry.name)) throw new Damage(`${entry.name} is there twice`)
    entries.set(entry.name, entry)
    at = next
  }
  checkOverlaps([...entries.values()], offset)
  return { entries, bytes }
}

/** Where the bytes of a stored entry begin. Throws Damage. */
export function dataOffset(file: RangeFile, { name, header, size, stored }: Entry): number {
  if (!stored) throw new Damage(`${name} is compressed`)
  const view = viewOf(file.read(header, LOCAL_BYTES))
  if (view.getUint32(0, true) !== LOCAL) throw new Damage(`there is no ${name} where its directory says`)
  const offset = header + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true)
  if (offset + size > file.size) throw new Damage(`${name} lies beyond its end`)
  return offset
}

function findDirectory(file: RangeFile): { offset: number; size: number; count: number } {
  const length = Math.min(file.size, END_BYTES + LONGEST_COMMENT)
  const tail = viewOf(file.read(file.size - length, length))
  const at = findEnd(tail)
  const end = file.size - length + at
  const plain = {
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  }
  return readEnd64(file, end - LOCATOR_64_BYTES) ?? plain
}

function findEnd(tail: DataView): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    const comment = tail.byteLength - at - END_BYTES
    if (tail.getUint32(at, true) === END && tail.getUint16(at + 20, true) === comment) return at
  }
  throw new Damage('it is cut short')
}

/** What the zip64 records before the end say, where there are any. */
function readEnd64(file: RangeFile, locatorAt: number): { offset: number; size: number; count: number } | undefined {
  if (locatorAt < 0) return undefined
  const locator = viewOf(file.read(locatorAt, LOCATOR_64_BYTES))
  if (locator.getUint32(0, true) !== LOCATOR_64) return undefined
  const at = whole64(locator, 8)
  if (at + END_64_BYTES > locatorAt) throw new Damage('its directory is misplaced')
  const end = viewOf(file.read(at, END_64_BYTES))
  if (end.getUint32(0, true) !== END_64) throw new Damage('its directory is missing')
  return { count: whole64(end, 32), size: whole64(end, 40), offset: whole64(end, 48) }
}

function readEntry(bytes: Uint8Array, at: number): { entry: Entry; next: number } {
  const view = viewOf(bytes)
  if (at + CENTRAL_BYTES > bytes.length || view.getUint32(at, true) !== CENTRAL) {
    throw new Damage('its directory is damaged')
  }
  const nameEnd = at + CENTRAL_BYTES + view.getUint16(at + 28, true)
  const extraEnd = nameEnd + view.getUint16(at + 30, true)
  const next = extraEnd + view.getUint16(at + 32, true)
  if (next > bytes.length) throw new Damage('its directory is damaged')
  const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, nameEnd))
  if (view.getUint16(at + 8, true) & ENCRYPTED) throw new Damage(`${name} is encrypted`)
  const wide = wideFields(view, nameEnd, extraEnd)
  const field = (offset: number): number => {
    const value = view.getUint32(at + offset, true)
    return value === SEE_64 ? wide() : value
  }
  // In this order, as the zip64 field holds them so.
  const uncompressed = field(24)
  const size = field(20)
  const header = field(42)
  const stored = view.getUint16(at + 10, true) === 0
  if (stored && uncompressed !== size) throw new Damage(`${name} has two sizes`)
  return { entry: { name, header, size, stored, crc: view.getUint32(at + 16, true) }, next }
}

/** Gives the numbers of the zip64 field among an entry's extra fields one after another. */
function wideFields(view: DataView, from: number, to: number): () => number {
  let at = from
  while (at + 4 <= to && view.getUint16(at, true) !== ZIP64_EXTRA) at += 4 + view.getUint16(at + 2, true)
  const end = at + 4 <= to ? Math.min(to, at + 4 + view.getUint16(at + 2, true)) : at
  at += 4
  return () => {
    if (at + 8 > end) throw new Damage('its directory is damaged')
    at += 8
    return whole64(view, at - 8)
  }
}

/** Entries that share bytes are how small files pretend to be large ones. */
function checkOverlaps(entries: Entry[], directory: number): void {
  entries.sort((a, b) => a.header - b.header)
  entries.forEach(({ name, header, size }, i) => {
    const end = entries[i + 1]?.header ?? directory
    if (header + LOCAL_BYTES + size > end) throw new Damage(`${name} overlaps what follows it`)
  })
}

function whole64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Damage('it claims to be larger than any file')
  return Number(value)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
