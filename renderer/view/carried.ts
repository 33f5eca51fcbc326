import type { Rectangle } from '../../main/api.ts'
import type { Point } from '../state/mask.ts'

/*
 * Strokes that a hand carries together. A look may have thousands of marks, and to paint them takes longer than a picture of the
 * screen lasts; so what moves is painted once, what rests beneath and above it as well, and both are laid on each other from then on.
 */

/** A stroke as far as carrying it goes. */
export interface Piece {
  /** How far it has moved since it was thought out, in canvas units. */
  readonly by: Point
  readonly colour: string
  /** All that is painted of it, in pixels of the element. */
  readonly box: () => Rectangle
}

/** Of a canvas element, or of a picture. */
export type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** What paints some of the pieces where they are, onto a picture whose corner lies at a pixel of the element. */
export type PaintSome = (context: Brush, pieces: readonly number[], corner: Point) => void

interface Layer {
  readonly pieces: readonly number[]
  readonly moves: boolean
  readonly picture: ImageBitmap
  readonly corner: Point
}

export interface Carried {
  /** Lays all of them where they are now; false where they don't move together any more. */
  lay(context: CanvasRenderingContext2D, now: readonly Piece[]): boolean
}

/** Of several colours, where one lies over the other matters: so many layers pay. */
const MOST_LAYERS = 6
/** Of a picture, in pictures of the whole element: what moves may be far larger than what is seen of it. */
const LARGEST = 2
/** As far, in canvas units, numbers of single precision are off. */
const SAME = 2e-3

/**
 * Lifts what moves: those that lie elsewhere than `before`, where all have to have been. `unit`: pixels of the element in a canvas
 * unit. Undefined where nothing is gained.
 */
export function lift(
  before: readonly (Point | undefined)[],
  start: readonly Piece[],
  element: { width: number; height: number },
  unit: number,
  paint: PaintSome,
): Carried | undefined {
  const moves = start.map(({ by }, i) => before[i] !== undefined && !isNear(by, before[i]))
  if (!before.every((place) => place !== undefined)) return undefined
  const first = moves.indexOf(true)
  if (first < 0) return undefined
  const runs = runsOf(start, moves)
  if (runs.length > MOST_LAYERS) return undefined
  const layers = runs.map((pieces) => layerOf(pieces, moves[pieces[0]!]!))
  if (!layers.every((layer) => layer !== undefined)) return undefined

  function layerOf(pieces: readonly number[], isMoving: boolean): Layer | undefined {
    const whole = { x: 0, y: 0, width: element.width, height: element.height }
    const { x, y, width, height } = isMoving ? around(pieces.map((i) => start[i]!.box())) : whole
    if (width * height > LARGEST * element.width * element.height) return undefined
    const canvas = new OffscreenCanvas(width, height)
    paint(canvas.getContext('2d')!, pieces, { x, y })
    // Of a canvas, all that was ever painted on it would be painted again.
    return { pieces, moves: isMoving, picture: canvas.transferToImageBitmap(), corner: { x, y } }
  }

  return {
    lay(context, now) {
      const way = difference(now[first]?.by ?? start[first]!.by, start[first]!.by)
      const isTogether = ({ by }: Piece, i: number): boolean =>
        start[i] !== undefined && isNear(difference(by, start[i].by), moves[i] ? way : HERE)
      if (now.length !== start.length || !now.every(isTogether)) return false
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.globalAlpha = 1
      for (const { picture, corner, moves } of layers) {
        const { x, y } = moves ? way : HERE
        context.drawImage(picture, Math.round(corner.x + unit * x), Math.round(corner.y + unit * y))
      }
      return true
    },
  }
}

/** Those that follow each other and rest or move alike. Of one colour, the order makes no difference. */
function runsOf(pieces: readonly Piece[], moves: readonly boolean[]): number[][] {
  const order = [...pieces.keys()]
  if (pieces.every(({ colour }) => colour === pieces[0]!.colour))
    order.sort((a, b) => Number(moves[a]) - Number(moves[b]))
  const runs: number[][] = []
  for (const i of order) {
    const last = runs.at(-1)
    if (last && moves[last[0]!] === moves[i]) last.push(i)
    else runs.push([i])
  }
  return runs
}

/** Around boxes, in whole pixels. */
function around(boxes: readonly Rectangle[]): Rectangle {
  const x = Math.floor(Math.min(...boxes.map((box) => box.x)))
  const y = Math.floor(Math.min(...boxes.map((box) => box.y)))
  const right = Math.ceil(Math.max(...boxes.map((box) => box.x + box.width)))
  const bottom = Math.ceil(Math.max(...boxes.map((box) => box.y + box.height)))
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) }
}

const HERE: Point = { x: 0, y: 0 }
const difference = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y })
const isNear = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < SAME && Math.abs(a.y - b.y) < SAME
