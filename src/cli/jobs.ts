import { stat } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPictureName, unused, visibleFiles } from '../batch/pictures.ts'
import type { Format } from '../index.ts'
import { WrongCall } from './complain.ts'

/** One drawing and the file it goes to; `-` is standard input, and standard output. */
export interface Job {
  /** What it is of; undefined for a sentence. */
  photo?: string
  /** The photo's name without folder and ending, unique among the jobs. */
  name: string
  /** What the file says it is; its name when absent. */
  title?: string
  output: string
  format: Format
  /** Which of the things in the photo that were asked for, counted from 0; all when absent. */
  thing?: number
  /** How faithful it is to be, where that is not what was asked of all. */
  fidelity?: number
}

/** A drawing of a photo. */
export type PhotoJob = Job & Required<Pick<Job, 'photo'>>

/** What is asked of all of them. */
export interface Wanted {
  /** A file, a folder, or `-`. */
  output?: string | undefined
  format?: Format | undefined
  /** Folders within folders too, and the same folders for the sketches. */
  recursive?: boolean | undefined
}

/** What comes through a pipe has no name. */
const NAMELESS = 'sketch'

/**
 * What to draw and where to: folders become the pictures in them, and each photo gets a file of its own. `formats` are
 * the ends of the names that a file may have; only what was asked chooses among them, never the name of a photo.
 */
export async function planJobs(
  paths: readonly string[],
  wanted: Wanted,
  formats: readonly Format[],
): Promise<PhotoJob[]> {
  const found = (await Promise.all(paths.map((path) => picturesIn(path, wanted)))).flat()
  const photos = found.map(({ photo }) => photo)
  if (photos.filter((photo) => photo === '-').length > 1) {
    throw new WrongCall('one photo on standard input', 'it was named twice', 'name - once')
  }
  const place = await placeOf(wanted, photos.length, formats)
  const names = new Set<string>()
  const files = new Set<string>()
  return found.map(({ photo, within }) => {
    const stem = photo === '-' ? NAMELESS : basename(photo, extname(photo))
    const name = unused(stem, names)
    if ('file' in place) return { photo, name, output: place.file, format: place.format }
    const format = wanted.format ?? 'svg'
    return { photo, name, output: `${unused(join(place.folder, within, stem), files)}.${format}`, format }
  })
}

/** The pictures that a path names, each with the folder that it lies in, seen from there. */
async function picturesIn(path: string, wanted: Wanted): Promise<{ photo: string; within: string }[]> {
  if (!wanted.recursive) return (await picturesAt(path)).map((photo) => ({ photo, within: '' }))
  const root = localPath(path)
  const photos = await picturesAt(path, wanted)
  return photos.map((photo) => ({ photo, within: photo === root ? '' : dirname(relative(root, photo)) }))
}

/** A path as the system knows it: also of a file:// address, as windows and browsers hand it out. */
export function localPath(path: string): string {
  if (!/^file:/i.test(path)) return path
  try {
    return fileURLToPath(path)
  } catch {
    throw new WrongCall('a file of this computer', `"${path}" is none`, 'name it by its path')
  }
}

/**
 * The path itself, or the pictures in that folder by name; of a recursive call also those in its folders, less those that
 * the sketches go to. A path that is not there is left for whoever opens it.
 */
export async function picturesAt(named: string, wanted: Wanted = {}): Promise<string[]> {
  const path = localPath(named)
  if (path === '-' || !(await isFolder(path))) return [path]
  const all = await filesIn(path, wanted)
  const isPicture = async (file: string) => isPictureName(basename(file)) && !(await isFolder(file))
  const are = await Promise.all(all.map(isPicture))
  const files = all.filter((_, i) => are[i]).sort()
  if (files.length === 0) throw new WrongCall('a folder of pictures', `"${path}" holds none`, 'choose another')
  return files
}

/** All that lies in a folder. Links to folders are not followed: they may lead anywhere, and back. */
export async function filesIn(folder: string, { recursive = false, output }: Wanted): Promise<string[]> {
  const files = await visibleFiles(folder, recursive).catch(() => {
    throw new WrongCall('a folder of pictures', `"${folder}" may not be read`, 'check its permissions')
  })
  const isSketch = (file: string) => output !== undefined && isWithin(file, output) && !isWithin(folder, output)
  return files.filter((file) => !(recursive && isSketch(file)))
}

/** Whether a path leads into that folder, or to it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path))
  return way === '' || !(/^\.\.([/\\]|$)/.test(way) || isAbsolute(way))
}

/** The one file that was asked for, or the folder that every sketch goes to. */
export async function placeOf(
  { output, format }: Wanted,
  photos: number,
  formats: readonly Format[],
): Promise<{ file: string; format: Format } | { folder: string }> {
  if (output === undefined) return { folder: '.' }
  if (/[/\\]$/.test(output) || (await isFolder(output))) return { folder: output }
  if (photos > 1) {
    throw new WrongCall(
      `a folder for ${photos} sketches`,
      `-o names one file, "${output}"`,
      'end it with / to name a folder',
    )
  }
  if (output === '-') return { file: output, format: format ?? 'svg' }
  const ending = formats.find((known) => output.toLowerCase().endsWith(`.${known}`))
  if (ending === undefined) {
    throw new WrongCall(
      `-o to end in ${formats.map((known) => `.${known}`).join(', ')}`,
      `"${output}" does not`,
      'choose one, or end it with / to name a folder',
    )
  }
  if (format !== undefined && format !== ending) {
    throw new WrongCall(`-o to end in .${format}`, `"${output}" does not`, 'leave --format out, or end it so')
  }
  return { file: output, format: ending }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  )
}
