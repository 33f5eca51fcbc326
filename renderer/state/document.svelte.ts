import {
  type Asked as Told,
  CANVAS,
  DEFAULT_SETTINGS,
  type GreyImage,
  type Photo,
  type Rectangle,
  type Settings,
  type Snapshot,
  type Steps,
  type Thing,
} from '../../main/api.ts'
import { begun, type History, recorded, redone, replaced, undone } from './history.ts'

/** The page of a document without a photo. */
const WHOLE: Rectangle = { x: 0, y: 0, width: CANVAS, height: CANVAS }

type Subject = NonNullable<Snapshot['subject']>

interface Asked extends Told {
  /** What of the things that were found is in the mask. */
  readonly chosen?: ReadonlySet<Thing>
}

const NONE: ReadonlySet<Thing> = new Set()

/** What is drawn, and how it is asked for. `isPainted`: a drawing of words alone fills the whole canvas, whatever the photo. */
export function createDocument(isPainted: () => boolean) {
  let id = $state.raw('')
  let title = $state.raw('')
  let photo = $state.raw<Photo | undefined>()
  let subject = $state.raw<Subject | undefined>()
  let modified = $state(false)
  let settings = $state.raw<Settings>(DEFAULT_SETTINGS)
  let asked = $state.raw<History<Asked>>(begun({ mode: 'auto' }))

  return {
    get id() {
      return id
    },
    get title() {
      return title
    },
    set title(next) {
      title = next
    },
    get photo() {
      return photo
    },
    /** The page: the photo's rectangle on the canvas. */
    get frame() {
      return (isPainted() ? undefined : photo?.frame) ?? WHOLE
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
      return asked.present.mask ?? subject?.mask
    },
    /** Where lines count more or less, as it is being painted; alike everywhere when undefined. */
    get emphasis() {
      return asked.present.emphasis
    },
    get chosen() {
      return asked.present.chosen ?? NONE
    },
    /** What the host is to look for. */
    get wanted() {
      const { mode, mask } = asked.present
      return mode === 'painted' ? (mask ?? 'none') : mode
    },
    /** What can be undone of it, and done again. */
    get asked() {
      return asked
    },
    get canUndoMask() {
      return asked.past.length > 0
    },
    get canRedoMask() {
      return asked.future.length > 0
    },
    show(snapshot: Snapshot, steps?: Steps) {
      ;({
        document: id,
        title,
        photo,
        subject,
        settings,
        modified,
      } = { photo: undefined, subject: undefined, ...snapshot })
      const present = { mode: subject?.mode ?? 'auto', mask: subject?.mask, emphasis: snapshot.emphasis }
      asked = { ...begun(present), ...steps?.asked }
    },
    /** The host has found the subject, or taken the one that was painted. */
    found(next: Subject) {
      subject = next
      const { mode, mask } = next
      const { present } = asked
      const { emphasis } = present
      const now = mode === 'painted' ? { ...present, mode, mask: present.mask ?? mask } : { mode, mask, emphasis }
      // Another way to tell the subject can be undone; what the same way has come to is no step.
      asked = (mode === present.mode ? replaced : recorded)(asked, now)
    },
    paint: {
      begin: () => (asked = recorded(asked, asked.present)),
      stroke: (mask: GreyImage) => (asked = replaced(asked, { ...asked.present, mode: 'painted', mask })),
      choose: (things: readonly Thing[], mask: GreyImage) =>
        (asked = replaced(asked, { ...asked.present, mode: 'painted', mask, chosen: new Set(things) })),
      weigh: (emphasis: GreyImage | undefined) => (asked = replaced(asked, { ...asked.present, emphasis })),
      undo: () => (asked = undone(asked)),
      redo: () => (asked = redone(asked)),
    },
  }
}
export type Document = ReturnType<typeof createDocument>
