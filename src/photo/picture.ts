import { damaged } from './refusals.ts'
import { openSource } from './source.ts'

/** A photo as interleaved bytes of sRGB, upright, on white: what models are shown that look closer than the canvas does. */
export interface Picture {
  width: number
  height: number
  /** RGB, row after row. */
  data: Uint8Array
}

/** On the longer side, in pixels: more than any model looks at. */
const LONGEST = 2048

/** A photo as bytes, at most `longest` pixels long, never enlarged. Throws like `openPhoto`. */
export async function openPicture(file: string | Uint8Array, longest = LONGEST): Promise<Picture> {
  const { asked, picture } = await openSource(file, 'a photo to look at')
  const { data, info } = await picture
    .flatten({ background: 'white' })
    .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}
