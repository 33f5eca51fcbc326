import { FewlineError } from '../errors.ts'
import { sharp } from '../photo/sharp.ts'
import { strokesInLottie } from './lottie.ts'
import { fromSvg } from './read-svg.ts'

/** What a file that was exported must turn out to be when it is read again. */
export type Expected =
  | { format: 'svg' | 'json'; strokes: number }
  | { format: 'png' | 'gif' | 'webp'; longer: number; pages: number }
  | { format: 'pdf'; width: number; height: number }

/** Reads what was written as any other program would. Throws a FewlineError of kind `output` when it is not as expected. */
export async function verify(content: Uint8Array, expected: Expected): Promise<void> {
  const seen = await verifyFile(expected.format, content)
  const differs = Object.entries(expected).find(([name, value]) => !same(seen[name], value))
  if (!differs) return
  const [name, value] = differs
  throw spoilt(`a ${expected.format.toUpperCase()} whose ${name} is ${value}`, `it is ${seen[name] ?? 'missing'}`)
}

/** Reads a file whole, and says what it is. Throws a FewlineError of kind `output` when it is damaged, or of another format. */
export async function verifyFile(format: Expected['format'] | 'animated.svg', content: Uint8Array): Promise<Seen> {
  const kind = format === 'animated.svg' ? 'svg' : format
  const seen = await readAs(content, kind).catch((cause: unknown) => {
    throw spoilt(`a ${kind.toUpperCase()} that can be read`, 'it is damaged', cause)
  })
  if (seen['format'] !== kind) throw spoilt(`a ${kind.toUpperCase()}`, `it is ${seen['format']}`)
  return seen
}

/** How whole files end: readers are lenient, and show what they have of one that was cut off. */
const ENDS = {
  svg: /<\/svg>\s*$/,
  png: /IEND[^]{4}$/,
  gif: /;$/,
  webp: /$/,
  pdf: /startxref\s+\d+\s+%%EOF\s*$/,
  json: /\}\s*$/,
}

type Seen = Record<string, string | number>

async function readAs(content: Uint8Array, format: Expected['format']): Promise<Seen> {
  if (!ENDS[format].test(Buffer.from(content.subarray(-64)).toString('latin1'))) throw new Error('its end is missing')
  if (format === 'svg') return { format, strokes: fromSvg(Buffer.from(content).toString('utf8')).widths.length }
  if (format === 'json') return { format, strokes: strokesInLottie(Buffer.from(content).toString('utf8')) }
  return format === 'pdf' ? readPdf(content) : readPixels(content)
}

async function readPixels(content: Uint8Array): Promise<Seen> {
  const picture = sharp(content, { pages: -1, failOn: 'warning', limitInputPixels: false })
  const { format, width, height, pages = 1, pageHeight = height } = await picture.metadata()
  // Every page is decoded, but never more than a few lines of them are held.
  await picture.resize(8, 8, { fit: 'fill' }).raw().toBuffer()
  return { format, longer: Math.max(width, pageHeight), pages }
}

async function readPdf(content: Uint8Array): Promise<Seen> {
  const { PDFDocument, PDFName, PDFNumber } = await import('@cantoo/pdf-lib')
  const document = await PDFDocument.load(content, { updateMetadata: false, throwOnInvalidObject: true })
  const pages = document.getPages()
  if (pages.length !== 1) throw new Error(`it has ${pages.length} pages`)
  const { width, height } = pages[0]!.getSize()
  const unit = pages[0]!.node.lookupMaybe(PDFName.of('UserUnit'), PDFNumber)?.asNumber() ?? 1
  return { format: 'pdf', width: unit * width, height: unit * height }
}

function same(a: string | number | undefined, b: string | number): boolean {
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 0.01 : a === b
}

function spoilt(expected: string, came: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'output', expected, came, todo: 'export it again' }, { cause })
}
