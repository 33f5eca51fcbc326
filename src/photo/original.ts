import { damaged } from './refusals.ts'
import type { Samples } from './profile.ts'
import { isRgb, openSource } from './source.ts'

/** A photo as its file has it, upright: nothing is lost that a changed photo should keep. */
export interface Original extends Samples {
  /** In which its colours are; sRGB when absent. */
  profile?: Uint8Array
  /** What the camera wrote. */
  exif?: Uint8Array
  /** What its owner should know about how it was read, in plain sentences. */
  warnings: string[]
}

/**
 * Reads a photo with all of its pixels in its own colours and depth, 8 or 16 bits. What is grey, or in inks, becomes sRGB.
 * Throws like `openPhoto`.
 */
export async function openOriginal(file: string | Uint8Array): Promise<Original> {
  const { asked, picture, about, warnings } = await openSource(file, 'a photo to edit', true)
  const deep = about?.depth === 'ushort'
  const { data, info } = await picture
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
  const own = about && isRgb(about)
  return {
    data: new (deep ? Uint16Array : Uint8Array)(data.buffer, data.byteOffset, data.length / (deep ? 2 : 1)),
    width: info.width,
    height: info.height,
    channels: info.channels === 4 ? 4 : 3,
    ...(own && about.icc && { profile: about.icc }),
    ...(about?.exif && { exif: about.exif }),
    warnings,
  }
}
