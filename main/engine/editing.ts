import {
  edit,
  editedPhoto,
  editedStrokes,
  type EditFrame,
  type EditRequest,
  exifOfEdit,
  exportDrawing,
  FewlineError,
  hexOf,
  maskPicture,
  MODES,
  openOriginal,
  type Original,
  pictureFile,
  type PictureEnd,
  previewPhoto,
  type Tensor,
  verifyPicture,
} from '../../src/index.ts'
import type { Rectangle } from '../api.ts'
import { createClock } from './clock.ts'
import type { Flow } from './flow.ts'

/** What is to become of a photo. */
export interface EditingOrder extends Omit<EditRequest, 'region' | 'where' | 'photo'> {
  photo: Uint8Array
  /** Where it may change, on the canvas, and where the photo lies there; everywhere when absent. */
  within?: { mask: Tensor; frame: Rectangle }
}

/** An edit as it is kept: all that it takes to make the photo of it. */
export type Change = Pick<EditFrame, 'parameters' | 'region'> & { mode: string }

export type EditingItem =
  | { share: number; secondsLeft?: number; preview?: Uint8Array }
  | { change: Change; preview: Uint8Array; done: boolean; warnings: string[] }

/** On the longer side, in pixels: what is shown meanwhile, and at the end. */
const MEANWHILE = 512
/** A picture meanwhile takes at most this share of the time, and comes at most so often (milliseconds). */
const [SHARE, PAUSE] = [0.1, 500]

/** Edits to the end, telling how far it is; what came of it comes last. */
export async function editing(
  { photo, within, ...order }: EditingOrder,
  { signal, emit, pass }: Flow<EditingItem>,
): Promise<void> {
  const region = within && { region: await maskPicture(within.mask, within.frame) }
  const small = await openOriginal(await previewPhoto(photo, MEANWHILE))
  const clock = createClock()
  let last: EditFrame | undefined
  let due = performance.now() + PAUSE
  for await (const frame of edit({ ...order, ...region, photo }, signal)) {
    last = frame
    const { taken, total } = frame.way
    clock.stepped(taken)
    const { secondsPerStep } = clock.read()
    const begun = performance.now()
    const shows = begun >= due
    const preview = shows && { preview: await pictureOf(small, frame) }
    if (shows) due = performance.now() + Math.max(PAUSE, (performance.now() - begun) / SHARE)
    const left = secondsPerStep > 0 && { secondsLeft: (total - taken) * secondsPerStep }
    emit({ share: taken / Math.max(1, total), ...left, ...preview })
    await pass()
  }
  if (!last) return
  const { parameters, mode, region: shares, done, warnings } = last
  const change: Change = { parameters, mode, ...(shares && { region: shares }) }
  emit({ change, preview: await pictureOf(await openOriginal(await previewPhoto(photo)), change), done, warnings })
}

/**
 * A photo as an edit leaves it, as a picture file in its own size, read back, or the strokes that it was painted in as an SVG.
 * The place where it was taken is left out.
 */
export async function editedFile(order: {
  photo: Uint8Array
  change: Change | undefined
  strength: number
  title: string
  as: PictureEnd | 'svg'
}): Promise<Uint8Array> {
  const { photo, change, strength, title, as } = order
  const original = await openOriginal(photo)
  if (as === 'svg') return paintedFile(original, change, title)
  const changed = change ? await editedPhoto(original, known(change), strength) : original
  const exif = original.exif && exifOfEdit(original.exif)
  const beside = { ...(original.profile && { profile: original.profile }), ...(exif && { exif }) }
  const content = await pictureFile(changed, as, beside)
  await verifyPicture(content, changed)
  return new Uint8Array(content)
}

/** The strokes of a painted photo, whole: an SVG holds no photo to mix them with. */
async function paintedFile(original: Original, change: Change | undefined, title: string): Promise<Uint8Array> {
  if (change?.mode !== 'paint') {
    throw new FewlineError({
      kind: 'call',
      expected: 'a photo painted in strokes',
      came: 'it is none',
      todo: 'save it as a picture, or paint it',
    })
  }
  const { strokes, paper, frame } = editedStrokes(change, original)
  const { content, verify } = await exportDrawing('svg', { strokes }, { title, frame, paper: hexOf([...paper, 1]) })
  await verify(content)
  return new Uint8Array(Buffer.from(content))
}

/** What a window shows of an edit. */
async function pictureOf(small: Original, change: Change): Promise<Uint8Array> {
  return new Uint8Array(await pictureFile(await editedPhoto(small, known(change)), 'jpg', {}))
}

/** An edit of a file may be of a newer Fewline. */
function known(change: Change): Pick<EditFrame, 'parameters' | 'mode' | 'region'> {
  const mode = MODES.find((one) => one === change.mode)
  if (mode) return { ...change, mode }
  throw new FewlineError({
    kind: 'call',
    expected: `an edit of this Fewline (${MODES.join(', ')})`,
    came: `it is one in ${change.mode}`,
    todo: 'update Fewline to see it',
  })
}
