import { LOOKS } from '../looks/looks.ts'
import type { Mark } from '../looks/mark.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import { penTimes, type Span } from '../strokes/pen.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { colorOf, hexOf, parseColor, type Rgba } from './color.ts'
import type { Layout } from './page.ts'
import { asSeen, grainOf, isPainted, paintedMarks, paperNamed } from './painted.ts'
import { layoutOf, MARK, type SheetOptions } from './svg.ts'

/*
 * Lottie, the JSON that apps and web pages play (https://lottie.github.io/lottie-spec): one layer of shapes, each stroke a
 * group of its path, the part of it that is drawn by then (a trim path), and the pen. A stroke that is more than its line is
 * a layer of what is painted, behind a track matte: its line, so wide that it shows all of that, as far as it is drawn.
 */

export interface LottieOptions extends SheetOptions {
  /** The longer side, in pixels that players scale as they like; 480 when absent. */
  pixels?: number
  /** How long the drawing takes to draw itself; 4 when absent. It is then shown whole for a while. */
  seconds?: number
}

/** Frames a second: what screens show. Times between frames are times all the same. */
const RATE = 60
/** How long the finished drawing is shown, in seconds: players begin again by themselves. */
const REST = 2
/** As players know the parts of a shape, how a line ends and bends, and what a fill surrounds: round, and all of it. */
const [ROUND, SHAPES, SOLID, NON_ZERO] = [2, 4, 1, 1]

/**
 * A drawing that draws itself, stroke by stroke in the order given, with a hand's speed (`penTimes`) and with its look, in any
 * player of Lottie files. Paper lies below, where there is any. Throws as `toSvg` does.
 */
export function toLottie(strokes: Strokes, options: LottieOptions = {}): string {
  const { seconds = 4, pixels = 480, title = 'Sketch', paper } = options
  const page = inPixels(layoutOf(strokes, options), pixels)
  const [w, h] = [page.width, page.height].map((side) => Math.max(1, Math.round(side)))
  const end = RATE * (seconds + REST)
  const seen = asSeen(strokes, options)
  const layers = [
    ...(isPainted(seen) ? uncovered(strokes, page, seen, seconds) : [drawing(strokes, page, seconds)]),
    ...(paper === undefined ? [] : paperLayers(paper, page)),
  ]
  const time = { ip: 0, op: end, st: 0, bm: 0 }
  const about = { v: '5.7.0', meta: { g: MARK }, nm: title, fr: RATE, ip: 0, op: end, w, h, ddd: 0, assets: [] }
  return `${JSON.stringify({ ...about, layers: layers.map((layer, i) => ({ ind: i + 1, ...layer, ...time })) })}\n`
}

/** The same page, so many pixels along its longer side. */
function inPixels({ width, height, scale, x, y }: Layout, pixels: number): Layout {
  const by = pixels / Math.max(width, height)
  return { width: by * width, height: by * height, scale: by * scale, x: by * x, y: by * y }
}

/** Lines as they are: all strokes in one layer. */
function drawing(strokes: Strokes, page: Layout, seconds: number): object {
  const groups = penTimes(strokes).map((span, i) => {
    const pen = { color: colorOf(strokes, i), width: page.scale * strokes.widths[i]! }
    return group(`Stroke ${i + 1}`, line(strokes, i, page, span, seconds, pen))
  })
  return shapeLayer('Strokes', groups)
}

/** What is painted: each stroke below the line that lets it be seen as it is drawn. The last one lies on top. */
function uncovered(strokes: Strokes, page: Layout, options: LottieOptions, seconds: number): object[] {
  const marks = paintedMarks(strokes, page, options)
  const wide = 2 * LOOKS[options.look ?? 'fineliner'].reach * page.scale
  const pairs = penTimes(strokes).map((span, i) => {
    const [red, green, blue, alpha] = colorOf(strokes, i)
    const shows = line(strokes, i, page, span, seconds, { color: [1, 1, 1, 1], width: wide * strokes.widths[i]! })
    const painted = marks[i]!.map((mark, k) => group(`Mark ${k + 1}`, touch(mark, [red, green, blue, 1])))
    return [
      { ...shapeLayer(`Line ${i + 1}`, [group(`Stroke ${i + 1}`, shows)]), td: 1 },
      { ...shapeLayer(`Stroke ${i + 1}`, painted, alpha), tt: 1 },
    ]
  })
  return pairs.reverse().flat()
}

/** One stroke as its line: as much of it as is drawn at each time. */
function line(strokes: Strokes, index: number, page: Layout, span: Span, seconds: number, pen: Pen): object[] {
  const offsets = pointOffsets(strokes)
  const { scale, x, y } = page
  const points = Array.from(strokes.points.subarray(2 * offsets[index]!, 2 * offsets[index + 1]!))
  const placed = points.map((value, i) => scale * value + (i % 2 ? y : x))
  return [pathOf(placed), drawnPart(span, RATE * seconds), penOf(pen, RATE * seconds * span.from)]
}

/** What is painted with one touch. */
function touch({ paths, width, dash, opacity }: Mark, [red, green, blue]: Rgba): object[] {
  const color = { c: fixed([red, green, blue, 1]), o: fixed(rounded(100 * opacity)) }
  const shapes = paths.map((path) => pathOf(path, width === undefined))
  if (width === undefined) return [...shapes, { ty: 'fl', ...color, r: NON_ZERO }]
  // Players want to be told where dashes begin, and each length by a name of its own.
  const lengths = dash && [...dash.map((length, i) => [i % 2 ? 'g' : 'd', length] as const), ['o', 0] as const]
  const gaps = lengths?.map(([n, length], i) => ({ n, nm: `${n}${i}`, v: fixed(rounded(length)) }))
  return [...shapes, { ty: 'st', ...color, w: fixed(rounded(width)), lc: ROUND, lj: ROUND, ...(gaps && { d: gaps }) }]
}

/** How many strokes a Lottie of ours has. Throws an Error (SyntaxError, TypeError) when it is none. */
export function strokesInLottie(text: string): number {
  const { layers } = JSON.parse(text) as { layers: { shapes?: { it: { ty: string }[] }[] }[] }
  const groups = layers.flatMap(({ shapes = [] }) => shapes)
  return groups.filter(({ it }) => it.some(({ ty }) => ty === 'tm')).length
}

/** A value that stays. */
const fixed = (k: unknown) => ({ a: 0, k })

/** Nothing is moved, turned or faded. */
const IN_PLACE = { a: fixed([0, 0]), p: fixed([0, 0]), s: fixed([100, 100]), r: fixed(0), o: fixed(100) }

/** A layer that stays where it is; `opacity`: 0..1. */
const still = (opacity = 1): object => ({
  ks: { ...IN_PLACE, a: fixed([0, 0, 0]), p: fixed([0, 0, 0]), o: fixed(rounded(100 * opacity)) },
})

/** The first of the groups lies below the others; for players, what is first lies on top. */
function shapeLayer(name: string, groups: readonly object[], opacity?: number): object {
  return { ty: SHAPES, nm: name, ...still(opacity), shapes: groups.toReversed() }
}

function group(name: string, items: readonly object[]): object {
  return { ty: 'gr', nm: name, it: [...items, { ty: 'tr', ...IN_PLACE }] }
}

/** Vertices, and from each of them to where its handles are: of control points x y of cubics that follow each other, in pixels. */
function pathOf(points: readonly number[], closed = false): object {
  const at = (p: number): [number, number] => [points[2 * p]!, points[2 * p + 1]!]
  const handle = (from: number, to: number): [number, number] => {
    const [a, b] = [at(from), at(to)]
    return [rounded(b[0] - a[0]), rounded(b[1] - a[1])]
  }
  const count = points.length / 2
  const ends = Array.from({ length: (count - 1) / 3 + 1 }, (_, s) => 3 * s)
  return {
    ty: 'sh',
    ks: fixed({
      c: closed,
      v: ends.map((p) => at(p).map(rounded)),
      i: ends.map((p) => (p === 0 ? [0, 0] : handle(p, p - 1))),
      o: ends.map((p) => (p === count - 1 ? [0, 0] : handle(p, p + 1))),
    }),
  }
}

/** As much of the path as is drawn at each time: even steps between what the span tells. */
function drawnPart({ from, to, drawn }: Span, frames: number): object {
  const keys = Array.from(drawn, (part, k) => ({
    t: rounded(frames * (from + (k / (drawn.length - 1)) * (to - from))),
    s: [rounded(100 * part)],
    ...EVENLY,
  }))
  return { ty: 'tm', m: 1, s: fixed(0), e: { a: 1, k: keys }, o: fixed(0) }
}

/** Handles of a change that goes evenly. */
const EVENLY = { i: { x: [1], y: [1] }, o: { x: [0], y: [0] } }

interface Pen {
  color: Rgba
  /** In pixels. */
  width: number
}

/** Ink, width, and that nothing is there before `begin`: some players show the round end of a line of no length. */
function penOf({ color: [red, green, blue, alpha], width }: Pen, begin: number): object {
  const opacity = rounded(100 * alpha)
  const from = rounded(begin)
  const shown = from === 0 ? fixed(opacity) : { a: 1, k: [held(0, 0), held(from, opacity)] }
  return { ty: 'st', c: fixed([red, green, blue, 1]), o: shown, w: fixed(rounded(width)), lc: ROUND, lj: ROUND }
}

/** A value that holds from a time on. */
const held = (t: number, value: number) => ({ t, s: [value], h: 1 })

/** The paper of a page, below what can be seen in it. */
function paperLayers(paper: string, page: Layout): object[] {
  const stock = paperNamed(paper)
  const grain = grainOf(stock, page).map((mark, i) => group(`Grain ${i + 1}`, touch(mark, parseColor(mark.colour))))
  const [sw, sh] = [page.width, page.height].map((side) => Math.max(1, Math.round(side)))
  const sc = hexOf(parseColor(stock.colour)).replace(/^#000$/, '#000000')
  const sheet = { ty: SOLID, nm: 'Paper', ...still(), sw, sh, sc }
  return grain.length > 0 ? [shapeLayer('Grain', grain), sheet] : [sheet]
}

/** Three decimals are finer than any screen. Throws a RangeError for what is no number. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a drawing can't hold the number ${value}`)
  return Math.round(value * 1000) / 1000 + 0
}
