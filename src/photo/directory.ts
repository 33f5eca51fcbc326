import { latin } from './latin.ts'

/** What a directory of a TIFF says of one thing. */
interface Entry {
  tag: number
  type: number
  /** Its numbers one after another, each with the lowest byte first; or a directory of its own. */
  value: Uint8Array | Entry[]
}

/** Of each type: bytes of a value, and of the numbers that it is made of (a fraction is two). */
const TYPES: Readonly<Record<number, readonly [bytes: number, number: number]>> = {
  ...{ 1: [1, 1], 2: [1, 1], 3: [2, 2], 4: [4, 4], 5: [8, 4], 6: [1, 1] },
  ...{ 7: [1, 1], 8: [2, 2], 9: [4, 4], 10: [8, 4], 11: [4, 4], 12: [8, 8], 13: [4, 4] },
}
const LONG = 4
const HEADER = 8
const ENTRY = 12
/** Directories within directories: of the camera, of the place, and one about the file. */
const WITHIN = new Set([0x8769, 0x8825, 0xa005])
const DEEPEST = 3
/**
 * What is said of a picture, and not of how its pixels lie in the file: title, camera, software, date, who made it, where
 * it was made, and whose it is.
 */
const ABOUT = new Set([0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x013c, 0x8298, 0x8769, 0x8825])

/** What a camera wrote into a TIFF, as other pictures hold it: a TIFF without pixels. Undefined where there is none. */
export function exifInTiff(tiff: Uint8Array): Uint8Array | undefined {
  const about = aboutIn(tiff)
  if (!about || about.length === 0) return undefined
  return Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), written(about, HEADER)])
}

/** A TIFF that says that as well; as it was where one of them can't be understood. */
export function tiffWithExif(tiff: Uint8Array, exif: Uint8Array): Uint8Array {
  const [about, own] = [aboutIn(exif), directoryOf(tiff)]
  if (!about || !own || latin(tiff, 0, 2) !== 'II') return tiff
  const said = new Set(own.map(({ tag }) => tag))
  const all = [...own, ...about.filter(({ tag }) => !said.has(tag))].sort((a, b) => a.tag - b.tag)
  // Words begin at even places. The directory before stays where it was, and nothing leads there.
  const from = tiff.length + (tiff.length % 2)
  const longer = Buffer.concat([tiff, Buffer.alloc(from - tiff.length), written(all, from)])
  longer.writeUInt32LE(from, 4)
  return longer
}

function aboutIn(tiff: Uint8Array): Entry[] | undefined {
  return directoryOf(tiff)?.filter(({ tag }) => ABOUT.has(tag))
}

/** The first directory of a TIFF; undefined where it, or what it leads to, lies outside of the file. */
function directoryOf(tiff: Uint8Array): Entry[] | undefined {
  const order = latin(tiff, 0, 4)
  if (order !== 'II*\0' && order !== 'MM\0*') return undefined
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const file = { view, little: order.startsWith('II'), left: tiff.byteLength }
  try {
    return entriesAt(file, view.getUint32(4, file.little), DEEPEST)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** A file that is read; all values together have no more bytes than it has. */
interface File {
  view: DataView
  little: boolean
  left: number
}

function entriesAt(file: File, directory: number, deeper: number): Entry[] {
  const { view, little } = file
  const [short, long] = [(at: number) => view.getUint16(at, little), (at: number) => view.getUint32(at, little)]
  const known = new Set<number>()
  return Array.from({ length: short(directory) }, (_, i) => directory + 2 + ENTRY * i).flatMap((at): Entry[] => {
    const [tag, type] = [short(at), short(at + 2)]
    const [bytes, number] = TYPES[type] ?? [0, 0]
    const length = bytes * long(at + 4)
    if (length === 0 || known.has(tag)) return []
    known.add(tag)
    if (WITHIN.has(tag)) {
      if (deeper === 0) throw new RangeError('directories within directories')
      return [{ tag, type: LONG, value: entriesAt(file, long(at + 8), deeper - 1) }]
    }
    const from = length > LONG ? long(at + 8) : at + 8
    file.left -= length
    if (file.left < 0 || from + length > view.byteLength) throw new RangeError('a value outside')
    const value = new Uint8Array(view.buffer, view.byteOffset + from, length).slice()
    return [{ tag, type, value: little ? value : turned(value, number) }]
  })
}

/** The bytes of each number the other way round. */
function turned(value: Uint8Array, number: number): Uint8Array {
  return value.map((_, i) => value[i - (i % number) + (number - 1 - (i % number))]!)
}

/** A directory with all that it leads to, the last one of its file, as it lies at a place there. */
function written(entries: readonly Entry[], at: number): Uint8Array {
  const table = Buffer.alloc(2 + ENTRY * entries.length + 4)
  table.writeUInt16LE(entries.length)
  const parts: Uint8Array[] = [table]
  let end = at + table.length
  entries.forEach(({ tag, type, value }, i) => {
    const entry = 2 + ENTRY * i
    const content = value instanceof Uint8Array ? value : written(value, end)
    table.writeUInt16LE(tag, entry)
    table.writeUInt16LE(type, entry + 2)
    table.writeUInt32LE(value instanceof Uint8Array ? value.length / TYPES[type]![0] : 1, entry + 4)
    if (value instanceof Uint8Array && value.length <= LONG) table.set(value, entry + 8)
    else {
      table.writeUInt32LE(end, entry + 8)
      parts.push(content, Buffer.alloc(content.length % 2))
      end += content.length + (content.length % 2)
    }
  })
  return Buffer.concat(parts)
}
