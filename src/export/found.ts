import { photoPixels, type Frame } from '../photo/photo.ts'
import { sharp, type OverlayOptions, type Sharp } from '../photo/sharp.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { MARK } from './svg.ts'

/** The shape of the photo that something was found in. */
export interface Shown {
  /** Its rectangle on the canvas. */
  frame: Frame
  /** Upright pixels of its file. */
  sourceWidth: number
  sourceHeight: number
}

/** Something to be shown on a photo: its name, how sure that is, and its mask on the canvas. */
export interface Shape {
  words: string
  score: number
  mask: Tensor
}

/** Colours that are told apart on most photos, and by most people (Okabe and Ito 2008). */
const COLOURS = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']
/** How much of a thing's colour lies on it. */
const TINT = 0.25

/** A mask on the canvas, [CANVAS, CANVAS] 0..1, as a PNG as large as the photo: white where it is 1, on black. */
export async function maskPng(mask: Tensor, shown: Shown): Promise<Uint8Array> {
  return marked(enlarged(mask, shown.frame, shown.sourceWidth, shown.sourceHeight)).toBuffer()
}

/** A photo (a picture file) with the outline of each thing on it, in a colour of its own, its name and score beside it. */
export async function overlayPng(photo: Uint8Array, things: readonly Shape[], { frame }: Shown): Promise<Uint8Array> {
  const picture = sharp(photo)
  const { width, height } = await picture.metadata()
  const layers: OverlayOptions[] = []
  const labels: string[] = []
  const unit = Math.max(2, Math.max(width, height) / 300)
  for (const [i, { words, score, mask }] of things.entries()) {
    const colour = COLOURS[i % COLOURS.length]!
    const inside = await enlarged(mask, frame, width, height).raw().toBuffer()
    layers.push({ input: tinted(inside, width, height, colour, unit), raw: { width, height, channels: 4 } })
    labels.push(label(`${words} ${Math.round(100 * score)} %`, inside, width, colour, 6 * unit))
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${labels.join('')}</svg>`
  return marked(picture.composite([...layers, { input: Buffer.from(svg) }])).toBuffer()
}

/** A thing's colour: full along its outline, faint within. */
function tinted(inside: Uint8Array, width: number, height: number, colour: string, unit: number): Buffer {
  const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  const pixels = Buffer.alloc(4 * width * height)
  const reach = Math.max(1, Math.round(unit / 2))
  const isIn = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x]! > 127
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isIn(x, y)) continue
      const rim = !(isIn(x - reach, y) && isIn(x + reach, y) && isIn(x, y - reach) && isIn(x, y + reach))
      const at = 4 * (y * width + x)
      for (let c = 0; c < 3; c++) pixels[at + c] = rgb[c]!
      pixels[at + 3] = Math.round(255 * (rim ? 1 : TINT))
    }
  }
  return pixels
}

/** How wide a letter is, next to the size of its font; wider than most. */
const LETTER = 0.62

/** A name where its thing begins, but within the picture. */
function label(text: string, inside: Uint8Array, width: number, colour: string, size: number): string {
  const first = inside.findIndex((value) => value > 127)
  const y = Math.max(size, Math.floor(first / width))
  const x = Math.max(0, Math.min(first % width, width - LETTER * size * text.length))
  const safe = text.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`)
  const style = `font-family="sans-serif" font-size="${size}" paint-order="stroke" stroke="#fff" stroke-width="${size / 5}"`
  return `<text x="${x}" y="${y}" ${style} fill="${colour}">${safe}</text>`
}

/** A mask as grey pixels of some size, in the photo's shape. */
function enlarged(mask: Tensor, frame: Frame, width: number, height: number): Sharp {
  const { left, top, right, bottom } = photoPixels(frame)
  const grey = Uint8Array.from(mask.data, (value) => Math.round(255 * value))
  return sharp(grey, { raw: { width: CANVAS, height: CANVAS, channels: 1 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
}

function marked(picture: Sharp): Sharp {
  return picture.png().withExif({ IFD0: { ImageDescription: MARK } })
}
