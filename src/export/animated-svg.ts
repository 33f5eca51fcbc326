import { createHash } from 'node:crypto'
import { penTimes, type Span } from '../strokes/pen.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { LOOKS } from '../looks/looks.ts'
import type { Layout } from './page.ts'
import { asSeen, isPainted } from './painted.ts'
import { decimal, group, layoutOf, type Path, pathsOf, svgDocument, type SheetOptions } from './svg.ts'

export interface AnimatedSvgOptions extends SheetOptions {
  /** How long the whole drawing takes to draw itself; 6 when absent. */
  seconds?: number
  /** It begins again and again, after a rest. */
  loop?: boolean
}

/** How long a drawing that begins again is shown whole, in seconds. */
const REST = 2

/**
 * A drawing that draws itself, stroke by stroke in the order given, with a hand's speed (`penTimes`). It is CSS
 * without any script: where animations are not known, or people have asked their system for less motion, the whole drawing
 * is there at once, and each stroke is an ordinary path. Throws as `toSvg` does.
 */
export function toAnimatedSvg(strokes: Strokes, options: AnimatedSvgOptions = {}): string {
  const layout = layoutOf(strokes, options)
  const seen = asSeen(strokes, options)
  const paths = pathsOf(strokes, layout, seen)
  const { seconds = 6, loop = false } = options
  const spans = penTimes(strokes)
  const total = loop ? seconds + REST : seconds
  // Names of animations are known all over the web page that a drawing is put into.
  const name = `fewline-${createHash('sha256')
    .update(paths.map(({ data }) => data).join())
    .digest('hex')
    .slice(0, 8)}`
  // The length that dashes are measured by, whatever the real one is.
  const dashed = (i: number): string => ` pathLength="1" style="animation-name:${name}-${i}"`
  const drawn = isPainted(seen)
    ? uncovered(paths, layout, name, 2 * LOOKS[seen.look ?? 'fineliner'].reach, dashed)
    : group(
        paths.map((path, i) => ({ ...path, attributes: dashed(i) })),
        ` class="${name}"`,
      )
  const timing = `${decimal(total)}s linear ${loop ? 'infinite' : 'backwards'}`
  const style =
    `  <style>\n    @media (prefers-reduced-motion: no-preference) { .${name} path { animation: ${timing} } }\n` +
    spans.map((span, i) => keyframes(`${name}-${i}`, span, seconds / total)).join('') +
    `  </style>\n`
  return svgDocument(strokes, options, style + drawn)
}

/** What is painted, behind masks: the line of each stroke, so many times as wide, lets it be seen as it is drawn. */
function uncovered(
  paths: readonly Path[],
  { width, height }: Layout,
  name: string,
  wide: number,
  dashed: (i: number) => string,
): string {
  const area = ` maskUnits="userSpaceOnUse" x="0" y="0" width="${decimal(width)}" height="${decimal(height)}"`
  const masks = paths.map(
    ({ look, data }, i) =>
      `    <mask id="${name}-${i}"${area}><path${dashed(i)} stroke-width="${decimal(wide * Number(look['stroke-width']))}"` +
      ` d="${data}"/></mask>\n`,
  )
  const pen = 'fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round"'
  const defs = `  <defs>\n  <g class="${name}" ${pen}>\n${masks.join('')}  </g>\n  </defs>\n`
  return (
    defs +
    group(paths.map((path, i) => ({ ...path, attributes: `${path.attributes ?? ''} mask="url(#${name}-${i})"` })))
  )
}

/**
 * One dash as long as the stroke, pushed along it. The gap is longer than the dash and the push longer still, so that
 * the round end of a dash never shows at the beginning of a stroke that is not begun.
 */
function keyframes(name: string, { from, to, drawn }: Span, share: number): string {
  const percent = (time: number): string => `${(100 * time * share).toFixed(2)}%`
  const dash = (offset: number): string => `stroke-dasharray:1.01 1.2;stroke-dashoffset:${offset.toFixed(3)}`
  const way = Array.from(
    drawn,
    (part, k) => `${percent(from + (k / (drawn.length - 1)) * (to - from))} { ${dash(1.1 - 1.1 * part)} }`,
  )
  return `    @keyframes ${name} { 0%, ${way.slice(0, -1).join(' ')} ${percent(to)}, 100% { ${dash(0)} } }\n`
}
