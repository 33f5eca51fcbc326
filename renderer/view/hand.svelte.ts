import type { Point } from '../state/mask.ts'
import { inHand, isBrush } from '../state/look.svelte.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { strokesOf } from '../state/strokes.ts'
import { toCanvas } from '../state/viewport.ts'
import { type Gesture, type Keys, type On, type Place, ruleFor, whatIsAt } from './gestures.ts'
import type { Paper } from './paper/paper.ts'
import { gripAt, pinchAt, wheelOn } from './pointers.ts'

/** How near to a line or a handle the pointer has to be, in pixels; a finger is not so exact. */
const REACH = { mouse: 7, touch: 16 }
const NO_KEYS: Keys = { shift: false, alt: false }
const NOTHING: On = { kind: 'paper' }

/** What is going on: something on the page, or the page itself, by one pointer or two. */
interface Action {
  move(to: Point, keys: Keys): void
  end(): void
  cancel(): void
  readonly everyMove?: boolean
}

/** Mouse, pen and fingers on the stage. Points are pixels of it. */
export function createHand(studio: Studio, paper: () => Paper | undefined) {
  const { camera, look, page, run, sketch } = studio
  /** Where a pen or a brush is. */
  let cursor = $state.raw<Point | undefined>()
  let under = $state.raw<On>(NOTHING)
  let action = $state.raw<Action | undefined>()
  const fingers = new Map<number, Point>()
  const wheel = wheelOn(camera)

  const tool = $derived(inHand(look))
  /** Whether the drawing can be edited; while it is drawn that pauses it. */
  const open = $derived(
    run.phase !== 'starting' && run.scrubbed === undefined && (!studio.retouching || tool === 'point'),
  )
  const unit = (): number => 1 / camera.viewport.scale

  function placeOf(at: Point, keys: Keys, reach: number): Place {
    const on = toCanvas(camera.viewport, at)
    const edits = tool === 'select' || tool === 'eraser'
    const what = edits && paper() ? whatIsAt(studio, paper()!, on, reach * unit(), unit()) : NOTHING
    return { at: on, on: what, reach: reach * unit(), ...keys }
  }
  function begin(press: 'drag' | 'double', at: Point, keys: Keys, reach: number): Gesture | undefined {
    const canvas = paper()
    if (!canvas || (!page.photo && sketch.count === 0) || (!open && !isBrush(tool))) return undefined
    const place = placeOf(at, keys, reach)
    const rule = ruleFor(press, tool, place)
    if (rule && !isBrush(tool)) studio.hold()
    return rule?.begin(studio, canvas, place)
  }
  /** A gesture speaks of the canvas. */
  function onCanvas(gesture: Gesture | undefined): Action | undefined {
    return gesture && { ...gesture, move: (to, keys) => gesture.move(toCanvas(camera.viewport, to), keys) }
  }
  function grip(at: Point): Action {
    return { ...gripAt(camera, at), end: () => undefined }
  }
  function pinch(): Action {
    const both = (): [Point, Point] => [...fingers.values()].slice(0, 2) as [Point, Point]
    const moving = pinchAt(camera, both())
    return { move: () => moving.move(both()), end: () => undefined, cancel: () => undefined }
  }
  function finish(how: 'end' | 'cancel'): void {
    const last = action
    action = undefined
    last?.[how]()
  }

  return {
    get cursor() {
      return cursor
    },
    get tool() {
      return tool
    },
    /** What the pointer is on, while nothing is going on. */
    get under() {
      return action ? NOTHING : under
    },
    get busy() {
      return action !== undefined
    },
    /** The line that a press would take. */
    get pointed() {
      if (action || !open || under.kind !== 'line') return undefined
      return strokesOf(sketch.drawing.strokes)[under.stroke]
    },
    down(event: PointerEvent, at: Point): boolean {
      const isTouch = event.pointerType === 'touch'
      if (isTouch) fingers.set(event.pointerId, at)
      if (fingers.size === 2) {
        // A line that the first finger began is none.
        finish('cancel')
        action = pinch()
        return true
      }
      if (fingers.size > 2 || action) return false
      if (tool === 'hand' || event.button === 1) action = grip(at)
      else if (event.button === 0) action = onCanvas(begin('drag', at, keysOf(event), reachOf(event)))
      return action !== undefined
    },
    move(event: PointerEvent, pixel: (event: PointerEvent) => Point): void {
      const at = pixel(event)
      cursor = at
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at)
      if (!action) under = open ? placeOf(at, NO_KEYS, reachOf(event)).on : NOTHING
      else for (const each of action.everyMove ? movesIn(event) : [event]) action.move(pixel(each), keysOf(each))
    },
    up(event: PointerEvent): void {
      const wasPinch = fingers.size === 2
      fingers.delete(event.pointerId)
      if (fingers.size === 0 || wasPinch) finish('end')
    },
    leave(): void {
      cursor = undefined
      under = NOTHING
    },
    double(event: MouseEvent, at: Point): void {
      begin('double', at, keysOf(event), REACH.mouse)?.end()
    },
    /** All is as it was before the pointer went down; false when it is not down. */
    cancel(): boolean {
      if (!action) return false
      finish('cancel')
      return true
    },
    wheel,
    /** Selects what lies there, so that a menu is about it. */
    menuAt(at: Point): Point {
      const { at: on, on: what } = placeOf(at, NO_KEYS, REACH.mouse)
      if (what.kind === 'line' && !sketch.selected.has(what.stroke)) sketch.select([what.stroke])
      return on
    },
    /** A pen or a brush without a pointer: carried, and set down or lifted. */
    carry(dx: number, dy: number): void {
      const { x, y } = whereItIs()
      cursor = { x: x + dx, y: y + dy }
      action?.move(cursor, NO_KEYS)
    },
    setDown(): void {
      cursor = whereItIs()
      if (action) finish('end')
      else action = onCanvas(begin('drag', cursor, NO_KEYS, REACH.mouse))
    },
  }
  function whereItIs(): Point {
    return cursor ?? { x: camera.size.width / 2, y: camera.size.height / 2 }
  }
}

export type Hand = ReturnType<typeof createHand>

const keysOf = (event: MouseEvent | PointerEvent): Keys => ({
  shift: event.shiftKey,
  alt: event.altKey,
  ...('pointerType' in event && event.pointerType === 'pen' && { pressure: event.pressure }),
})
const reachOf = ({ pointerType }: PointerEvent): number => (pointerType === 'touch' ? REACH.touch : REACH.mouse)

/** Between two frames a pointer may have moved many times; a pen and a brush want them all. Not every browser tells. */
function movesIn(event: PointerEvent): PointerEvent[] {
  const moves = 'getCoalescedEvents' in event ? event.getCoalescedEvents() : []
  return moves.length > 0 ? moves : [event]
}
