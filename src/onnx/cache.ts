import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { bytesPerElement } from './elements.ts'
import { type Graph, bytesIn } from './graph.ts'
import { temporaryIn } from '../temporary.ts'
import { sizeOf } from '../tensor.ts'
import { writeWithoutWeights } from './outside.ts'
import { rewrite } from './rewrite.ts'
import { openSession, runtime, type Session, type SessionOptions } from './session.ts'

/** Where graphs are kept as the runtime has rewritten them. */
export interface Cache {
  folder: string
  /** How much the folder may hold; what was not used for longest goes first. */
  bytes: number
}

const MODEL = 'model.onnx'
const WEIGHTS = 'weights.bin'
const RAW_MODEL = 'raw.onnx'
const RAW_WEIGHTS = 'raw.bin'
/** Weights in a file begin at multiples of so many bytes, as ONNX recommends for files that are mapped into memory. */
const ALIGNMENT = 4096

/**
 * A graph ready to run on the processor, rewritten by the runtime once and kept. `identity` tells its weights from any
 * others. The runtime maps the kept weights into memory, so that they are read as they are needed and no copy of them is
 * made.
 * Throws whatever the file system throws when the folder can't be written, a RangeError when the disk is too full, and as
 * `openSession` does.
 */
export async function openCached(
  graph: Graph,
  identity: string,
  cache: Cache,
  options: SessionOptions,
): Promise<Session> {
  const folder = join(cache.folder, keyOf(graph, identity))
  const kept = await openKept(folder, options)
  if (kept) return kept
  await mkdir(cache.folder, { recursive: true })
  await checkSpace(graph, cache.folder)
  const made = await rewritten(graph, cache.folder, options)
  // Where another process was faster, its folder is as good.
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }))
  await shrink(cache)
  return openSession(join(folder, MODEL), { ...options, optimisation: 'none' })
}

/** Another graph, other weights, another runtime or another processor: each is kept by itself. */
function keyOf(graph: Graph, identity: string): string {
  const structure = writeWithoutWeights(graph, (location) => ({ location, offset: 0 }))
  const hash = createHash('sha256').update([identity, runtime, cpus()[0]?.model].join('\n'))
  return hash.update(structure).digest('hex').slice(0, 32)
}

/** Undefined when there is none, or none that can still be opened. */
async function openKept(folder: string, options: SessionOptions): Promise<Session | undefined> {
  const now = new Date()
  if (!(await utimes(folder, now, now).then(...settled))) return undefined
  try {
    return await openSession(join(folder, MODEL), { ...options, optimisation: 'none' })
  } catch {
    await rm(folder, { recursive: true, force: true })
    return undefined
  }
}

const settled = [() => true, () => false] as const

/** Rewriting needs room for the weights as they are, and for up to twice as many as they become. */
async function checkSpace({ constants }: Graph, folder: string): Promise<void> {
  const bytes = Array.from(constants.values(), ({ shape, type }) => sizeOf(shape) * bytesPerElement(type))
  const needed = 3 * bytes.reduce((a, b) => a + b, 0)
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < needed) throw new RangeError(`"${folder}" has no room for ${needed} bytes`)
}

/** A new folder with the rewritten graph in it. */
async function rewritten(graph: Graph, parent: string, options: SessionOptions): Promise<string> {
  const folder = temporaryIn(parent)
  await mkdir(folder)
  try {
    await writeFile(join(folder, RAW_MODEL), writeRaw(graph, join(folder, RAW_WEIGHTS)))
    const saveAs = { path: join(folder, MODEL), weights: WEIGHTS }
    await rewrite(join(folder, RAW_MODEL), { ...options, saveAs })
    await Promise.all([RAW_MODEL, RAW_WEIGHTS].map((file) => rm(join(folder, file), { force: true })))
    return folder
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Writes the weights to a file one by one, and gives the model that belongs to it. */
function writeRaw(graph: Graph, path: string): Uint8Array {
  const file = openSync(path, 'w')
  let end = 0
  try {
    return writeWithoutWeights(graph, (_, constant) => {
      const bytes = bytesIn(constant)
      const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, offset + at)
      end = offset + bytes.length
      return { location: RAW_WEIGHTS, offset }
    })
  } finally {
    closeSync(file)
  }
}

/** Removes what was not used for longest until the rest fits. What is open elsewhere may not go, and stays. */
async function shrink({ folder, bytes }: Cache): Promise<void> {
  const names = await readdir(folder)
  const all = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), ...(await measure(join(folder, name))) })),
  )
  let total = 0
  for (const { path, size } of all.sort((a, b) => b.used - a.used)) {
    total += size
    if (total > bytes) await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** When a folder was last used, and the bytes of its files. */
async function measure(path: string): Promise<{ used: number; size: number }> {
  const files = await readdir(path).catch(() => [])
  const [own, ...inner] = await Promise.all(
    ['.', ...files].map((file) => stat(join(path, file)).catch(() => undefined)),
  )
  return { used: own?.mtimeMs ?? 0, size: inner.reduce((sum, about) => sum + (about?.size ?? 0), 0) }
}
