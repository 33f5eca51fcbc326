import type { Drawing, GreyImage, Rectangle } from '../../main/api.ts'
import { bent, changed, shifted, withStroke } from '../state/edit.ts'
import { brushed, evenly, everything, type Point, weighed } from '../state/mask.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { strokesOf } from '../state/strokes.ts'
import type { Tool } from '../state/look.svelte.ts'
import type { Paper } from './paper.ts'

/** What a pointer does between its going down and its coming up. Points are in canvas units. */
export interface Gesture {
  move(at: Point): void
  end(): void
}

export interface Place {
  readonly at: Point
  readonly shift: boolean
  /** How near is near enough, in canvas units. */
  readonly reach: number
}

type Begin = (studio: Studio, paper: Paper, place: Place) => Gesture

/** What each tool does; the hand moves the page, which is the stage's own affair. */
export const GESTURES: Readonly<Record<Exclude<Tool, 'hand'>, Begin>> = {
  select: beginSelect,
  pen: beginPen,
  point: beginPoint,
  'mask-add': (studio, _paper, { at }) => beginBrush(studio, at, true),
  'mask-remove': (studio, _paper, { at }) => beginBrush(studio, at, false),
  'lines-more': (studio, _paper, { at }) => beginWeighing(studio, at, true),
  'lines-less': (studio, _paper, { at }) => beginWeighing(studio, at, false),
}

function beginSelect(studio: Studio, paper: Paper, place: Place): Gesture {
  const { sketch } = studio
  const { at, shift, reach } = place
  const handle = handleAt(studio, at, reach)
  if (handle) return dragPoint(studio, place, handle.stroke, handle.point)
  const stroke = paper.strokeAt(at, reach)
  if (stroke === undefined) return dragBand(studio, paper, at, shift)
  if (shift) return toggle(studio, stroke)
  if (!sketch.selected.has(stroke)) sketch.select([stroke])
  return dragStrokes(studio, place)
}

/** A selected stroke's control point within reach. */
function handleAt({ sketch }: Studio, at: Point, reach: number): { stroke: number; point: number } | undefined {
  const strokes = strokesOf(sketch.drawing.strokes)
  for (const stroke of sketch.selected) {
    const points = strokes[stroke]?.points ?? []
    for (let point = 0; 2 * point < points.length; point++) {
      if (Math.hypot(points[2 * point]! - at.x, points[2 * point + 1]! - at.y) <= reach) return { stroke, point }
    }
  }
  return undefined
}

function dragPoint(studio: Studio, place: Place, stroke: number, point: number): Gesture {
  const before = studio.sketch.drawing
  return drag(studio, place, ({ x, y }) => changed(before, [stroke], studio.page.settings.colour, bent(point, x, y)))
}

function dragStrokes(studio: Studio, place: Place): Gesture {
  const { at: from } = place
  const { drawing, selected } = studio.sketch
  const ink = studio.page.settings.colour
  return drag(studio, place, ({ x, y }) => changed(drawing, selected, ink, shifted(x - from.x, y - from.y)))
}

/**
 * Shows a change while the pointer moves; it becomes one step of the history when the pointer comes up. A hand that
 * trembles in a click changes nothing.
 */
function drag({ sketch, commit }: Studio, { at: from, reach }: Place, change: (at: Point) => Drawing): Gesture {
  let next: Drawing | undefined
  return {
    move(at) {
      if (!next && Math.hypot(at.x - from.x, at.y - from.y) < reach / 2) return
      next = change(at)
      sketch.preview(next)
    },
    end: () => next && commit(next),
  }
}

function toggle({ sketch }: Studio, stroke: number): Gesture {
  const others = [...sketch.selected].filter((i) => i !== stroke)
  sketch.select(sketch.selected.has(stroke) ? others : [...others, stroke])
  return { move: () => undefined, end: () => undefined }
}

function dragBand({ sketch }: Studio, paper: Paper, from: Point, shift: boolean): Gesture {
  const before = shift ? [...sketch.selected] : []
  sketch.select(before)
  return {
    move(at) {
      const band = between(from, at)
      paper.drawBand(band)
      sketch.select([...before, ...paper.strokesIn(band)])
    },
    end: () => paper.drawBand(undefined),
  }
}

const between = (a: Point, b: Point): Rectangle => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
})

function beginPen(studio: Studio, { pen }: Paper, { at }: Place): Gesture {
  const { width, colour: ink } = studio.page.settings
  pen.begin(at, width, ink)
  return {
    move: pen.to,
    end() {
      const points = pen.end()
      if (!points) return
      const { sketch } = studio
      // On top of what is shown: of a sketch that is simplified, too.
      const index = sketch.shown.strokes.widths.length
      const { kept } = sketch
      studio.commit(withStroke(sketch.drawing, { points, width, colour: undefined }, index, ink), [index])
      if (kept !== undefined) sketch.kept = index + 1
    },
  }
}

/** A click takes what lies there; a pointer that moves on takes nothing. */
function beginPoint({ pointAt }: Studio, _paper: Paper, { at: from, shift, reach }: Place): Gesture {
  let moved = false
  return {
    move: (at) => (moved ||= Math.hypot(at.x - from.x, at.y - from.y) > reach),
    end: () => void (moved || pointAt(from, shift)),
  }
}

function beginBrush({ page, look, findSubject }: Studio, from: Point, add: boolean): Gesture {
  let last = from
  page.paint.begin()
  const to = (at: Point): void => {
    page.paint.stroke(brushed(page.mask ?? everything(), last, at, look.brush, add))
    last = at
  }
  to(from)
  return { move: to, end: () => void findSubject(page.mask ?? everything()) }
}

/** However often a stroke of the brush passes a place, lines count one step more or less there. */
function beginWeighing({ page, look, findSubject }: Studio, from: Point, more: boolean): Gesture {
  const before = page.emphasis ?? evenly()
  let touched: GreyImage = new Uint8Array(before.length)
  let last = from
  page.paint.begin()
  const to = (at: Point): void => {
    touched = brushed(touched, last, at, look.brush, true)
    page.paint.weigh(weighed(before, touched, more))
    last = at
  }
  to(from)
  return { move: to, end: () => void findSubject(page.wanted) }
}
