import { basename, extname, join } from 'node:path'
import { stat } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type * as Engine from '../index.ts'
import type { EditFrame, EditRequest, Past, PictureEnd } from '../index.ts'
import { WrongCall } from './complain.ts'
import { pictureFrom } from './input.ts'
import { localPath } from './jobs.ts'
import type { EditOptions } from './options.ts'
import { checkOutputs, PIPE, STANDARD_OUTPUT, Taken, write } from './output.ts'
import { openProgress } from './progress.ts'
import { editReport, failureOf, Log, reportText, type EditReport, type Failure } from './report.ts'
import { checkpointFor, leaveCheckpoint, resumedEdit } from './resume.ts'
import { tellRoom } from './room.ts'
import { say } from './say.ts'

type Fewline = typeof Engine
type Request = Omit<EditRequest, 'photo'>

/** An edit that is to be made, and where it goes to. */
interface Edit {
  /** Absent with a generator. */
  photo?: string
  /** What files are called after that nobody named. */
  name: string
  request: Request
  past?: Past
  /** The picture, of this kind; none where only strokes are asked for. */
  picture?: { output: string; end: PictureEnd }
  /** Where the strokes of a painting go to. */
  strokes?: string
}

/** `fewline edit`: changes a photo as a sentence says and writes it. Resolves to the exit code. */
export async function edit(
  photo: string | undefined,
  text: string | undefined,
  options: EditOptions,
  stop: AbortSignal,
): Promise<number> {
  const fewline = await import('../index.ts')
  const results: (EditReport | Failure)[] = []
  let { json } = options
  try {
    const report = await made(fewline, await prepare(fewline, photo, text, options), options, stop)
    if (report) results.push(report)
    return stop.aborted ? 130 : 0
  } catch (error) {
    results.push(failureOf(error, options.generator ? undefined : photo))
    if (error instanceof Taken) json = undefined
    throw error
  } finally {
    if (json !== undefined && results.length > 0) await write(fewline, json, reportText(results, false), options)
  }
}

/** Everything that can be wrong with the call, found before the encoder is opened. */
async function prepare(
  fewline: Fewline,
  named: string | undefined,
  text: string | undefined,
  options: EditOptions,
): Promise<Edit> {
  const called = options.generator ? generatorOf(named, text, options) : { photo: named, words: text }
  const asked = await requestOf(called, options)
  const resume = options.resume && localPath(options.resume)
  const place = called.photo && localPath(called.photo)
  const before = resume === undefined ? undefined : await resumedEdit(fewline, resume, asked, place)
  const { request, past } = before ?? { request: asked }
  const photo = request.generator ? undefined : (before?.photo ?? place)
  if (photo === undefined && !request.generator) {
    throw new WrongCall('a photo to edit', 'there is none', 'name one: fewline edit PHOTO "at dusk"')
  }
  if (options.latent !== undefined && !request.generator) {
    throw new WrongCall('--generator with --latent', 'there is none', 'name its ONNX file, or leave --latent out')
  }
  if (request.text.trim() === '') {
    throw new WrongCall(
      'a sentence that says what the photo should become',
      'there is none',
      'say it: fewline edit PHOTO "at dusk"',
    )
  }
  fewline.readerNamed(request.encoder ?? 'auto')
  const files = request.generator?.files as string[] | undefined
  const name = nameOf(photo ?? files!.at(-1)!)
  const { output = join('.', `${name}-edited.png`), json } = options
  const outputs = filesOf(fewline, output, request.mode === 'paint')
  const { region, encoder } = request
  const read = [photo, region, encoder, resume, options.latent, ...(files ?? [])].filter(
    (path) => typeof path === 'string',
  )
  await checkOutputs(fewline, [...outputsOf(outputs), ...(json === undefined ? [] : [json])], read, options)
  return { ...(photo !== undefined && { photo }), name, request, ...(past && { past }), ...outputs }
}

/** What one edit is called with. */
interface Called {
  photo?: string | undefined
  words?: string | undefined
  generator?: { files: string[]; latent: string }
}

/** Options that say how a photo is changed. */
const OF_PHOTOS = ['mode', 'strokes', 'strength', 'region', 'finder', 'keepLocation'] as const

/** A generator takes the photo's place: what follows it, and is no model, is the sentence. */
function generatorOf(named: string | undefined, text: string | undefined, options: EditOptions): Called {
  const todo = 'fewline edit --generator G.onnx --latent random "a smiling face"'
  const { generator = [], latent } = options
  const files = generator.filter((file) => file.toLowerCase().endsWith('.onnx'))
  const [words, ...others] = [...generator, named, text].filter((one) => one !== undefined && !files.includes(one))
  const other = OF_PHOTOS.find((option) => options[option] !== undefined)
  if (files.length < 1 || files.length > 2) {
    throw new WrongCall('one generator, or its mapping and its synthesis (.onnx)', `${files.length} came`, todo)
  }
  if (others.length > 0) throw new WrongCall('a generator and a sentence', `"${others[0]!}" came as well`, todo)
  if (latent === undefined) throw new WrongCall('--latent with --generator', 'there is none', todo)
  if (other !== undefined) {
    const typed = other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw new WrongCall('options for a generator', `--${typed} is for photos`, todo)
  }
  return { words, generator: { files: files.map(localPath), latent: latent === 'random' ? latent : localPath(latent) } }
}

/** What was not given is left out, so that the engine's own default holds. */
async function requestOf({ words, generator }: Called, options: EditOptions): Promise<Request> {
  const { source, mode, strokes, keep, region, finder, encoder, iterations, seed, device, threads } = options
  const painted = region !== undefined && (await isFile(localPath(region)))
  if (region !== undefined && !painted && /\.\w{3,4}$/.test(region)) {
    throw new WrongCall('a region', `"${region}" does not exist`, 'check its path, or say in words what is meant')
  }
  const given = {
    ...{ generator, source, mode, strokes, keep, finder, encoder, iterations, seed, device, threads },
    ...(region !== undefined && (painted ? { region: localPath(region) } : { where: [region] })),
  }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return { text: words ?? '', ...(Object.fromEntries(entries) as Partial<Request>) }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function nameOf(path: string): string {
  return path === PIPE ? 'photo' : basename(path, extname(path))
}

/** Strokes are asked for alone, or come beside the picture of them. */
function filesOf(fewline: Fewline, output: string, painted: boolean): Pick<Edit, 'picture' | 'strokes'> {
  const end = extname(output)
  if (painted && end.toLowerCase() === '.svg') return { strokes: output }
  const picture = { output, end: endOf(fewline, output) }
  return { picture, ...(painted && output !== PIPE && { strokes: `${output.slice(0, -end.length)}.svg` }) }
}

function outputsOf({ picture, strokes }: Pick<Edit, 'picture' | 'strokes'>): string[] {
  return [...(picture ? [picture.output] : []), ...(strokes === undefined ? [] : [strokes])]
}

function endOf(fewline: Fewline, output: string): PictureEnd {
  if (output === PIPE) return 'png'
  const ends = Object.keys(fewline.PICTURES) as PictureEnd[]
  const end = ends.find((known) => output.toLowerCase().endsWith(`.${known}`))
  if (end !== undefined) return end
  throw new WrongCall(
    `-o to end in ${ends.map((known) => `.${known}`).join(', ')}`,
    `"${output}" does not`,
    'choose one',
  )
}

/** Makes the edit and writes what came of it, however far it got. Undefined when it was stopped before the first step. */
async function made(fewline: Fewline, edit: Edit, options: EditOptions, stop: AbortSignal) {
  const { photo, name, request } = edit
  const outputs = outputsOf(edit)
  tellRoom(fewline, {
    encoder: request.encoder,
    reads: true,
    finds: request.where !== undefined,
    finder: request.finder,
  })
  const log = new Log(edit.past)
  const picture = photo === undefined ? undefined : await pictureFrom(photo)
  const last = await found(fewline, { ...request, ...(picture !== undefined && { photo: picture }) }, name, log, stop)
  if (!last) {
    say(`${photo ?? name}: stopped before anything was changed.`)
    return undefined
  }
  const { generator } = request
  const original = await (generator
    ? fewline.generatedPicture(generator, last, request)
    : fewline.openOriginal(picture!))
  const warnings = [...last.warnings, ...(edit.picture ? lostIn(fewline, edit.picture.end, original) : [])]
  if (edit.picture) await writePicture(fewline, edit.picture, original, last, options)
  if (edit.strokes !== undefined) {
    const { strokes, paper, frame } = fewline.editedStrokes(last, original)
    const sheet = { title: request.text, frame, paper: fewline.hexOf([...paper, 1]) }
    const { content, verify } = await fewline.exportDrawing('svg', { strokes }, sheet)
    await write(fewline, edit.strokes, content, { ...options, verify })
  }
  const report = editReport(
    log,
    { ...last, warnings },
    {
      ...(photo !== undefined && { photo }),
      ...(generator && { generator: generator.files as string[] }),
      ...{ prompt: request.text, strength: options.strength ?? 1, outputs },
    },
  )
  for (const warning of warnings) say(`Note: ${warning}`)
  say(
    `${outputs.map((output) => (output === PIPE ? STANDARD_OUTPUT : output)).join(', ')}: ${last.done ? 'done' : 'stopped'} after ${report.seconds.toFixed(1)} s.`,
  )
  if (!last.done) {
    const place = checkpointFor({ output: outputs[0]!, name })
    const file = await leaveCheckpoint(fewline, place, photo, request, last, log.past(), options)
    say(`To go on with it: fewline edit --resume "${file}"`)
    report.outputs.push(file)
  }
  return report
}

/** The photo as it became, with its colours and what the camera wrote. */
async function writePicture(
  fewline: Fewline,
  { output, end }: NonNullable<Edit['picture']>,
  original: Engine.Original,
  last: EditFrame,
  options: EditOptions,
): Promise<void> {
  const made = last.mode === 'generator'
  const changed = made ? original : await fewline.editedPhoto(original, last, options.strength)
  const exif = original.exif && fewline.exifOfEdit(original.exif, options.keepLocation)
  const beside = { ...(original.profile && { profile: original.profile }), ...(exif && { exif }) }
  const content = await fewline.pictureFile(changed, end, beside)
  await write(fewline, output, content, { ...options, verify: (written) => fewline.verifyPicture(written, changed) })
}

/** What a photo has that a file of this kind can't hold. */
function lostIn(fewline: Fewline, end: PictureEnd, { data }: Engine.Original): string[] {
  const kind = fewline.PICTURES[end]
  return data instanceof Uint16Array && (kind === 'jpeg' || kind === 'webp')
    ? ['The photo has 16 bits, and such a file holds 8 of them; a PNG or a TIFF holds all.']
    : []
}

/** Looks for the change, showing and noting every frame; gives the last one. */
async function found(
  fewline: Fewline,
  request: EditRequest,
  name: string,
  log: Log,
  stop: AbortSignal,
): Promise<EditFrame | undefined> {
  const progress = await openProgress(name)
  let last: EditFrame | undefined
  try {
    for await (const frame of fewline.edit(request, stop)) {
      last = frame
      log.note(frame)
      progress.show(frame)
      // A Ctrl-C is heard between frames, even by an engine that never waits for anything.
      await setImmediate()
    }
  } finally {
    progress.end()
  }
  return last
}
