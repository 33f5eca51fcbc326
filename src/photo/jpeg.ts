const MARKER = 0xff
const END = 0xd9
/** Markers that stand alone: TEM, the restarts, the start. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

/** Whether a JPEG goes on until its end marker. What cameras put behind it does not matter, nor a thumbnail within. */
export function hasEnd(bytes: Uint8Array): boolean {
  let at = 2
  for (;;) {
    at = bytes.indexOf(MARKER, at)
    if (at < 0 || at + 1 >= bytes.length) return false
    const marker = bytes[at + 1]!
    if (marker === END) return true
    // Fill bytes, and the pixels that happen to be 255.
    if (marker === MARKER) at += 1
    else if (marker === 0 || standsAlone(marker)) at += 2
    else {
      const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
      at += 2 + Math.max(length, 2)
    }
  }
}

/** The same file with an end marker. */
export function ended(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Uint8Array.of(MARKER, END)])
}
