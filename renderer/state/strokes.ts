import { CANVAS, type Drawing, type Rectangle, rgbOf, type Strokes } from '../../main/api.ts'

/** One stroke of many, seen in place: its control points, x y each. */
export interface Stroke {
  /** A view of `Strokes.points`, 3·segments + 1 points. */
  readonly points: Float32Array
  readonly width: number
  /** `#rrggbb`, or undefined for the ink that all share. */
  readonly colour: string | undefined
  /** 0..1; opaque when absent. */
  readonly opacity?: number
  /** At every control point, the share of the width that the pen was pressed to; absent where it is all of it. */
  readonly pressure?: Float32Array | undefined
}

export const NO_DRAWING: Drawing = { strokes: joined([]), locked: [] }

/** Every stroke of these, in order. */
export function strokesOf({ points, widths, segments, colors, pressures }: Strokes): Stroke[] {
  let at = 0
  return Array.from(widths, (width, i) => {
    const length = 2 * (3 * (segments?.[i] ?? 1) + 1)
    const pressure = pressures?.subarray(at / 2, (at + length) / 2)
    const own = points.subarray(at, (at += length))
    const line = { points: own, width, ...(pressure && { pressure }) }
    if (!colors) return { ...line, colour: undefined }
    const rgba = colors.subarray(4 * i, 4 * i + 4)
    return { ...line, colour: hex(rgba), ...(rgba[3]! < 1 && { opacity: Math.max(0, rgba[3]!) }) }
  })
}

/** The way back of `strokesOf`. Strokes without a colour among coloured ones take `ink`, and so does one that can be seen through. */
export function joined(strokes: readonly Stroke[], ink = '#000000'): Strokes {
  const coloured = strokes.some(({ colour, opacity }) => colour !== undefined || (opacity ?? 1) < 1)
  const pressed = strokes.some(({ pressure }) => pressure)
  return {
    points: Float32Array.from(strokes.flatMap(({ points }) => [...points])),
    widths: Float32Array.from(strokes, ({ width }) => width),
    segments: Uint8Array.from(strokes, ({ points }) => (points.length / 2 - 1) / 3),
    ...(coloured && {
      colors: Float32Array.from(strokes.flatMap(({ colour, opacity }) => rgba(colour ?? ink, opacity))),
    }),
    ...(pressed && { pressures: Float32Array.from(strokes.flatMap((stroke) => [...pressureOf(stroke)])) }),
    width: CANVAS,
    height: CANVAS,
  }
}

/** 1 everywhere on a line of one width. */
export function pressureOf({ points, pressure }: Pick<Stroke, 'points' | 'pressure'>): Float32Array {
  return pressure ?? new Float32Array(points.length / 2).fill(1)
}

/** `M x y C …` of a stroke, two decimals. */
export function pathData({ points }: { points: ArrayLike<number> }): string {
  let data = `M${round(points[0]!)} ${round(points[1]!)}C`
  for (let i = 2; i < points.length; i++) data += `${i === 2 ? '' : ' '}${round(points[i]!)}`
  return data
}

/** What an SVG of strokes is known by. */
const MARK = 'data-fewline="strokes"'

/** Strokes as an SVG of their own, for the clipboard. `ink`: of those without a colour. */
export function svgOf(strokes: readonly Stroke[], frame: Rectangle, ink: string): string {
  const paths = strokes.map(
    (stroke) =>
      `<path d="${pathData(stroke)}" stroke="${stroke.colour ?? ink}" stroke-width="${round(stroke.width)}"` +
      (stroke.opacity === undefined ? '' : ` stroke-opacity="${round(stroke.opacity)}"`) +
      (stroke.pressure ? ` data-pressure="${Array.from(stroke.pressure, round).join(' ')}"` : '') +
      `${stroke.colour === undefined ? ' class="ink"' : ''}/>`,
  )
  const { x, y, width, height } = frame
  const head = `xmlns="http://www.w3.org/2000/svg" ${MARK} viewBox="${x} ${y} ${width} ${height}"`
  return `<svg ${head} fill="none" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</svg>`
}

/** The way back of `svgOf`; none of any other text. */
export function strokesFrom(svg: string): Stroke[] {
  if (!svg.includes(MARK)) return []
  const paths = new DOMParser().parseFromString(svg, 'image/svg+xml').querySelectorAll('path')
  return [...paths].flatMap((path) => {
    const points = Float32Array.from((path.getAttribute('d') ?? '').match(NUMBERS) ?? [], Number)
    const width = Number(path.getAttribute('stroke-width'))
    const colour = path.getAttribute('stroke') ?? ''
    const isWhole = points.length >= 8 && (points.length / 2) % 3 === 1 && points.every(Number.isFinite)
    if (!isWhole || !(width > 0 && width <= CANVAS) || !/^#[0-9a-f]{6}$/i.test(colour)) return []
    const opacity = Number(path.getAttribute('stroke-opacity') ?? 1)
    const clear = opacity >= 0 && opacity < 1 && { opacity }
    const pressure = Float32Array.from((path.getAttribute('data-pressure') ?? '').match(NUMBERS) ?? [], Number)
    const isPressed = 2 * pressure.length === points.length && pressure.every((share) => share >= 0 && share <= 1)
    const own = path.classList.contains('ink') ? undefined : colour
    return [{ points, width, colour: own, ...clear, ...(isPressed && { pressure }) }]
  })
}

const NUMBERS = /-?\d+(\.\d+)?/g

/** The colours and locks of `base`, on strokes that a run has moved: `order` says which stroke each one was. */
export function dressed(strokes: Strokes, base: Drawing, order?: readonly number[]): Drawing {
  const count = strokes.widths.length
  const { painted } = base
  if (base.strokes.widths.length !== count) return { strokes, locked: [], ...(painted && { painted }) }
  const was = order ?? Array.from({ length: count }, (_, i) => i)
  const marks = marksOf(base, was)
  const { colors } = base.strokes
  const pressures = pressuresOf(base.strokes, strokes, was)
  const coloured = colors && !strokes.colors && { colors: picked(colors, was, 4) }
  return { strokes: { ...strokes, ...coloured, ...(pressures && { pressures }) }, ...marks }
}

/** The pressure of strokes that have moved, where each has as many points as it had. */
function pressuresOf(base: Strokes, strokes: Strokes, was: readonly number[]): Strokes['pressures'] {
  if (!base.pressures) return undefined
  const before = strokesOf(base)
  const pressed = strokesOf(strokes).map((stroke, i) => ({ ...stroke, pressure: before[was[i]!]?.pressure }))
  const fits = pressed.every(({ points, pressure }) => 2 * (pressure?.length ?? 0) === points.length)
  return fits ? joined(pressed).pressures : undefined
}

/**
 * What is known of a drawing besides its strokes once others stand in their places, of which `was` says which one each of
 * them was: those that are locked, and the user's own.
 */
export function marksOf({ locked, own, painted }: Drawing, was: readonly number[]): Omit<Drawing, 'strokes'> {
  const now = (marked: readonly number[]): number[] => was.flatMap((before, i) => (marked.includes(before) ? [i] : []))
  return { locked: now(locked), ...(own && { own: now(own) }), ...(painted && { painted }) }
}

/** Groups of `size` numbers, those of `indices` in that order. */
export function picked(numbers: Float32Array, indices: readonly number[], size: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(indices.flatMap((i) => [...numbers.subarray(size * i, size * (i + 1))]))
}

function hex(colour: Float32Array): string {
  return `#${Array.from(colour.subarray(0, 3), (part) => byte(part).toString(16).padStart(2, '0')).join('')}`
}

function rgba(colour: string, opacity = 1): number[] {
  return [...rgbOf(colour), opacity]
}

const byte = (part: number): number => Math.round(255 * Math.min(1, Math.max(0, part)))
const round = (value: number): number => Math.round(value * 100) / 100
