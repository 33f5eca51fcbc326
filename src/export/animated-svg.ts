import { createHash } from 'node:crypto'
import { pointOffsets, polygonLength, startsOf } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { decimal, group, layoutOf, pathsOf, svgDocument, type SheetOptions } from './svg.ts'

export interface AnimatedSvgOptions extends SheetOptions {
  /** How long the whole drawing takes to draw itself; 6 when absent. */
  seconds?: number
  /** It begins again and again, after a rest. */
  loop?: boolean
}

/** How long a drawing that begins again is shown whole, in seconds. */
const REST = 2
/** How long the pen is in the air, as a share of the time that it draws. */
const LIFT = 0.25

/**
 * A drawing that draws itself, stroke by stroke in the order given, the longer strokes longer. It is CSS without any
 * script: where animations are not known, or people have asked their system for less motion, the whole drawing is
 * there at once, and each stroke is an ordinary path. Throws as `toSvg` does.
 */
export function toAnimatedSvg(strokes: Strokes, options: AnimatedSvgOptions = {}): string {
  const layout = layoutOf(strokes, options)
  const paths = pathsOf(strokes, layout)
  const { seconds = 6, loop = false } = options
  const spans = spansOf(strokes, seconds)
  const total = loop ? seconds + REST : seconds
  // Names of animations are known all over the web page that a drawing is put into.
  const name = `fewline-${createHash('sha256')
    .update(paths.map(({ data }) => data).join())
    .digest('hex')
    .slice(0, 8)}`
  const drawn = group(
    // The length that dashes are measured by, whatever the real one is.
    paths.map((path, i) => ({ ...path, attributes: ` pathLength="1" style="animation-name:${name}-${i}"` })),
    ` class="${name}"`,
  )
  const timing = `${decimal(total)}s ease-in-out ${loop ? 'infinite' : 'backwards'}`
  const style =
    `  <style>\n    @media (prefers-reduced-motion: no-preference) { .${name} path { animation: ${timing} } }\n` +
    spans.map(([from, to], i) => keyframes(`${name}-${i}`, from / total, to / total)).join('') +
    `  </style>\n`
  return svgDocument(strokes, options, style + drawn)
}

/** From when to when each stroke is drawn, in seconds: as long as its length asks for, and a moment between two. */
function spansOf(strokes: Strokes, seconds: number): [from: number, to: number][] {
  const lengths = lengthsOf(strokes)
  const drawn = lengths.reduce((sum, length) => sum + length, 0)
  const lift = (LIFT * drawn) / lengths.length
  const whole = (1 + LIFT) * drawn || 1
  let at = 0
  return lengths.map((length) => {
    const from = at
    at += ((length + lift) / whole) * seconds
    return [from, from + (length / whole) * seconds]
  })
}

function lengthsOf(strokes: Strokes): number[] {
  const offsets = pointOffsets(strokes)
  return Array.from(strokes.widths, (_, i) =>
    startsOf(strokes, i, offsets[i]!).reduce((sum, first) => sum + polygonLength(strokes.points, first), 0),
  )
}

/**
 * One dash as long as the stroke, pushed along it. The gap is longer than the dash and the push longer still, so that
 * the round end of a dash never shows at the beginning of a stroke that is not begun.
 */
function keyframes(name: string, from: number, to: number): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)}%`
  const hidden = 'stroke-dasharray:1.01 1.2;stroke-dashoffset:1.1'
  const whole = 'stroke-dasharray:1.01 1.2;stroke-dashoffset:0'
  return `    @keyframes ${name} { 0%, ${percent(from)} { ${hidden} } ${percent(to)}, 100% { ${whole} } }\n`
}
