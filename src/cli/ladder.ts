import { basename } from 'node:path'
import type * as Engine from '../index.ts'
import type { Frame } from '../index.ts'
import { WrongCall } from './complain.ts'
import type { PhotoJob } from './jobs.ts'
import type { SketchOptions } from './options.ts'
import { write } from './output.ts'

type Fewline = typeof Engine

/** How faithful the drawings of each row are, from above, … */
const FIDELITIES = [1, 0.67, 0.33, 0]
/** … and what is written beside them. */
const ROWS = ['faithful', '', '', 'loose']
/** How many strokes they have when nobody says. */
const SERIES = [4, 8, 12, 20]

/** A ladder is a series, drawn once for each row, into files that lie beside its sheet. */
export function asLadder(options: SketchOptions): SketchOptions {
  const { ladder, series = SERIES } = options
  if (ladder === undefined) return options
  if (!/\.(svg|png)$/i.test(ladder)) {
    throw new WrongCall('--ladder to end in .svg or .png', `"${ladder}" does not`, 'choose one')
  }
  const others = ['output', 'format', 'fidelity', 'layers', 'each', 'resume', 'frames', 'csv', 'skipExisting'] as const
  const other = others.find((name) => options[name] !== undefined)
  if (other) throw new WrongCall('a ladder alone', `--${other} came too`, 'leave it out')
  return { ...options, series, output: stemOf(ladder) + '.svg' }
}

/** A job for each row of the ladder of one photo. */
export function rowsOf(jobs: readonly PhotoJob[], ladder: string): PhotoJob[] {
  const [job] = jobs
  if (jobs.length !== 1)
    throw new WrongCall('one photo for the ladder', `there are ${jobs.length}`, 'draw them one by one')
  return FIDELITIES.map((fidelity, row) => ({
    ...job!,
    ...{ fidelity, name: `${job!.name}-${row + 1}`, output: `${stemOf(ladder)}-${row + 1}.svg` },
  }))
}

function stemOf(path: string): string {
  return path.replace(/\.[^./\\]+$/, '')
}

/** Writes the sheet: what was drawn for each row, and how many strokes of that each column has. */
export async function writeLadder(
  fewline: Fewline,
  drawn: readonly Frame[],
  { ladder, series, ...options }: SketchOptions & Required<Pick<SketchOptions, 'ladder' | 'series'>>,
): Promise<void> {
  const stem = basename(stemOf(ladder))
  const rungs = drawn.map(({ strokes }, row) =>
    series.map((count) => ({
      strokes: fewline.firstStrokes(strokes, count),
      href: `${stem}-${row + 1}-${count}.svg`,
    })),
  )
  const format = /\.png$/i.test(ladder) ? 'png' : 'svg'
  const columns = series.map((count) => `${count} ${count === 1 ? 'stroke' : 'strokes'}`)
  const file = await fewline.exportLadder(format, rungs, { title: stem, frame: drawn[0]!.frame, columns, rows: ROWS })
  await write(fewline, ladder, file.content, { ...options, verify: file.verify })
}
