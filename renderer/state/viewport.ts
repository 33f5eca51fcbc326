import type { Rectangle } from '../../main/api.ts'
import type { Point } from './mask.ts'

/** Where the canvas lies in the window: a pixel is `scale` · unit + (x, y). */
export interface Viewport {
  readonly scale: number
  readonly x: number
  readonly y: number
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Pixels that are left free around the page when all of it is shown. */
export interface Margins {
  readonly side: number
  readonly top: number
  readonly foot: number
}

const LEAST_SCALE = 0.5
const MOST_SCALE = 64

/** All of `frame` in the middle of what the margins leave of the window. */
export function fitted(frame: Rectangle, window: Size, { side, top, foot }: Margins): Viewport {
  const room = { width: window.width - 2 * side, height: window.height - top - foot }
  const scale = within(Math.min(room.width / frame.width, room.height / frame.height))
  return {
    scale,
    x: window.width / 2 - scale * (frame.x + frame.width / 2),
    y: (top + window.height - foot) / 2 - scale * (frame.y + frame.height / 2),
  }
}

/** Larger by `factor`, and the pixel `at` stays where it is. */
export function zoomed({ scale, x, y }: Viewport, at: Point, factor: number): Viewport {
  const next = within(scale * factor)
  const ratio = next / scale
  return { scale: next, x: at.x - ratio * (at.x - x), y: at.y - ratio * (at.y - y) }
}

export const panned = (viewport: Viewport, dx: number, dy: number): Viewport => ({
  ...viewport,
  x: viewport.x + dx,
  y: viewport.y + dy,
})

/** Moved back until `least` pixels of `frame` are in sight, across and down. */
export function inSight(viewport: Viewport, frame: Rectangle, window: Size, least: number): Viewport {
  const { x, y, width, height } = toWindow(viewport, frame)
  const back = (at: number, length: number, room: number): number =>
    Math.min(room - least, Math.max(least - length, at)) - at
  return panned(viewport, back(x, width, window.width), back(y, height, window.height))
}

/** A pixel of the window → a point of the canvas. */
export const toCanvas = ({ scale, x, y }: Viewport, pixel: Point): Point => ({
  x: (pixel.x - x) / scale,
  y: (pixel.y - y) / scale,
})

/** A rectangle of the canvas → pixels of the window. */
export const toWindow = ({ scale, x, y }: Viewport, rectangle: Rectangle): Rectangle => ({
  x: scale * rectangle.x + x,
  y: scale * rectangle.y + y,
  width: scale * rectangle.width,
  height: scale * rectangle.height,
})

const within = (scale: number): number => Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale))
