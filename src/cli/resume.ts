import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import type * as Engine from '../index.ts'
import type { Checkpoint, DrawRequest, EditFrame, EditRequest, Frame, Past, WriteOptions } from '../index.ts'
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
  const { photo: drawn, request, tries, past } = sameAsked(fewline.readCheckpoint(await textOf(file)), asked)
  if (!drawn)
    throw new WrongCall('the checkpoint of a sketch', 'it is of a sentence', `fewline draw --resume "${file}"`)
  if (photos.length > 1) throw new WrongCall('the photo of the checkpoint', `${photos.length} came`, 'name one or none')
  const photo = await samePhoto(fewline, drawn, photos[0], file)
  return { photo, request: { ...request, ...asked, tries }, past }
}

/** The same for an edit. A sentence that is not said again is that of the checkpoint. */
export async function resumedEdit(
  fewline: Fewline,
  file: string,
  { text, ...others }: Omit<EditRequest, 'photo'>,
  named: string | undefined,
): Promise<{ photo?: string; request: Omit<EditRequest, 'photo'>; past?: Past }> {
  const asked = { ...others, ...(text !== '' && { text }) }
  const { photo: before, request, tries, past } = sameAsked(fewline.readEdit(await textOf(file)), asked)
  const photo = before && (await samePhoto(fewline, before, named, file))
  return { ...(photo !== undefined && { photo }), request: { ...request, ...asked, tries }, ...(past && { past }) }
}

/** The same for a drawing of a sentence. */
export async function resumedWords(
  fewline: Fewline,
  file: string,
  asked: Request,
): Promise<{ request: Request; past?: Past }> {
  const { photo, request, tries, past } = sameAsked(fewline.readCheckpoint(await textOf(file)), asked)
  if (photo)
    throw new WrongCall('the checkpoint of a sentence', 'it is of a photo', `fewline sketch --resume "${file}"`)
  return { request: { ...request, ...asked, tries }, past }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new WrongCall('a checkpoint to go on from', `"${file}" can't be read`, 'check its path')
  })
}

/** A checkpoint of which the same was asked, as far as it was asked again. */
function sameAsked<Kind extends { request: object }>(checkpoint: Kind, asked: object): Kind {
  for (const [name, value] of Object.entries(asked)) {
    const before = checkpoint.request[name as keyof typeof checkpoint.request] as unknown
    if (FREE.includes(name) || JSON.stringify(before) === JSON.stringify(value)) continue
    const was = before === undefined ? 'left open' : JSON.stringify(before)
    throw new WrongCall('the options of the checkpoint', `${name} was ${was} then`, 'leave it out, or begin anew')
  }
  return checkpoint
}

/** The photo that was named now, or where it lies that a checkpoint is of. Throws when it is another. */
async function samePhoto(
  fewline: Fewline,
  { path, sha256 }: { path: string; sha256: string },
  named: string | undefined,
  file: string,
): Promise<string> {
  const photo = named ?? (await photoOf(path, file))
  if ((await photoIn(fewline, photo)).sha256 === sha256) return photo
  throw new WrongCall('the photo of the checkpoint', `"${photo}" is not it`, `find the one that was drawn`)
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
export function checkpointFor({ output, name }: Pick<Job, 'output' | 'name'>): string {
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
  request: object,
  { tries }: Pick<Frame | EditFrame, 'tries'>,
  past: Past,
  options?: WriteOptions,
): Promise<string> {
  // Whatever the command line asks for is text or numbers, the mask too.
  const asked = Object.fromEntries(Object.entries(request).filter(([key]) => key !== 'tries'))
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
