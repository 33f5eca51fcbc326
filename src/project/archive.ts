import { createHash } from 'node:crypto'
import { unzipSync, zipSync, type Zippable } from 'fflate'

/** The files in a project, and the most that each may hold. */
const LARGEST = {
  'fewline.json': 4 * 2 ** 20,
  photo: 200 * 2 ** 20,
  mask: 64 * 2 ** 20,
  emphasis: 2 ** 20,
  edits: 128 * 2 ** 20,
  history: 32 * 2 ** 20,
  checksums: 2 ** 10,
}
/** Others are passed over, but not any number of them. */
const MOST_ENTRIES = 64
/** Times of day would make two files of one project differ. */
const STORED = { level: 0, mtime: new Date(2000, 0, 1) } as const

type Name = Exclude<keyof typeof LARGEST, 'checksums'>
export type Entries = Partial<Record<Name, Uint8Array>>

/**
 * A zip archive of the entries, `fewline.json` at its very beginning, by which it is known. They are stored as they are:
 * photos can't be made smaller, the history already is, and nothing has to be unpacked that might never end.
 */
export function pack(entries: Entries): Uint8Array {
  const sums = Object.entries(entries).map(([name, bytes]) => `${sumOf(bytes)} ${name}\n`)
  const files: Zippable = Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, [bytes, STORED]]))
  return zipSync({ ...files, checksums: [Buffer.from(sums.join('')), STORED] })
}

/** The entries of an archive of ours, whole and as they were. Throws an error when there is any doubt. */
export function unpack(content: Uint8Array): Entries {
  let seen = 0
  const names = new Set<string>()
  const files = unzipSync(content, {
    filter: ({ name, size, compression }) => {
      if (++seen > MOST_ENTRIES) throw new RangeError('it holds too many files')
      if (!isOurs(name)) return false
      if (compression !== 0) throw new RangeError(`its ${name} is packed otherwise than Fewline does`)
      if (size > LARGEST[name]) throw new RangeError(`its ${name} is too large`)
      if (names.has(name)) throw new RangeError(`it has two of ${name}`)
      names.add(name)
      return true
    },
  })
  const { checksums = new Uint8Array(), ...entries } = files
  for (const [name, bytes] of Object.entries(entries)) {
    if (!Buffer.from(checksums).includes(`${sumOf(bytes)} ${name}\n`)) throw new RangeError(`its ${name} is damaged`)
  }
  return entries
}

function isOurs(name: string): name is keyof typeof LARGEST {
  return Object.hasOwn(LARGEST, name)
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
