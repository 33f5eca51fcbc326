import {
  maskPicture,
  openMask,
  readProject,
  type Strokes,
  type Tensor,
  toProject,
  verifyProject,
} from '../../src/index.ts'
import { CANVAS, type Moment, type Rectangle, type Settings } from '../api.ts'

export interface ProjectOrder {
  title: string
  photo?: { name: string; bytes: Uint8Array; frame: Rectangle }
  /** [CANVAS, CANVAS], painted by the user. */
  mask?: Tensor
  /** [CANVAS, CANVAS] 0..1, painted by the user. */
  emphasis?: Tensor
  settings: Settings
  strokes?: Strokes
  locked: number[]
  painted?: boolean | undefined
  /** Edits of the photo, as only the host reads them. */
  edits?: Uint8Array
  history: readonly Moment[]
}

const WHOLE = { x: 0, y: 0, width: CANVAS, height: CANVAS }

/** A `.fewline` file, which was read back. */
export async function saveProject({ photo, mask, emphasis, history, ...rest }: ProjectOrder): Promise<Uint8Array> {
  const content = toProject({
    ...rest,
    ...(photo && { photo: { name: photo.name, bytes: photo.bytes } }),
    ...(photo && mask && { mask: await maskPicture(mask, photo.frame) }),
    ...(emphasis && { emphasis: await maskPicture(emphasis, WHOLE) }),
    history: [...history],
  })
  await verifyProject(content)
  return content
}

/** What a `.fewline` file holds. Throws a FewlineError when it is none. */
export async function openProject({ content }: { content: Uint8Array }) {
  const { emphasis, ...project } = readProject(content)
  return { ...project, ...(emphasis && { emphasis: (await openMask(emphasis)).mask }) }
}
