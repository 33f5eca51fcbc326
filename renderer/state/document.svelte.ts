import {
  CANVAS,
  DEFAULT_SETTINGS,
  type GreyImage,
  type Photo,
  type Rectangle,
  type Settings,
  type Snapshot,
} from '../../main/api.ts'
import { begun, type History, recorded, redone, replaced, undone } from './history.ts'

/** The page of a document without a photo. */
const WHOLE: Rectangle = { x: 0, y: 0, width: CANVAS, height: CANVAS }

type Subject = NonNullable<Snapshot['subject']>

/** What is drawn, and how it is asked for. */
export function createDocument() {
  let id = $state.raw('')
  let title = $state.raw('')
  let photo = $state.raw<Photo | undefined>()
  let subject = $state.raw<Subject | undefined>()
  let modified = $state(false)
  let settings = $state.raw<Settings>(DEFAULT_SETTINGS)
  let masks = $state.raw<History<GreyImage | undefined>>(begun(undefined))

  return {
    get id() {
      return id
    },
    get title() {
      return title
    },
    get photo() {
      return photo
    },
    /** The page: the photo's rectangle on the canvas. */
    get frame() {
      return photo?.frame ?? WHOLE
    },
    get subject() {
      return subject
    },
    get settings() {
      return settings
    },
    /** How many strokes a drawing will have, as far as that is known before the photo is. */
    get strokes() {
      const counts = subject?.counts ?? []
      const auto = counts[Math.round(settings.detail * (counts.length - 1))]
      return (settings.auto ? auto : undefined) ?? settings.strokes
    },
    set settings(next) {
      settings = next
    },
    /** Whether its project file has not all that is here. */
    get modified() {
      return modified
    },
    set modified(next) {
      modified = next
    },
    /** The mask as it is being painted. */
    get mask() {
      return masks.present ?? subject?.mask
    },
    get canUndoMask() {
      return masks.past.length > 0
    },
    get canRedoMask() {
      return masks.future.length > 0
    },
    show(snapshot: Snapshot) {
      ;({
        document: id,
        title,
        photo,
        subject,
        settings,
        modified,
      } = { photo: undefined, subject: undefined, ...snapshot })
      masks = begun(subject?.mask)
    },
    /** The host has found the subject, or taken the one that was painted. */
    found(next: Subject) {
      subject = next
      if (next.mode !== 'painted') masks = recorded(masks, next.mask)
    },
    paint: {
      begin: () => (masks = recorded(masks, masks.present)),
      stroke: (mask: GreyImage) => (masks = replaced(masks, mask)),
      undo: () => (masks = undone(masks)),
      redo: () => (masks = redone(masks)),
    },
  }
}
export type Document = ReturnType<typeof createDocument>
