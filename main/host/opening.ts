import { type Bytes, type Moment, type Photo, type Recent, type Settings, type Snapshot, type Strokes } from '../api.ts'
import type { Engine } from '../engine/engine.ts'
import { type Document, engineEmphasis, engineMask, greyBytes, type Mask, newDocument } from './document.ts'
import { unpackEdits } from './edits.ts'
import { createSeeds } from './history.ts'
import type { Incoming } from './incoming.ts'
import type { Work } from './kept.ts'
import { withoutEnding } from './names.ts'
import { refuse } from './problems.ts'
import { soundSettings } from './settings.ts'
import type { Host } from './host.ts'
import type { Window } from './telling.ts'

/** What a document becomes by opening a file. */
interface Opened {
  kind: Recent['kind']
  content: Partial<Document>
  /** What it asks to be drawn with, whatever was chosen before. */
  settings?: Partial<Settings>
}

/**
 * Opens a file in a window, as a document of its own: the one that was there stays as it is, and is found among the recent
 * ones if it is in no file. Rejects, and leaves the window alone, when it can't be opened.
 */
export async function openIn(host: Host, window: Window, incoming: Incoming): Promise<void> {
  const { settings: before } = window.document
  const { kind, content, settings: own } = await window.waiting.begin(() => openIncoming(host.engine, incoming), 'open')
  const { photo, subject, mask, emphasis, settings, drawing, edits } = window.document
  // Whoever has chosen something while it was opened has chosen it for this one.
  const chosen = settings !== before
  const document = host.create()
  // A drawing alone goes onto the photo that is there, and a photo under the drawing that has none and may be of it.
  const waits = kind === 'photo' && !photo && !drawing?.painted
  const kept = kind === 'svg' ? { photo, subject, mask, emphasis, edits } : waits ? { drawing } : {}
  Object.assign(document, { settings: { ...settings, ...(!chosen && own) } }, kept, content)
  host.show(window, document)
  host.autosave.photo(document)
  if (document.edits) host.autosave.edits(document)
  // A project is in its file as it stands.
  if (kind !== 'project') host.changed(document)
  if (incoming.path !== undefined) host.preferences.addRecent(incoming.path, kind)
}

/** Opens what came, by its content: a photo, or a drawing that goes on where it was. */
async function openIncoming(engine: Engine, incoming: Incoming): Promise<Opened> {
  const { name, bytes } = incoming
  if (looksLikeZip(bytes)) return { kind: 'project', content: await openProject(engine, incoming) }
  if (looksLikeSvg(bytes)) return { kind: 'svg', content: await openSvg(engine, incoming) }
  const seen = await lookAt(engine, name, bytes, 'auto')
  // how many strokes the last photo was given says nothing of this one
  return { kind: 'photo', content: { title: withoutEnding(name), ...seen }, settings: { auto: true } }
}

async function openSvg(engine: Engine, { name, bytes }: Incoming): Promise<Partial<Document>> {
  const strokes = await engine.work('readSvg', { bytes })
  return { title: withoutEnding(name), drawing: { strokes: strokes as Strokes, locked: [] } }
}

/** A project as it was saved. The run that its history is of is long over. */
async function openProject(engine: Engine, { bytes, path }: Incoming): Promise<Partial<Document>> {
  const project = await engine.work('openProject', { content: bytes })
  const { title, photo, mask, settings, strokes, locked, painted, history } = project
  const edits = project.edits && unpackEdits(project.edits)
  const emphasis = project.emphasis && greyBytes(project.emphasis)
  const seen = photo && (await lookAt(engine, photo.name, photo.bytes, mask ?? 'auto', emphasis))
  const moments = history.map((moment) => ({ ...moment, terms: {} })) as Moment[]
  const seeds = createSeeds()
  for (const moment of moments) seeds.note(moment)
  return {
    ...{ title, path, settings: soundSettings(settings), ...seen },
    ...(emphasis && { emphasis }),
    ...(edits && { edits }),
    ...(strokes && { drawing: { strokes: strokes as Strokes, locked, ...(painted && { painted }) } }),
    ...(moments.length > 0 && { run: { state: savedRun(painted), moments, seeds: seeds.results() } }),
  }
}

function savedRun(painted: boolean | undefined): NonNullable<Snapshot['run']> {
  return { run: 'saved', phase: 'done', ...(painted && { by: 'words' }) }
}

/** A photo and what the engine sees in it. `mask` may be a picture, as projects have it. */
export async function lookAt(
  engine: Engine,
  name: string,
  photo: Uint8Array,
  asked: Mask | Uint8Array,
  emphasis?: Bytes,
) {
  const [seen, preview] = await Promise.all([
    inspected(engine, photo, asked, emphasis),
    engine.work('preview', { photo }),
  ])
  const { sourceWidth: width, sourceHeight: height, frame, warnings } = seen
  const mask = typeof asked === 'string' ? asked : greyBytes(seen.mask)
  const picture = { type: 'image/jpeg', bytes: preview as Bytes } as const
  const shown: Photo = { name, width, height, frame, warnings, preview: picture }
  return { photo: { bytes: photo, shown }, mask, subject: subjectOf(seen, mask) }
}

/** What is seen of the subject, as a window shows it. */
export function subjectOf(seen: Awaited<ReturnType<typeof inspected>>, mask: Mask): NonNullable<Snapshot['subject']> {
  const mode = typeof mask === 'string' ? mask : 'painted'
  return {
    mode,
    mask: greyBytes(seen.mask),
    lines: greyBytes(seen.lines),
    gains: seen.gains,
    counts: seen.counts,
    hints: seen.hints,
  }
}

export function inspected(engine: Engine, photo: Uint8Array, mask: Mask | Uint8Array, emphasis?: Bytes) {
  return engine.work('inspect', {
    ...{ photo, mask: engineMask(mask) },
    ...(emphasis && { emphasis: engineEmphasis(emphasis) }),
  })
}

/** A document as autosave kept it. A run that was going on was interrupted. */
export async function restoredDocument(engine: Engine, id: string, work: Work): Promise<Document> {
  const {
    title,
    photo: name = '',
    bytes,
    mask,
    emphasis,
    settings,
    drawing,
    steps,
    edits,
    run,
    path,
    seen: known,
  } = work
  const document = newDocument(settings, id)
  // What was seen of the photo is kept beside it: only where that is lost it is looked at again, which takes its time.
  const seen =
    bytes &&
    (known ? rememberedLook(bytes, known) : await lookAt(engine, name, bytes, mask, emphasis).catch(() => undefined))
  const over = run && { ...run, state: interrupted(run.state) }
  return Object.assign(document, {
    title,
    ...seen,
    mask,
    emphasis,
    drawing,
    steps,
    edits,
    run: over,
    path,
    kept: false,
    modified: true,
    restored: true,
  })
}

/** A drawing of the gallery, as it was left; the document that it is, where that is there still. */
export async function openDrawing(host: Host, id: string): Promise<Document> {
  const work = host.gallery.read(id)
  if (!work) throw refuse('a drawing of the gallery', 'what is kept of it can’t be read', 'delete it there', 'photo')
  const known = await host.documents.recall(id)
  if (known) return known
  const document = await restoredDocument(host.engine, id, work)
  // The gallery keeps it: nobody has to be told of it after a crash.
  Object.assign(document, { kept: true, modified: false, restored: false })
  host.documents.take(document)
  return document
}

function rememberedLook(bytes: Uint8Array, { shown, subject }: NonNullable<Work['seen']>) {
  return { photo: { bytes, shown }, subject }
}

function interrupted(state: NonNullable<Work['run']>['state']): typeof state {
  const wasGoingOn = ['starting', 'drawing', 'paused'].includes(state.phase)
  return wasGoingOn ? { run: state.run, ...(state.by && { by: state.by }), phase: 'interrupted' } : state
}

function looksLikeZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from('PK\u0003\u0004'))
}

/** An SVG by its beginning, in letters of one or two bytes, or anything packed as `.svgz` is. */
function looksLikeSvg(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true
  const beginning = Buffer.from(bytes.subarray(0, 1000)).toString('latin1').replaceAll('\0', '')
  return /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(\?xml|!--|!DOCTYPE svg|([\w-]+:)?svg\b)/i.test(beginning)
}
