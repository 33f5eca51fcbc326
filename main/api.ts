/**
 * The door between the studio's window and its host: which commands the window may give, what the host answers, and
 * which events the host tells of by itself. The same door serves Electron (a preload port) and a browser (a WebSocket):
 * a transport only carries bytes (`Port`). Both sides check every message against these schemas.
 *
 * The window is a guest of this file alone; this file knows neither the engine nor a host. It connects like this, again
 * whenever the port closes (the host keeps the document, and a run goes on meanwhile):
 *
 *     const port = window.fewline ?? socketPort(new WebSocket(`ws://${location.host}/socket`))
 *     const door = connect(port)
 *     door.on('frame', show)
 *     const { snapshot } = await door.call('hello', { document: sessionStorage.getItem('document') ?? undefined })
 */
export { type Batch, type BatchChange, type BatchPicture, type BatchRow, MOST_PHOTOS } from './api/batch.ts'
export { connect, type Door } from './api/client.ts'
export { commands, type Command, type ReplyOf, type RequestOf } from './api/commands.ts'
export { type Drawing, type Moment, type RunPhase, type RunState, type SeedResult } from './api/drawing.ts'
export { events, type EventName, type EventOf } from './api/events.ts'
export {
  exportOptions,
  type ExportFormat,
  type ExportOptions,
  type ExportSummary,
  type FilmPages,
  isFilm,
  isVideo,
  PAPERS,
  type VideoOptions,
} from './api/exports.ts'
export { type Card, MOST_DRAWINGS } from './api/gallery.ts'
export { type Frame } from './api/frame.ts'
export { type Port, socketPort } from './api/port.ts'
export {
  type Encoder,
  type Equipment,
  type EquipmentDevice,
  type Model,
  type PresetInfo,
  type ModelProgress,
} from './api/equipment.ts'
export {
  type Found,
  type Photo,
  type Recent,
  type Snapshot,
  type Source,
  type Thing,
  type Subject,
} from './api/document.ts'
export { type AppSettings, DEFAULT_SETTINGS, type Settings, settings } from './api/settings.ts'
export {
  ALIKE,
  type Bytes,
  CANVAS,
  type GreyImage,
  MOST_BYTES,
  MOST_STROKES,
  type Picture,
  type Rectangle,
  rgbOf,
  type Strokes,
} from './api/values.ts'
export {
  type Asking,
  type Editing,
  type MadeEdit,
  MOST_COLOURS,
  MOST_EDITS,
  MOST_SENTENCE,
  type PictureEnd,
  type ShownEdit,
  type Verb,
  VERBS,
} from './api/words.ts'
export { type Asked, packSteps, type Steps, unpackSteps } from './api/steps.ts'
export { type Problem, sentence, StudioError } from './api/problem.ts'
export { decode, encode } from './api/wire.ts'
