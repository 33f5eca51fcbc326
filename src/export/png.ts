import { FewlineError } from '../errors.ts'
import { sharp, type Sharp } from '../photo/sharp.ts'
import { lengthIn, type Length } from './length.ts'
import { MARK } from './svg.ts'

/** What a drawing is rendered at when its size is a physical one. */
const DOTS_PER_INCH = 300
/** The longer side, in pixels, when no size is asked for. */
const PIXELS = 1024
/** What B0, the largest paper with a name, has at 300 dots per inch, and a little. */
const MOST_PIXELS = 17_000

/**
 * A drawing of ours as a PNG on its own paper, else on white, or on nothing if it is to be `transparent`. It is rendered
 * at the size it will have, so that its lines are crisp.
 * `size` is the length of the longer side: pixels as they are, anything physical at 300 dots per inch.
 * Throws a FewlineError of kind `call` when that is more than a PNG should hold.
 */
export async function toPng(
  svg: string,
  size?: Length,
  { transparent = false }: { transparent?: boolean } = {},
): Promise<Uint8Array> {
  const longer = pngSide(size)
  const physical = size && size.unit !== 'px'
  const picture = await rendered(svg, longer)
  return (transparent ? picture : picture.flatten({ background: 'white' }))
    .withMetadata(physical ? { density: DOTS_PER_INCH } : {})
    .withExif({ IFD0: { ImageDescription: MARK } })
    .png()
    .toBuffer()
}

/** How many pixels `size` comes to. Throws a FewlineError of kind `call` when it is more than a PNG should hold. */
export function pngSide(size: Length = { value: PIXELS, unit: 'px' }): number {
  const side = size.unit === 'px' ? size.value : lengthIn('in', size) * DOTS_PER_INCH
  const longer = Math.max(1, Math.round(side))
  if (longer <= MOST_PIXELS) return longer
  throw new FewlineError({
    kind: 'call',
    expected: `a PNG of at most ${MOST_PIXELS} pixels a side`,
    came: `${size.value}${size.unit} would have ${longer}`,
    todo: 'choose a smaller size, or write an SVG',
  })
}

/**
 * A drawing of ours as pixels, `longer` of them along its longer side, transparent where nothing is painted. They are made
 * as they are read, a few lines at a time, so that even the largest sheet takes little memory.
 */
export async function rendered(svg: string, longer: number): Promise<Sharp> {
  return sharp(Buffer.from(inPixels(svg, longer)), { limitInputPixels: false })
}

/** The same drawing with its size in pixels: a physical one would count twice, by its unit and by the density. */
function inPixels(svg: string, longer: number): string {
  const [, ...sides] = /<svg\b[^>]* viewBox="0 0 (\S+) (\S+)"/.exec(svg) ?? []
  const scale = longer / Math.max(...sides.map(Number))
  const [width, height] = sides.map((side) => Math.max(1, Math.round(scale * Number(side))))
  const root = `width="${width}" height="${height}" preserveAspectRatio="none"`
  return svg.replace(/<svg\b[^>]*>/, (tag) =>
    tag.replaceAll(/ (width|height)="[^"]*"/g, '').replace('<svg', `<svg ${root}`),
  )
}
