/**
 * Scenes on disk, many to a file. A shard is a header of five little-endian unsigned 32-bit numbers (MAGIC, version,
 * side, seed of the first scene, count) and then, for each scene of consecutive seeds, its planes as bytes: the photo
 * [side, side, 3], the lines [side, side] and the figure [side, side], 5 · side² bytes a scene.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A made photo and what a person would draw of it. All planes are rows of bytes, 0 to 255. */
export interface Scene {
  /** Sides of the square, in pixels. */
  side: number
  /** [side, side, 3], sRGB. */
  photo: Uint8Array
  /** [side, side]: 255 on outlines of the thing in front, less on its creases and features, 0 elsewhere. */
  lines: Uint8Array
  /** [side, side]: 255 on the thing or things in front, 0 on all that is behind. */
  figure: Uint8Array
}

/** Some scenes of one size. */
export interface Shard {
  side: number
  /** The seed of the first scene; the others follow one by one. */
  first: number
  scenes: Scene[]
}

const MAGIC = 0x45594553
const VERSION = 1
const HEADER = 20

/** The name of the shard that begins with the scene of a seed. */
export function shardName(first: number): string {
  return `scenes-${String(first).padStart(9, '0')}.bin`
}

/** The paths of all whole shards in a folder, by seed. */
export function shardsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^scenes-\d+\.bin$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** Writes a shard into a folder, so that a reader meets all of it or nothing. Returns its path. */
export function writeShard(folder: string, { side, first, scenes }: Shard): string {
  const header = Buffer.alloc(HEADER)
  for (const [i, number] of [MAGIC, VERSION, side, first, scenes.length].entries()) header.writeUInt32LE(number, 4 * i)
  const path = join(folder, shardName(first))
  writeFileSync(`${path}.tmp`, Buffer.concat([header, ...scenes.flatMap((s) => [s.photo, s.lines, s.figure])]))
  renameSync(`${path}.tmp`, path)
  return path
}

/**
 * Reads a shard. Its planes are views of one buffer.
 * @throws when the file is no shard of this version.
 */
export function readShard(path: string): Shard {
  const file = readFileSync(path)
  const number = (i: number): number => (file.length < HEADER ? 0 : file.readUInt32LE(4 * i))
  const [side, first, count] = [number(2), number(3), number(4)]
  const area = side * side
  if (number(0) !== MAGIC || number(1) !== VERSION || file.length !== HEADER + 5 * area * count) {
    throw new Error(`Expected a shard of scenes, but ${path} is none of version ${VERSION}: make it anew.`)
  }
  const scenes = Array.from({ length: count }, (_, i) => {
    const at = HEADER + 5 * area * i
    const plane = (from: number, to: number): Uint8Array => file.subarray(at + from * area, at + to * area)
    return { side, photo: plane(0, 3), lines: plane(3, 4), figure: plane(4, 5) }
  })
  return { side, first, scenes }
}
