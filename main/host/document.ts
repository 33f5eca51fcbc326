import { randomUUID } from 'node:crypto'
import type { Tensor } from '../../src/index.ts'
import { ALIKE, type Bytes, CANVAS, type Drawing, type Photo, type Settings, type Snapshot } from '../api.ts'
import { type EditRun, type Edits, toldEdit } from './edits.ts'
import type { Run, RunRecord } from './run.ts'

/** The subject: found, the whole photo, or CANVAS × CANVAS bytes as painted. */
export type Mask = 'auto' | 'none' | Bytes

/** What a window shows and works on. It outlives its windows. */
export interface Document {
  readonly id: string
  title: string
  photo?: { bytes: Uint8Array; shown: Photo }
  mask: Mask
  /** Where lines count more or less, as painted. */
  emphasis?: Bytes | undefined
  subject?: Snapshot['subject']
  settings: Settings
  drawing?: Drawing
  /** What can be undone and done again, as the window has packed it. */
  steps?: Bytes
  run?: RunRecord
  /** Pauses and stops `run` while it is going on. */
  controls?: Run
  /** Edits of its photo by words, and the one that is being made. */
  edits?: Edits | undefined
  editing?: EditRun | undefined
  /** Its project file, in the desktop app. */
  path?: string
  /** Changed since it was saved as a project. */
  modified: boolean
  /** Its drawing is in a file of the user's, as it stands: it need not be offered again. */
  kept: boolean
  restored: boolean
  /** When it changed last, in milliseconds since 1970. */
  changed: number
}

export function newDocument(settings: Settings, id: string = randomUUID()): Document {
  const state = { modified: false, kept: true, restored: false, changed: Date.now() }
  return { id, title: '', mask: 'auto', settings: { ...settings }, ...state }
}

/** Whether something would be lost with it that can't just be opened again: a drawing, an edit, or what was painted. */
export function holdsWork(document: Pick<Document, 'kept' | 'drawing' | 'mask' | 'emphasis' | 'edits'>): boolean {
  const { kept, drawing, mask, emphasis, edits } = document
  return !kept && (drawing !== undefined || typeof mask !== 'string' || emphasis !== undefined || edits !== undefined)
}

/** The document as a window that knows nothing needs it. */
export function snapshotOf(document: Document): Snapshot {
  const { id, title, photo, subject, emphasis, settings, drawing, steps, run, modified, restored, edits } = document
  return {
    ...{ document: id, title, photo: photo?.shown, subject, emphasis, settings, drawing, steps, modified, restored },
    ...{ edits: edits && { made: edits.made.map(toldEdit), shown: edits.shown }, editing: document.editing?.state },
    ...{ run: run?.state, history: [...(run?.moments ?? [])], seeds: run?.seeds ?? [] },
  }
}

/** A mask as the engine takes it: by name, as a picture file, or on the canvas. */
export function engineMask(mask: Mask | Uint8Array): string | Uint8Array | Tensor {
  if (typeof mask === 'string' || mask.length !== CANVAS * CANVAS) return mask
  return unitTensor(mask)
}

/** How much more or less lines count, as the engine takes it. */
export function engineEmphasis(emphasis: Bytes): Tensor {
  const step = (byte: number): number => Math.max(-1, (byte - ALIKE) / (255 - ALIKE))
  return { shape: [CANVAS, CANVAS], data: Float32Array.from(emphasis, step) }
}

/** Bytes as 0..1. */
export function unitTensor(bytes: Uint8Array): Tensor {
  return { shape: [CANVAS, CANVAS], data: Float32Array.from(bytes, (byte) => byte / 255) }
}

/** 0..1 as bytes. */
export function greyBytes({ data }: Tensor): Bytes {
  return Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))
}
