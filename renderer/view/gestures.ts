import type { Drawing, GreyImage, Rectangle } from '../../main/api.ts'
import type { Messages } from '../i18n/en.ts'
import { boxAround, partsOf, type Part, pulled } from '../state/box.ts'
import { bent, changed, shifted, withStrokes } from '../state/edit.ts'
import type { Tool } from '../state/look.svelte.ts'
import { brushed, evenly, everything, type Point, weighed } from '../state/mask.ts'
import { erased } from '../state/shaping.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { strokesOf } from '../state/strokes.ts'
import type { Paper } from './paper/paper.ts'
import { createTrail } from './trail.ts'

/*
 * Everything that a pointer does on the page: one table, read from top to bottom, of which the first rule that fits counts.
 * The list of shortcuts shows it as well.
 */

/** What a pointer does between its going down and its coming up. Points are in canvas units. */
export interface Gesture {
  move(at: Point, keys: Keys): void
  end(): void
  /** All is as it was before. */
  cancel(): void
  /** Every move counts, not only the last before a picture of the screen. */
  readonly everyMove?: true
}

/** Keys that are held down. */
export interface Keys {
  readonly shift: boolean
  readonly alt: boolean
  /** How hard a pen is pressed, 0..1; absent of what knows no pressure. */
  readonly pressure?: number
}

/** What lies under a pointer: a point of a bent line, a part of the box, a line, or nothing of it. */
export type On =
  | { readonly kind: 'point'; readonly stroke: number; readonly point: number }
  | { readonly kind: 'box'; readonly part: Part; readonly box: Rectangle }
  | { readonly kind: 'line'; readonly stroke: number }
  | { readonly kind: 'paper' }

export interface Place extends Keys {
  readonly at: Point
  readonly on: On
  /** How near is near enough, in canvas units. */
  readonly reach: number
}

type Begin = (studio: Studio, paper: Paper, place: Place) => Gesture

interface Rule {
  /** In the words of the list of shortcuts. */
  readonly does: keyof Messages['keys']['gestures']
  readonly press: 'drag' | 'double'
  /** With any tool when absent. */
  readonly tools?: readonly Tool[]
  /** Anywhere when absent. */
  readonly on?: On['kind']
  /** Whatever is held down when absent. */
  readonly with?: 'Shift' | 'Alt'
  readonly begin: Begin
}

export const GESTURES: readonly Rule[] = [
  { does: 'bend', press: 'double', tools: ['select'], on: 'line', begin: beginBending },
  { does: 'bendPoint', press: 'drag', tools: ['select'], on: 'point', begin: dragPoint },
  { does: 'reshape', press: 'drag', tools: ['select'], on: 'box', begin: dragBox },
  { does: 'duplicate', press: 'drag', tools: ['select'], on: 'line', with: 'Alt', begin: dragCopies },
  { does: 'selectMore', press: 'drag', tools: ['select'], on: 'line', with: 'Shift', begin: pickMore },
  { does: 'move', press: 'drag', tools: ['select'], on: 'line', begin: dragStrokes },
  { does: 'selectIn', press: 'drag', tools: ['select'], on: 'paper', begin: dragBand },
  { does: 'draw', press: 'drag', tools: ['pen'], begin: beginPen },
  { does: 'erase', press: 'drag', tools: ['eraser'], begin: beginEraser },
  { does: 'take', press: 'drag', tools: ['point'], begin: beginPoint },
  {
    does: 'weigh',
    press: 'drag',
    tools: ['lines-more'],
    begin: (studio, _, { at }) => beginWeighing(studio, at, true),
  },
  {
    does: 'unweigh',
    press: 'drag',
    tools: ['lines-less'],
    begin: (studio, _, { at }) => beginWeighing(studio, at, false),
  },
  { does: 'paint', press: 'drag', tools: ['mask-add'], begin: (studio, _, { at }) => beginBrush(studio, at, true) },
  {
    does: 'unpaint',
    press: 'drag',
    tools: ['mask-remove'],
    begin: (studio, _, { at }) => beginBrush(studio, at, false),
  },
]

/** The rule for a pointer that goes down. */
export function ruleFor(press: Rule['press'], tool: Tool, { on, shift, alt }: Place): Rule | undefined {
  const held = { Shift: shift, Alt: alt }
  return GESTURES.find(
    (rule) =>
      rule.press === press &&
      (rule.tools?.includes(tool) ?? true) &&
      (rule.on ?? on.kind) === on.kind &&
      (rule.with === undefined || held[rule.with]),
  )
}

/** What a pointer would take hold of. Lines are found by the paper, the rest by where it is. */
export function whatIsAt({ sketch }: Studio, paper: Paper, at: Point, reach: number, pixel: number): On {
  const strokes = strokesOf(sketch.drawing.strokes)
  const free = [...sketch.selected].filter((i) => !sketch.drawing.locked.includes(i) && i < strokes.length)
  const near = (p: Point): boolean => Math.hypot(p.x - at.x, p.y - at.y) <= reach
  if (sketch.bending) {
    for (const stroke of free) {
      const { points } = strokes[stroke]!
      for (let point = 0; 2 * point < points.length; point++) {
        if (near({ x: points[2 * point]!, y: points[2 * point + 1]! })) return { kind: 'point', stroke, point }
      }
    }
  } else {
    const box = boxAround(free.map((i) => strokes[i]!))
    const held = box && partsOf(box, pixel).find((each) => near(each.at))
    if (held) return { kind: 'box', part: held.part, box }
  }
  const stroke = sketch.visible[paper.strokeAt(at, reach) ?? -1]
  return stroke === undefined ? { kind: 'paper' } : { kind: 'line', stroke }
}

const NOTHING: Gesture = { move: () => undefined, end: () => undefined, cancel: () => undefined }

function beginBending({ sketch }: Studio, _: Paper, { on }: Place): Gesture {
  if (on.kind === 'line') sketch.bend(on.stroke)
  return NOTHING
}

function dragPoint(studio: Studio, _: Paper, place: Place): Gesture {
  const { on, at: from } = place
  if (on.kind !== 'point') return NOTHING
  const before = studio.sketch.drawing
  const ink = studio.page.settings.colour
  return drag(studio, place, (to, { shift }) => {
    const { x, y } = shift ? constrained(from, to) : to
    return changed(before, [on.stroke], ink, bent(on.point, x, y))
  })
}

function dragBox(studio: Studio, _: Paper, place: Place): Gesture {
  const { on, at: from } = place
  if (on.kind !== 'box') return NOTHING
  const { drawing, selected } = studio.sketch
  const ink = studio.page.settings.colour
  return drag(studio, place, (to, keys) => changed(drawing, selected, ink, pulled(on.part, on.box, from, to, keys)))
}

/** Selects the line, unless it is one of those selected already. */
function pick({ sketch }: Studio, on: On): void {
  if (on.kind === 'line' && !sketch.selected.has(on.stroke)) sketch.select([on.stroke])
}

function dragStrokes(studio: Studio, _: Paper, place: Place): Gesture {
  pick(studio, place.on)
  return carry(studio, place)
}

/** Moves what is selected. */
function carry(studio: Studio, place: Place): Gesture {
  const { at: from } = place
  const { drawing, selected } = studio.sketch
  const ink = studio.page.settings.colour
  return drag(studio, place, (to, { shift }) => {
    const { x, y } = shift ? along(from, to) : to
    return changed(drawing, selected, ink, shifted(x - from.x, y - from.y))
  })
}

/** A copy of what is selected, which stays where it was. */
function dragCopies(studio: Studio, _: Paper, place: Place): Gesture {
  pick(studio, place.on)
  const { at: from } = place
  const { sketch, page } = studio
  const { drawing } = sketch
  const copies = strokesOf(drawing.strokes).filter((_, i) => sketch.selected.has(i))
  let moved = copies
  const moving = drag(studio, place, (to, { shift }) => {
    const { x, y } = shift ? along(from, to) : to
    moved = copies.map(shifted(x - from.x, y - from.y))
    return withStrokes(drawing, moved, page.settings.colour)
  })
  return { ...moving, end: () => moved !== copies && studio.add(moved) }
}

/** A click adds a line to those selected or takes it from them; a drag moves them all. */
function pickMore(studio: Studio, _: Paper, place: Place): Gesture {
  const { sketch } = studio
  const { on } = place
  if (on.kind !== 'line') return NOTHING
  const { stroke } = on
  const others = [...sketch.selected].filter((i) => i !== stroke)
  const wasSelected = sketch.selected.has(stroke)
  sketch.select([...others, stroke])
  const moving = carry(studio, place)
  let isClick = true
  return {
    ...moving,
    move(at, keys) {
      moving.move(at, keys)
      isClick &&= !sketch.moving
    },
    end() {
      if (isClick && wasSelected) sketch.select(others)
      else moving.end()
    },
  }
}

/**
 * Shows a change while the pointer moves; it becomes one step of the history when the pointer comes up. A hand that
 * trembles in a click changes nothing.
 */
function drag(
  { sketch, commit }: Studio,
  { at: from, reach }: Place,
  change: (at: Point, keys: Keys) => Drawing,
): Gesture {
  let next: Drawing | undefined
  return {
    move(at, keys) {
      if (!next && Math.hypot(at.x - from.x, at.y - from.y) < reach / 2) return
      next = change(at, keys)
      sketch.preview(next)
    },
    end: () => next && commit(next),
    cancel: () => sketch.preview(undefined),
  }
}

function dragBand({ sketch }: Studio, paper: Paper, { at: from, shift }: Place): Gesture {
  const before = [...sketch.selected]
  const kept = shift ? before : []
  sketch.select(kept)
  return {
    move(at) {
      const band = between(from, at)
      paper.drawBand(band)
      sketch.select([...kept, ...paper.strokesIn(band).map((i) => sketch.visible[i]!)])
    },
    end: () => paper.drawBand(undefined),
    cancel() {
      paper.drawBand(undefined)
      sketch.select(before)
    },
  }
}

const between = (a: Point, b: Point): Rectangle => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
})

/** Only across or only down, whichever is farther. */
const along = (from: Point, { x, y }: Point): Point =>
  Math.abs(x - from.x) > Math.abs(y - from.y) ? { x, y: from.y } : { x: from.x, y }

/** In the nearest direction of those that are 45 degrees apart. */
function constrained(from: Point, to: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const angle = (Math.round((4 * Math.atan2(dy, dx)) / Math.PI) * Math.PI) / 4
  const far = dx * Math.cos(angle) + dy * Math.sin(angle)
  return { x: from.x + far * Math.cos(angle), y: from.y + far * Math.sin(angle) }
}

function beginPen({ page, sketch, add }: Studio, { simplified }: Paper, { at: from, pressure }: Place): Gesture {
  const looks = { width: page.settings.width, colour: undefined }
  const trail = createTrail(from, pressure)
  return {
    everyMove: true,
    move(at, { shift, pressure }) {
      if (shift) trail.straightTo(constrained(from, at))
      else trail.to(at, pressure)
      sketch.penned = { ...trail.line(), ...looks }
    },
    end() {
      sketch.penned = undefined
      const line = trail.end(simplified)
      if (line) add([{ ...line, ...looks }])
    },
    cancel: () => (sketch.penned = undefined),
  }
}

/** Rubs out what it touches, and leaves the rest of each line. */
function beginEraser({ sketch, look, page, commit }: Studio, _: Paper, { at: from }: Place): Gesture {
  const before = sketch.drawing
  let last = from
  let next = before
  const to = (at: Point): void => {
    next = erased(next, last, at, look.eraser, page.settings.colour)
    last = at
    if (next !== before) sketch.preview(next)
  }
  to(from)
  return {
    everyMove: true,
    move: to,
    end: () => next !== before && commit(next, []),
    cancel: () => sketch.preview(undefined),
  }
}

/** A click takes what lies there; a pointer that moves on takes nothing. */
function beginPoint({ pointAt }: Studio, _: Paper, { at: from, shift, reach }: Place): Gesture {
  let moved = false
  return {
    move: (at) => (moved ||= Math.hypot(at.x - from.x, at.y - from.y) > reach),
    end: () => void (moved || pointAt(from, shift)),
    cancel: () => undefined,
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
  return {
    everyMove: true,
    move: to,
    end: () => void findSubject(page.mask ?? everything()),
    cancel: () => page.paint.undo(),
  }
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
  return {
    everyMove: true,
    move: to,
    end: () => void findSubject(page.wanted),
    cancel: () => page.paint.undo(),
  }
}
