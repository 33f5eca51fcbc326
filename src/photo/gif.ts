/** A part of a picture in whole pixels. */
export interface Region {
  left: number
  top: number
  width: number
  height: number
}

const HEADER = 13
const EXTENSION = 0x21
const IMAGE = 0x2c

/**
 * The part of a GIF's canvas, in pixels, that its first frame covers; undefined when that is all of it, or can't be told.
 * Decoders fill the rest with black, where browsers show the page.
 */
export function firstFrame(bytes: Uint8Array, canvas: { width: number; height: number }): Region | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    let at = HEADER + paletteBytes(view.getUint8(10))
    while (view.getUint8(at) === EXTENSION) at = afterBlocks(view, at + 2)
    if (view.getUint8(at) !== IMAGE) return undefined
    const [left, top, wide, high] = [1, 3, 5, 7].map((offset) => view.getUint16(at + offset, true)) as Side4
    const width = Math.min(wide, canvas.width - left)
    const height = Math.min(high, canvas.height - top)
    const all = width === canvas.width && height === canvas.height
    return all || width <= 0 || height <= 0 ? undefined : { left, top, width, height }
  } catch {
    return undefined
  }
}

type Side4 = [number, number, number, number]

function paletteBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Where the data blocks that begin at `at` are over. */
function afterBlocks(view: DataView, at: number): number {
  let size
  while ((size = view.getUint8(at)) !== 0) at += size + 1
  return at + 1
}
