import { continued, DETAIL, type Frame, photoPixels } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'

/** The lines [CANVAS·CANVAS] 0..1 of a picture [3, CANVAS, CANVAS] 0..1. */
type Look = (picture: Float32Array) => Promise<{ lines: Float32Array }>

/** So near to the edge of a part, in its pixels, the eye sees too little of what is around, … */
const EDGE = 30
/** … and what it sees there counts for this at least, next to what it sees in the middle. */
const LEAST = 0.05

/**
 * The lines [CANVAS·CANVAS] 0..1 of a photo by looking at parts of its `detail` [3, DETAIL, DETAIL], each as large as the
 * canvas; they overlap, and together they are the photo. Where a pixel of the canvas holds several it is the clearest.
 */
export async function linesFromNear(detail: Tensor, frame: Frame, look: Look): Promise<Float32Array> {
  const whole = continued(detail, frame)
  const sum = new Float32Array(DETAIL * DETAIL)
  const weights = new Float32Array(DETAIL * DETAIL)
  for (const part of partsOf(frame)) {
    const { lines } = await look(cut(whole, part))
    lines.forEach((line, i) => {
      const [x, y] = [i % CANVAS, Math.floor(i / CANVAS)]
      const at = (part.y + y) * DETAIL + part.x + x
      const inward = Math.min(x, y, CANVAS - 1 - x, CANVAS - 1 - y)
      const weight = LEAST + Math.min(1, inward / EDGE)
      sum[at]! += weight * line
      weights[at]! += weight
    })
  }
  return clearest(sum.map((lines, i) => (weights[i]! > 0 ? lines / weights[i]! : 0)))
}

/** Where a part of the detail begins, in its pixels. */
interface Part {
  x: number
  y: number
}

/** One or two parts each way, as wide as the canvas: what is narrower lies in the middle of one. */
function partsOf(frame: Frame): Part[] {
  const { left, top, right, bottom } = photoPixels(frame, DETAIL)
  const starts = (from: number, to: number): number[] =>
    to - from <= CANVAS ? [Math.floor((from + to - CANVAS) / 2)] : [from, to - CANVAS]
  return starts(top, bottom).flatMap((y) => starts(left, right).map((x) => ({ x, y })))
}

/** A part [3, CANVAS, CANVAS] of the detail. */
function cut({ data }: Tensor, { x, y }: Part): Float32Array {
  const output = new Float32Array(3 * CANVAS * CANVAS)
  for (let row = 0; row < 3 * CANVAS; row++) {
    const [channel, down] = [Math.floor(row / CANVAS), row % CANVAS]
    const from = (channel * DETAIL + y + down) * DETAIL + x
    output.set(data.subarray(from, from + CANVAS), row * CANVAS)
  }
  return output
}

/** The highest of the two by two pixels of the detail that a pixel of the canvas shares in. */
function clearest(fine: Float32Array): Float32Array {
  const step = DETAIL / CANVAS
  return new Float32Array(CANVAS * CANVAS).map((_, i) => {
    const at = Math.floor(Math.floor(i / CANVAS) * step) * DETAIL + Math.floor((i % CANVAS) * step)
    return Math.max(fine[at]!, fine[at + 1]!, fine[at + DETAIL]!, fine[at + DETAIL + 1]!)
  })
}
