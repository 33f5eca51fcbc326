import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import type * as Engine from '../index.ts'
import type { Checkpoint, DrawRequest, Frame, Past, WriteOptions } from '../index.ts'
import { WrongCall } from './complain.ts'
import { pictureFrom } from './input.ts'
import type { Job } from './jobs.ts'
import { PIPE } from './output.ts'
import { version } from './version.ts'

type Fewline = typeof Engine
type Request = Omit<DrawRequest, 'photo'>

/** What may differ from the first time: it changes where the work is done, not what comes of it. */
const FREE = ['device', 'threads', 'most', 'frameEvery']

/**
 * Goes on from a checkpoint: what was asked then, and how far it had come. `asked` is what is asked now, and `photos` the
 * photos that are named now, if any. Throws when they are not those of the checkpoint.
 */
export async function resumed(
  fewline: Fewline,
  file: string,
  asked: Request,
  photos: readonly string[],
): Promise<{ photo: string; request: Request; past?: Past }> {
  const { photo: drawn, request, tries, past } = await checkpointAt(fewline, file, asked)
  if (!drawn)
    throw new WrongCall('the checkpoint of a sketch', 'it is of a sentence', `fewline draw --resume "${file}"`)
  if (photos.length > 1) throw new WrongCall('the photo of the checkpoint', `${photos.length} came`, 'name one or none')
  const photo = photos[0] ?? (await photoOf(drawn.path, file))
  if ((await photoIn(fewline, photo)).sha256 !== drawn.sha256) {
    throw new WrongCall('the photo of the checkpoint', `"${photo}" is not it`, `find the one that was drawn`)
  }
  return { photo, request: { ...request, ...asked, tries }, past }
}

/** The same for a drawing of a sentence. */
export async function resumedWords(
  fewline: Fewline,
  file: string,
  asked: Request,
): Promise<{ request: Request; past?: Past }> {
  const { photo, request, tries, past } = await checkpointAt(fewline, file, asked)
  if (photo)
    throw new WrongCall('the checkpoint of a sentence', 'it is of a photo', `fewline sketch --resume "${file}"`)
  return { request: { ...request, ...asked, tries }, past }
}

/** Reads a checkpoint of which the same was asked, as far as it was asked again. */
async function checkpointAt(fewline: Fewline, file: string, asked: Request): Promise<Checkpoint> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new WrongCall('a checkpoint to go on from', `"${file}" can't be read`, 'check its path')
  })
  const checkpoint = fewline.readCheckpoint(text)
  for (const [name, value] of Object.entries(asked)) {
    const before = checkpoint.request[name as keyof typeof checkpoint.request]
    if (FREE.includes(name) || JSON.stringify(before) === JSON.stringify(value)) continue
    const was = before === undefined ? 'left open' : JSON.stringify(before)
    throw new WrongCall('the options of the checkpoint', `${name} was ${was} then`, 'leave it out, or begin anew')
  }
  return checkpoint
}

/** Where the photo of a checkpoint lies: as it was named then, or beside the file, when both were taken elsewhere. */
async function photoOf(path: string, file: string): Promise<string> {
  const places = [path, join(dirname(file), path), join(dirname(file), basename(path))]
  for (const place of places) {
    const there = await stat(place).catch(() => undefined)
    if (there?.isFile()) return place
  }
  return path
}

/** Bytes that a name may have, on any disk. */
const MOST_NAME = 255
const ENDING = '.checkpoint.json'

/** Where a drawing that is stopped leaves how far it has come. */
export function checkpointFor({ output, name }: Job): string {
  const place = output === PIPE ? { folder: '.', name } : { folder: dirname(output), name: parse(output).name }
  // As much of a long name as leaves room for the rest.
  const start = Buffer.from(place.name)
    .subarray(0, MOST_NAME - ENDING.length)
    .toString()
    .replace(/\ufffd+$/, '')
  return join(place.folder, `${start}${ENDING}`)
}

/** Writes how far a drawing has come into `file`; gives that. */
export async function leaveCheckpoint(
  fewline: Fewline,
  file: string,
  photo: string | undefined,
  request: Request,
  { tries }: Frame,
  past: Past,
  options?: WriteOptions,
): Promise<string> {
  // Whatever the command line asks for is text or numbers, the mask too.
  const asked = Object.fromEntries(Object.entries(request).filter(([key]) => key !== 'tries')) as Checkpoint['request']
  const of = photo === undefined ? {} : { photo: await photoIn(fewline, photo) }
  const checkpoint = { ...of, request: asked, tries, past }
  await fewline.writeOutput(file, fewline.writeCheckpoint(checkpoint, version()), options)
  return file
}

async function photoIn(fewline: Fewline, path: string): Promise<NonNullable<Checkpoint['photo']>> {
  const picture = await pictureFrom(path)
  const bytes =
    typeof picture !== 'string'
      ? picture
      : await readFile(picture).catch(() => {
          throw new WrongCall(
            'the photo of the checkpoint',
            `"${path}" can't be read`,
            'name it: fewline sketch PHOTO --resume …',
          )
        })
  return { path, sha256: fewline.checksumOf(bytes) }
}
