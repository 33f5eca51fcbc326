import { join } from 'node:path'
import type * as Engine from '../index.ts'
import type { DrawRequest } from '../index.ts'
import { WrongCall } from './complain.ts'
import { localPath, placeOf, type Job } from './jobs.ts'
import type { DrawOptions, SketchOptions } from './options.ts'
import { Taken, write } from './output.ts'
import { failureOf, reportText, type Failure, type Report } from './report.ts'
import { resumedWords } from './resume.ts'
import { drawOne, loadOf, pageOf, readDrawing, type Call } from './one.ts'
import { tellRoom } from './room.ts'
import { checkFiles } from './sketch.ts'

type Fewline = typeof Engine
type Request = Omit<DrawRequest, 'photo'>

/** `fewline draw`: paints a sentence and writes the drawing. Resolves to the exit code. */
export async function draw(prompt: string | undefined, asked: DrawOptions, stop: AbortSignal): Promise<number> {
  const options = located(asked)
  const fewline = await import('../index.ts')
  const results: (Report | Failure)[] = []
  let { json } = options
  try {
    const { job, call } = await prepare(fewline, prompt, options, stop)
    tellRoom(fewline, loadOf(call))
    const report = await drawOne(job, call)
    if (report) results.push(report)
    return stop.aborted ? 130 : 0
  } catch (error) {
    results.push(failureOf(error))
    if (error instanceof Taken) json = undefined
    throw error
  } finally {
    if (json !== undefined && results.length > 0) await write(fewline, json, reportText(results, false), options)
  }
}

/** Options of a sketch that say what to draw of a photo, or go with one. */
const OF_PHOTOS = [
  ...(['detail', 'series', 'layers', 'width', 'mask', 'subject', 'each', 'more', 'less', 'finder'] as const),
  ...(['background', 'textWeight', 'freshViews', 'labels', 'format'] as const),
]

/** `fewline sketch --from SVG --text … --source …`: moves the strokes of a drawing by words. Resolves to the exit code. */
export async function redraw(photos: readonly string[], options: SketchOptions, stop: AbortSignal): Promise<number> {
  const { text, strokes, ...others } = options
  const [other] = OF_PHOTOS.filter((name) => options[name] !== undefined)
  const todo = 'fewline sketch --from SVG --text "a smiling cat" --source "a cat"'
  if (photos.length > 0) throw new WrongCall('a drawing to move by words', 'a photo came with --source', todo)
  if (other !== undefined) {
    const typed = other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw new WrongCall('a drawing to move by words', `--${typed} is for photos`, todo)
  }
  if (options.from === undefined || text === undefined) {
    throw new WrongCall('--from and --text with --source', `--${text === undefined ? 'text' : 'from'} is missing`, todo)
  }
  return draw(text, { ...others, ...(typeof strokes === 'number' && { strokes }) }, stop)
}

/** Files may be named by their address. */
function located(options: DrawOptions): DrawOptions {
  const { style, from, resume } = options
  const paths = Object.entries({ style, from, resume }).filter(([, path]) => path !== undefined)
  return { ...options, ...Object.fromEntries(paths.map(([name, path]) => [name, localPath(path!)])) }
}

/** Everything that can be wrong with the call, found before the encoder is opened. */
async function prepare(fewline: Fewline, prompt: string | undefined, options: DrawOptions, stop: AbortSignal) {
  const asked = await requestOf(fewline, prompt, options)
  const resumed = options.resume === undefined ? undefined : await resumedWords(fewline, options.resume, asked)
  const { request, past } = resumed ?? { request: asked }
  if (request.text === undefined || request.text.trim() === '') {
    throw new WrongCall('a sentence to draw', 'there is none', 'say it: fewline draw "a red fox in the snow"')
  }
  fewline.readerNamed(request.encoder ?? 'auto')
  // What it was painted on then goes on to be its paper.
  const before = request.words?.paper && fewline.hexOf([...request.words.paper, 1])
  const { paper = before, pens } = options
  const page = { ...pageOf(fewline, { ...options, paper }), ...(pens !== undefined && { pens }) }
  const job = await jobFor(fewline, request.text, options.output)
  const { style, from, resume, encoder, palette } = options
  const read = [style, from, resume, encoder, palette].filter((path) => path !== undefined)
  await checkFiles(fewline, [job], read, options)
  const call: Call = { fewline, options, command: 'draw', request, past, page, stop }
  return { job, call }
}

async function requestOf(fewline: Fewline, prompt: string | undefined, options: DrawOptions): Promise<Request> {
  const { encoder, preset, strokes, iterations, seeds, seed, device, threads } = options
  const { negative: against, style, styleWeight, mono, source } = options
  if (mono && options.palette !== undefined) {
    throw new WrongCall('--mono or --palette', 'both came', 'leave one of them out')
  }
  const drawing = options.from !== undefined && /\.svgz?$/i.test(options.from)
  const words = given({
    ...{ against, style, styleWeight, mono, source },
    start: drawing ? undefined : options.from,
    palette: options.palette === undefined ? undefined : await paletteFor(fewline, options.palette),
    paper: options.paper === undefined ? undefined : rgbOf(fewline, fewline.paperNamed(options.paper).colour),
  })
  return given({
    ...{ text: prompt, encoder, preset, strokes, iterations, seeds, seed, device, threads },
    from: drawing ? fewline.fromSvg(await readDrawing(options.from!, fewline.MOST_SVG_BYTES)) : undefined,
    words: Object.keys(words).length > 0 ? words : undefined,
  })
}

/** What was not given is left out, so that the engine's own default holds. */
function given<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

/** Colours with commas between them, or those of a picture. */
async function paletteFor(fewline: Fewline, text: string) {
  if (!text.trim().startsWith('#')) return fewline.paletteOf(text)
  return text.split(',').map((colour) => rgbOf(fewline, colour))
}

function rgbOf(fewline: Fewline, text: string): [number, number, number] {
  const [red, green, blue] = fewline.parseColor(text)
  return [red, green, blue]
}

/** Where the drawing goes to: a file named after the sentence, as far as that is short, when no other was asked for. */
async function jobFor(fewline: Fewline, text: string, output: string | undefined): Promise<Job> {
  const [name] = /^.{0,59}[^-]/su.exec(text.match(/[\p{L}\p{N}]+/gu)?.join('-') ?? 'drawing')!
  const place = await placeOf({ output }, 1, Object.keys(fewline.FORMATS) as (keyof typeof fewline.FORMATS)[])
  if ('file' in place) return { name, title: text, output: place.file, format: place.format }
  return { name, title: text, output: join(place.folder, `${name}.svg`), format: 'svg' }
}
