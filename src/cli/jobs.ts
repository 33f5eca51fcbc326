import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { WrongCall } from './complain.ts'

/** One photo and the file its sketch goes to; `-` is standard output. */
export interface Job {
  photo: string
  /** The photo's name without folder and ending, unique among the jobs. */
  name: string
  output: string
}

const PICTURE = /\.(jpe?g|png|webp|avif|tiff?|gif|bmp|hei[cf])$/i

/**
 * What to draw and where to: folders become the pictures in them, and each photo gets a file of its own. `formats` are
 * the ends of the names that a file may have.
 */
export async function planJobs(
  paths: readonly string[],
  output: string | undefined,
  formats: readonly string[],
): Promise<Job[]> {
  const photos = (await Promise.all(paths.map(picturesAt))).flat()
  const place = await placeOf(output, photos.length, formats)
  const taken = new Set<string>()
  return photos.map((photo) => {
    const name = unused(basename(photo, extname(photo)), taken)
    return { photo, name, output: typeof place === 'string' ? place : join(place.folder, `${name}.svg`) }
  })
}

/** The path itself, or the pictures in that folder by name. A path that is not there is left for whoever opens it. */
async function picturesAt(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path]
  const all = await readdir(path).catch(() => {
    throw new WrongCall('a folder of pictures', `"${path}" may not be read`, 'check its permissions')
  })
  const names = all.filter((name) => PICTURE.test(name)).sort()
  if (names.length === 0) throw new WrongCall('a folder of pictures', `"${path}" holds none`, 'choose another')
  return names.map((name) => join(path, name))
}

/** The one file that was asked for, or the folder that every sketch goes to. */
async function placeOf(
  output: string | undefined,
  photos: number,
  formats: readonly string[],
): Promise<string | { folder: string }> {
  if (output === undefined) return { folder: '.' }
  if (/[/\\]$/.test(output) || (await isFolder(output))) return { folder: output }
  if (photos > 1) {
    throw new WrongCall(
      `a folder for ${photos} sketches`,
      `-o names one file, "${output}"`,
      'end it with / to name a folder',
    )
  }
  if (output !== '-' && !formats.some((format) => output.toLowerCase().endsWith(`.${format}`))) {
    throw new WrongCall(
      `-o to end in ${formats.map((format) => `.${format}`).join(', ')}`,
      `"${output}" does not`,
      'choose one, or end it with / to name a folder',
    )
  }
  return output
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  )
}

/** `name`, or `name-2`, `name-3`, … where it is taken; upper and lower case are one, as on most disks. */
function unused(name: string, taken: Set<string>): string {
  let free = name
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}-${n}`
  taken.add(free.toLowerCase())
  return free
}
