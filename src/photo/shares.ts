import { damaged } from './refusals.ts'
import { openSource } from './source.ts'

/** How much of each pixel is meant, 0..255, row after row. */
export interface Shares {
  data: Uint8Array
  width: number
  height: number
}

/**
 * Reads a picture as a mask at its own size: how opaque it is where it has transparency, else how bright it is. Throws like
 * `openPhoto`.
 */
export async function openShares(file: string | Uint8Array): Promise<Shares> {
  const { asked, picture } = await openSource(file, 'a picture of a region')
  const { data, info } = await picture
    .ensureAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
  const { width, height } = info
  const shares = new Uint8Array(width * height)
  let opaque = true
  for (let i = 3; i < data.length && opaque; i += 4) opaque = data[i] === 255
  for (let i = 0; i < shares.length; i++) {
    const [r, g, b, alpha] = data.subarray(4 * i, 4 * i + 4)
    shares[i] = opaque ? Math.round(0.299 * r! + 0.587 * g! + 0.114 * b!) : alpha!
  }
  return { data: shares, width, height }
}
