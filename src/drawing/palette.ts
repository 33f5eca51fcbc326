import { openPhoto } from '../photo/photo.ts'
import { coloursOf, type Rgb } from '../strokes/colours.ts'

/** The colours that stand for a picture (a file or its bytes). Throws like `openPhoto`. */
export async function paletteOf(picture: string | Uint8Array): Promise<Rgb[]> {
  return coloursOf((await openPhoto(picture)).image)
}
