import { openPhoto } from '../photo/photo.ts'
import { openPicture, type Picture } from '../photo/picture.ts'
import type { Example } from './finder.ts'
import { cropped } from './resample.ts'
import { checkBox } from './wanted.ts'

/**
 * What an example shows: its box, or all of it. Throws a FewlineError of kind `call` for a box that is not in it, and as
 * `openPhoto` does.
 */
export async function exampleOf({ photo: file, box }: Example): Promise<Picture> {
  const { sourceWidth, sourceHeight } = await openPhoto(file)
  if (box) checkBox(box, sourceWidth, sourceHeight, 'an example')
  const picture = await openPicture(file)
  if (!box) return picture
  const { width, height } = picture
  const scale = width / sourceWidth
  const [left, top] = [Math.max(0, Math.floor(box.x * scale)), Math.max(0, Math.floor(box.y * scale))]
  const right = Math.min(width, Math.ceil((box.x + box.width) * scale))
  const bottom = Math.min(height, Math.ceil((box.y + box.height) * scale))
  return cropped(picture, { left, top, right, bottom })
}
