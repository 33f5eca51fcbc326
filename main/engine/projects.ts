import { maskPicture, readProject, type Strokes, type Tensor, toProject, verifyProject } from '../../src/index.ts'
import type { Moment, Rectangle, Settings } from '../api.ts'

export interface ProjectOrder {
  title: string
  photo?: { name: string; bytes: Uint8Array; frame: Rectangle }
  /** [CANVAS, CANVAS], painted by the user. */
  mask?: Tensor
  settings: Settings
  strokes?: Strokes
  locked: number[]
  history: readonly Moment[]
}

/** A `.fewline` file, which was read back. */
export async function saveProject({ photo, mask, history, ...rest }: ProjectOrder): Promise<Uint8Array> {
  const content = toProject({
    ...rest,
    ...(photo && { photo: { name: photo.name, bytes: photo.bytes } }),
    ...(photo && mask && { mask: await maskPicture(mask, photo.frame) }),
    history: [...history],
  })
  await verifyProject(content)
  return content
}

/** What a `.fewline` file holds. Throws a FewlineError when it is none. */
export async function openProject({ content }: { content: Uint8Array }) {
  return readProject(content)
}
