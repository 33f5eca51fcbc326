import type { Strokes } from '../strokes/strokes.ts'
import type { Exported } from './export.ts'
import type { Rectangle } from './page.ts'
import { toPng } from './png.ts'
import { decimal, escapeXml, frameOf, group, layoutOf, pathsOf, svgDocument } from './svg.ts'
import { verify } from './verify.ts'

/** What lies between drawings, and around them, in canvas units. */
const GAP = 24
/** Height of a label. */
const LABEL = 11
/** Pixels along the longer side of the sheet. */
const PIXELS = 2048

/** One of the drawings on the sheet. */
export interface Rung {
  strokes: Strokes
  /** Where it lies as a file of its own. */
  href?: string
}

export interface LadderOptions {
  title?: string
  /** The photo's rectangle on the canvas, the same for all drawings; the whole canvas when absent. */
  frame?: Rectangle
  /** What is written over each column, and beside each row. */
  columns: readonly string[]
  rows: readonly string[]
}

/**
 * Drawings of one photo in rows and columns on one sheet, each a link to its own file: how faithful they are from row to row,
 * and how simple from column to column, as Vinker et al. 2023 (CLIPascene) show abstraction.
 */
export function ladderSvg(rungs: readonly (readonly Rung[])[], options: LadderOptions): string {
  const { frame, title, columns, rows } = options
  const all = rungs.flat().map(({ strokes }) => strokes)
  const { width, height } = frameOf(all[0]!, options)
  const [across, down] = [width + GAP, height + GAP]
  const label = (x: number, y: number, text: string, turn = ''): string =>
    `  <text x="${decimal(x)}" y="${decimal(y)}"${turn} text-anchor="middle" font-family="sans-serif"` +
    ` font-size="${LABEL}" fill="#777">${escapeXml(text)}</text>\n`
  const over = columns.map((text, c) => label(GAP + c * across + width / 2, GAP - LABEL / 2, text))
  const beside = rows.map((text, r) => {
    const [x, y] = [GAP - LABEL / 2, GAP + r * down + height / 2]
    return label(x, y, text, ` transform="rotate(-90 ${decimal(x)} ${decimal(y)})"`)
  })
  const drawings = rungs.flatMap((row, r) =>
    row.map(({ strokes, href }, c) => {
      const place = ` transform="translate(${decimal(GAP + c * across)} ${decimal(GAP + r * down)})"`
      const drawing = group(pathsOf(strokes, layoutOf(strokes, { frame })), place)
      return href === undefined ? drawing : `  <a href="${escapeXml(encodeURI(href))}">\n${drawing}  </a>\n`
    }),
  )
  const sheet = {
    ...{ points: new Float32Array(), widths: new Float32Array(all.reduce((n, { widths }) => n + widths.length, 0)) },
    ...{ width: GAP + columns.length * across, height: GAP + rows.length * down },
  }
  return svgDocument(sheet, { title }, [...over, ...beside, ...drawings].join(''))
}

/** The sheet as a file; whoever hands it on calls `verify` first, as `writeOutput` does. */
export async function exportLadder(
  format: 'svg' | 'png',
  rungs: readonly (readonly Rung[])[],
  options: LadderOptions,
): Promise<Exported> {
  const svg = ladderSvg(rungs, options)
  if (format === 'svg') {
    const strokes = rungs.flat().reduce((sum, { strokes }) => sum + strokes.widths.length, 0)
    const check = (arrived: Uint8Array) => verify(arrived, { format, strokes })
    return { content: Buffer.from(svg), mediaType: 'image/svg+xml', verify: check }
  }
  const png = await toPng(svg, { value: PIXELS, unit: 'px' })
  const check = (arrived: Uint8Array) => verify(arrived, { format, longer: PIXELS, pages: 1 })
  return { content: png, mediaType: 'image/png', verify: check }
}
