import { type Asked, refusal } from './refusals.ts'

/** Enough for the largest sensors there are; beyond it a picture is a mistake or an attack. */
export const MOST_PIXELS = 2 ** 28
/** The longest that a JPEG can be. A longer side is no photo, and costs memory even where the other side is short. */
const MOST_SIDE = 65_535
/** MOST_PIXELS of red, green, blue and alpha. */
const MOST_BYTES = MOST_PIXELS * 4
const LEAST_SIDE = 8

/**
 * Refuses a picture by what its header says, before memory is taken for its pixels: upright width and height in pixels,
 * and the bytes of one pixel as the decoder holds it. Throws a FewlineError of kind `photo`.
 */
export function checkSize(asked: Asked, width: number, height: number, bytesPerPixel = 4): void {
  const size = `is ${width} × ${height} pixels`
  if (Math.min(width, height) < LEAST_SIDE) {
    throw refusal(asked, size, `choose one of at least ${LEAST_SIDE} pixels a side`)
  }
  if (width * height > MOST_PIXELS) throw refusal(asked, size, `make it smaller than ${millions(MOST_PIXELS)} pixels`)
  if (Math.max(width, height) > MOST_SIDE) throw refusal(asked, size, `make it at most ${MOST_SIDE} pixels a side`)
  if (width * height * bytesPerPixel > MOST_BYTES) {
    const room = millions(MOST_BYTES / bytesPerPixel)
    throw refusal(asked, `${size} of ${bytesPerPixel} bytes`, `make it smaller than ${room} pixels, or 8 bits deep`)
  }
}

function millions(count: number): string {
  return `${Math.floor(count / 1e6)} million`
}
