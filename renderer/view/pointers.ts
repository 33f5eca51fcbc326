import type { Studio } from '../state/studio.svelte.ts'
import type { Point } from '../state/mask.ts'

/*
 * What moves the page instead of what lies on it: the hand, two fingers, and the wheel. Points are pixels of the stage.
 */

type Camera = Studio['camera']

/** Turned so far, in pixels, a wheel makes the page e times as large; a pinch on a trackpad comes in smaller steps. */
const WHEEL = { turn: 400, pinch: 100 }
/** Between two events of one turn of the wheel, in milliseconds. */
const ONE_TURN = 200
/** A notch of a wheel is at least so many pixels; fingers on a trackpad begin with fewer. */
const NOTCH = 40

/** A hand that moves the page. */
export interface Grip {
  move(to: Point): void
  cancel(): void
}

export function gripAt(camera: Camera, from: Point): Grip {
  const before = camera.viewport
  return {
    move: (to) => camera.pan(to.x - from.x, to.y - from.y, before),
    cancel: () => camera.pan(0, 0, before),
  }
}

/** Two fingers: what lay under each of them stays there, as far as they keep their direction. */
export interface Pinch {
  move(fingers: readonly [Point, Point]): void
}

export function pinchAt(camera: Camera, fingers: readonly [Point, Point]): Pinch {
  let last = fingers
  return {
    move(now) {
      const [from, to] = [centreOf(last), centreOf(now)]
      camera.pan(to.x - from.x, to.y - from.y)
      camera.zoom(spread(now) / Math.max(1, spread(last)), to)
      last = now
    },
  }
}

/** A wheel zooms, and moves the page sideways with Shift; two fingers on a trackpad move the page, and zoom when pinched. */
export function wheelOn(camera: Camera): (event: WheelEvent, at: Point) => void {
  let isTrackpad = false
  let last = -ONE_TURN
  return ({ deltaX, deltaY, deltaMode, ctrlKey, shiftKey, timeStamp }, at) => {
    // What a turn began as it stays: a flick of two fingers becomes as fast as a wheel.
    if (timeStamp - last > ONE_TURN)
      isTrackpad = deltaMode === WheelEvent.DOM_DELTA_PIXEL && (deltaX !== 0 || Math.abs(deltaY) < NOTCH)
    last = timeStamp
    if (ctrlKey) camera.zoom(Math.exp(-deltaY / (isTrackpad ? WHEEL.pinch : WHEEL.turn)), at)
    else if (isTrackpad || shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) camera.pan(-deltaX, -deltaY)
    else camera.zoom(Math.exp(-deltaY / WHEEL.turn), at)
  }
}

const centreOf = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
const spread = ([a, b]: readonly [Point, Point]): number => Math.hypot(a.x - b.x, a.y - b.y)
