/** Types of values, as TIFF numbers them. */
const SHORT = 3
const LONG = 4
const UNDEFINED = 7
const HEADER = 8

/** Interleaved samples of red, green, blue and perhaps alpha, of 8 or 16 bits. */
export interface Samples {
  data: Uint8Array | Uint16Array
  width: number
  height: number
  channels: 3 | 4
}

/**
 * Pixels with the colour profile that they are in, as a file that sharp converts from: it takes no profile beside raw
 * pixels, and an uncompressed TIFF is those with a header.
 */
export function withProfile({ data, width, height, channels }: Samples, profile?: Uint8Array): Uint8Array {
  const depth = 8 * data.BYTES_PER_ELEMENT
  const entries = (bits: number, icc: number, pixels: number): [tag: number, type: number, ...number[]][] => [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, bits], // bits of each sample
    [259, SHORT, 1, 1], // no compression
    [262, SHORT, 1, 2], // RGB
    [273, LONG, 1, pixels],
    [277, SHORT, 1, channels], // samples
    [278, LONG, 1, height], // rows of the strip
    [279, LONG, 1, data.byteLength],
    ...(channels === 4 ? [[338, SHORT, 1, 2] satisfies [number, number, ...number[]]] : []), // the fourth sample is alpha
    ...(profile ? [[34675, UNDEFINED, profile.length, icc] satisfies [number, number, ...number[]]] : []),
  ]
  const count = entries(0, 0, 0).length
  const bits = HEADER + 2 + 12 * count + 4
  const icc = bits + 2 * channels
  const after = icc + (profile?.length ?? 0)
  const pixels = after + (after % 2)
  const file = new Uint8Array(pixels + data.byteLength)
  const view = new DataView(file.buffer)
  file.set(Buffer.from('II*\0', 'latin1'))
  view.setUint32(4, HEADER, true)
  view.setUint16(HEADER, count, true)
  entries(bits, icc, pixels).forEach(([tag, type, values, value], i) => {
    const at = HEADER + 2 + 12 * i
    view.setUint16(at, tag, true)
    view.setUint16(at + 2, type, true)
    view.setUint32(at + 4, values!, true)
    // A short that is no offset lies in the first half, which little-endian numbers do anyway.
    view.setUint32(at + 8, value!, true)
  })
  for (let sample = 0; sample < channels; sample++) view.setUint16(bits + 2 * sample, depth, true)
  if (profile) file.set(profile, icc)
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), pixels)
  return file
}
