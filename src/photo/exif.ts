import { latin } from './latin.ts'

/** What a camera wrote beside the picture begins with; a TIFF without pixels follows. */
const BEGINNING = 'Exif\0\0'
const ENTRY = 12
const ORIENTATION = 0x0112
const EXIF = 0x8769
const PLACE = 0x8825
const THUMBNAIL = 0x0201
const THUMBNAIL_BYTES = 0x0202
/** Bytes of a value of each type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

/**
 * EXIF for a picture that has become another: upright, and without the small picture of how it was. The place where it was
 * taken is erased, unless it is to be kept. Undefined for what can't be understood, since it might say where.
 */
export function exifOfEdit(exif: Uint8Array, keepsPlace = false): Uint8Array | undefined {
  const bytes = Uint8Array.from(exif)
  const start = latin(bytes, 0, BEGINNING.length) === BEGINNING ? BEGINNING.length : 0
  const order = latin(bytes, start, start + 2)
  if (order !== 'II' && order !== 'MM') return undefined
  try {
    const file = new Directories(bytes.subarray(start), order === 'II')
    const main = file.first()
    for (const entry of file.entries(main)) if (file.tag(entry) === ORIENTATION) file.setShort(entry + 8, 1)
    const next = file.next(main)
    if (next > 0) file.eraseThumbnail(next)
    file.setNext(main, 0)
    if (!keepsPlace) {
      // Some writers put it beside the camera's data.
      const camera = file.entries(main).find((entry) => file.tag(entry) === EXIF)
      for (const directory of [main, ...(camera === undefined ? [] : [file.long(camera + 8)])])
        file.erasePlace(directory)
    }
    return bytes
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The directories of a TIFF, changed where they lie. Whatever points out of it is a RangeError. */
class Directories {
  private readonly bytes: Uint8Array
  private readonly little: boolean
  private readonly view: DataView

  constructor(bytes: Uint8Array, little: boolean) {
    this.bytes = bytes
    this.little = little
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  first(): number {
    return this.long(4)
  }

  entries(directory: number): number[] {
    const count = this.view.getUint16(directory, this.little)
    const all = Array.from({ length: count }, (_, i) => directory + 2 + ENTRY * i)
    if (directory + 2 + ENTRY * count + 4 > this.bytes.length) throw new RangeError('a directory that is cut short')
    return all
  }

  tag(entry: number): number {
    return this.view.getUint16(entry, this.little)
  }

  long(at: number): number {
    return this.view.getUint32(at, this.little)
  }

  setShort(at: number, value: number): void {
    this.view.setUint16(at, value, this.little)
  }

  next(directory: number): number {
    return this.long(this.end(directory))
  }

  setNext(directory: number, to: number): void {
    this.view.setUint32(this.end(directory), to, this.little)
  }

  /** Takes the entry of the place out of a directory, and erases all that it leads to. */
  erasePlace(directory: number): void {
    const entries = this.entries(directory)
    const place = entries.find((entry) => this.tag(entry) === PLACE)
    if (place === undefined) return
    const leadsTo = this.long(place + 8)
    for (const entry of this.entries(leadsTo)) this.eraseValue(entry)
    this.erase(leadsTo, 2 + ENTRY * this.entries(leadsTo).length)
    const end = this.end(directory) + 4
    this.bytes.copyWithin(place, place + ENTRY, end)
    this.bytes.fill(0, end - ENTRY, end)
    this.setShort(directory, entries.length - 1)
  }

  eraseThumbnail(directory: number): void {
    const entries = this.entries(directory)
    const valueOf = (wanted: number): number => {
      const entry = entries.find((one) => this.tag(one) === wanted)
      return entry === undefined ? 0 : this.long(entry + 8)
    }
    this.erase(valueOf(THUMBNAIL), valueOf(THUMBNAIL_BYTES))
  }

  /** Behind the entries, where the next directory is named. */
  private end(directory: number): number {
    return directory + 2 + ENTRY * this.entries(directory).length
  }

  private eraseValue(entry: number): void {
    const length = (SIZES[this.view.getUint16(entry + 2, this.little)] ?? 0) * this.long(entry + 4)
    if (length > 4) this.erase(this.long(entry + 8), length)
  }

  private erase(from: number, length: number): void {
    if (from + length > this.bytes.length) throw new RangeError('a value outside')
    this.bytes.fill(0, from, from + length)
  }
}
