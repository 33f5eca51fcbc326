import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../../src/temporary.ts'
import { type Bytes, decode, encode } from '../api.ts'
import { photo, subject } from '../api/document.ts'
import { drawing, moment, runState, seedResult } from '../api/drawing.ts'
import { packedSteps } from '../api/steps.ts'
import { emphasis, greyImage, title } from '../api/values.ts'
import { shownEdit } from '../api/words.ts'
import type { Document } from './document.ts'
import { type Edits, packEdits, unpackEdits } from './edits.ts'
import { soundSettings } from './settings.ts'

/*
 * A document as files in a folder: itself, and beside it its photo, what is seen in that, and what can be undone.
 */

/** What is kept of a document. Its photo, which is large and never changes, lies in a file beside it. */
const work = z.object({
  fewline: z.literal(1),
  title,
  photo: title.optional(),
  mask: z.union([z.enum(['auto', 'none']), greyImage]),
  emphasis: emphasis.optional(),
  settings: z.record(z.string(), z.unknown()).transform((kept) => soundSettings(kept)),
  /** What is shown of the edits, which lie in a file of their own. */
  shown: shownEdit.optional(),
  drawing: drawing.optional(),
  run: z.object({ state: runState, moments: z.array(moment), seeds: z.array(seedResult) }).optional(),
  path: z.string().optional(),
  /** It is in a file of the user's, as it stands: nobody needs it from here. */
  kept: z.boolean().default(false),
})
/** What the engine has seen in the photo: with it, work is shown again at once. */
const seen = z.object({ shown: photo, subject: subject.optional() })
export type Work = z.infer<typeof work> & {
  steps?: Bytes
  edits?: Edits
  bytes?: Uint8Array
  seen?: z.infer<typeof seen>
}
/** As much of it as a list shows. */
export const about = work.pick({ title: true, mask: true, emphasis: true, drawing: true, shown: true, kept: true })

function workOf(document: Document): z.input<typeof work> {
  const { title, photo, mask, emphasis, settings, edits, drawing, run, path, kept } = document
  const record = run && { state: run.state, moments: [...run.moments], seeds: run.seeds }
  const known = { title, photo: photo?.shown.name, mask, emphasis, settings, shown: edits?.shown }
  return { fewline: 1, ...known, drawing, run: record, path, kept }
}

/** Whole or not at all. */
export function write(folder: string, id: string, kind: string, content: Uint8Array): void {
  writeWhole(join(folder, `${id}.${kind}`), content, 0o600)
}

/** The document itself; the rest of it changes less often. */
export function writeWork(folder: string, document: Document): void {
  write(folder, document.id, 'work', encode(workOf(document)))
}

export function writeSeen(folder: string, { id, photo, subject }: Document): void {
  if (photo) write(folder, id, 'seen', encode({ shown: photo.shown, subject }))
}

/** All of it. A document's photo is always the same one, so it is written once. */
export function writeAll(folder: string, document: Document): void {
  const { id, photo, steps, edits } = document
  if (photo && !existsSync(join(folder, `${id}.photo`))) write(folder, id, 'photo', photo.bytes)
  writeSeen(folder, document)
  if (steps) write(folder, id, 'steps', steps)
  if (edits) write(folder, id, 'edits', packEdits(edits))
  writeWork(folder, document)
}

export const filesOf = (id: string): string[] => [
  `${id}.work`,
  `${id}.photo`,
  `${id}.seen`,
  `${id}.steps`,
  `${id}.edits`,
]

export function remove(folder: string, id: string): void {
  for (const name of filesOf(id)) rmSync(join(folder, name), { force: true })
}

/** Undefined when it can't be read. */
export function readWork(folder: string, id: string): Work | undefined {
  try {
    const kept = work.parse(decode(readFileSync(join(folder, `${id}.work`))))
    const found = { ...kept, steps: readSteps(folder, id), edits: kept.shown && readEdits(folder, id, kept.shown) }
    if (found.photo === undefined) return found
    return { ...found, bytes: readFileSync(join(folder, `${id}.photo`)), seen: readSeen(folder, id) }
  } catch {
    return undefined
  }
}

/** Undefined when it has to be seen again. */
function readSeen(folder: string, id: string): Work['seen'] {
  try {
    return seen.parse(decode(readFileSync(join(folder, `${id}.seen`))))
  } catch {
    return undefined
  }
}

/** Undefined when they can't be read any more. */
function readEdits(folder: string, id: string, shown: Edits['shown']): Work['edits'] {
  try {
    const edits = unpackEdits(readFileSync(join(folder, `${id}.edits`)))
    return edits && { ...edits, shown }
  } catch {
    return undefined
  }
}

/** Undefined when nothing can be undone any more. */
function readSteps(folder: string, id: string): Work['steps'] {
  try {
    return packedSteps.parse(new Uint8Array(readFileSync(join(folder, `${id}.steps`))))
  } catch {
    return undefined
  }
}
