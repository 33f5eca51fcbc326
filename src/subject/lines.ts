import { continued, type Frame, type Photo } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { featuresFrom, findDots } from './dots.ts'
import type { Sight } from './eye.ts'
import type { Face } from './faces.ts'
import { clarityIn, featuresOf, type Feature } from './features.ts'
import { bilinear, blur, highestAround } from './filters.ts'
import { type Grid, sumAround } from './grid.ts'
import type { Selection } from './mask.ts'
import { magnitudeOf, structureTensor, type StructureTensor } from './structure.ts'

/** Where an illustrator might draw a line, how much it matters there, and which way it runs. */
export interface LineField {
  /** [CANVAS·CANVAS] 0..1: edge strength gathered along the edge; highest on the edge itself. */
  strength: Float32Array
  /** A vector along the line at every pixel (unit length, sign arbitrary). */
  tangentX: Float32Array
  tangentY: Float32Array
  /** What is known of faces, and eyes without any, rather than followed along edges. */
  features: Feature[]
}

/** Sigma in canvas units of the edges looked for: finer than a stroke is wide is texture. */
const EDGE_SIGMA = 1.75
/** Sigma in which the eye's lines show their direction. */
const LINE_SIGMA = 1
/** Over how wide a neighbourhood edges agree on a direction. */
const FLOW_SIGMA = 2
/** What has a say in it where there is no line, next to a line that is certain. */
const ANYWHERE = 0.01
/** How far along the flow strength is gathered: a line is what goes on. */
const GATHER_LENGTH = 2
/** What a step of colour alone counts for, next to the same step in lightness. */
const CHROMA = 0.3
/** A photo in which nothing is as much of a step as this (three of 255 levels) is blank. */
const BLANK = 3 / 255
/** Gaps in the outline of what was selected are closed: they count for what is seen of it within so many units, … */
const GAP_AROUND = 17
/** … times this, and at least for this, next to a line that is certain. */
const GAP_GAIN = 1.3
const GAP = 0.3
/** On a plain background edges and the eye judge together: what the eye alone sees counts for this, … */
const SEEN = 0.3
/** … the outline alone for this: it is drawn even where the photo is flat, … */
const FAINT_OUTLINE = 0.1
/** … and edges for at least this, where the eye sees none; they count fully where it sees this much of a line. */
const UNSEEN = 0.75
const LINE = 0.1
/** How much of a line's strength it has only where an edge is as steep as any within so many units across it. */
const ON_EDGE = 0.25
const WIDTH = 2
/** What lines count for within a figure, next to its outline, and how far from where that was cut, in units, it may run. */
const WITHIN = 0.55
const BESIDE = 3
/** Strength to this power is what a line counts for: faint parts of an outline belong to it. */
const FAINT = 0.5
/** What an edge has to say about the direction of a line, next to the line itself; and what the outline has. */
const EDGE_FLOW = 1
const OUTLINE_FLOW = 0.5
/** So close to the photo's border, in units, a line that runs along it is the border's. */
const BORDER = 7
/** Strokes keep so far from it, in units. */
const ASIDE = 2
/** How far around it, in units, lines are looked for that make a line one of many: the square of this radius, twice. */
const CROWD = 24
/** How much lines outside the subject count. */
const BACKGROUND = 0.06
/** An edge of the subject is looked for this far beyond it, in units, so that no side of the edge is cut off. */
const MARGIN = 4

/**
 * The coherent, subject-weighted line field of a photo: the lines that the eye sees, and the outline of what was selected,
 * whose gaps are closed. On a plain background edges are as clean as can be, and count by themselves. After the idea of
 * Kang et al. 2007 (Coherent Line Drawing) lines agree on a flow with their neighbours, and strength is gathered along that
 * flow. The photo's padding is no edge. What an illustrator knows of faces is added to what is found in them, and so are dots,
 * for edges are looked for too coarsely to show them.
 */
export function lineField(
  photo: Photo,
  { mask, plain }: Selection,
  { lines }: Sight,
  faces: readonly Face[] = [],
): LineField {
  const planes = opponentPlanes(continued(photo.image, photo.frame).data)
  const edges = changesOf(planes, EDGE_SIGMA)
  const outline = changesOf([continued(mask, photo.frame).data], EDGE_SIGMA)
  const slopes = magnitudeOf(edges)
  const contour = magnitudeOf(outline).map((slope) => Math.min(1, slope * STEP))
  // Whatever eye and edges make of a blank photo is made up.
  const [seen, steps] = isBlank(slopes) ? [plane(), plane()] : [lines, slopes]
  const likely = plain ? onPlain(seen, steps, contour) : standingOut(closed(onEdges(seen, steps), contour))
  const flow = flowOf(
    [
      [changesOf([seen], LINE_SIGMA), 1],
      [edges, EDGE_FLOW],
      [outline, OUTLINE_FLOW],
    ],
    likely,
  )
  const strength = gatherAlong(likely, flow)
  if (!plain) preferOutline(strength, contour)
  weigh(strength, mask.data)
  clearBorder(strength, flow, photo.frame)
  const highest = strength.reduce((a, b) => Math.max(a, b), 0)
  if (highest > 0) for (let i = 0; i < strength.length; i++) strength[i]! /= highest
  // Who has a face has eyes in it: dots elsewhere are buttons.
  const features =
    faces.length > 0
      ? faces.flatMap((face) => knownOf(face, strength, mask.data, photo.frame))
      : featuresFrom(findDots(planes[0]!, mask.data))
  for (const i of features.flatMap(pixelsOf)) strength[i] = 1
  return { strength, ...flow, features }
}

/** Sigma in units of the edges that are looked for behind a subject: only what is large there is drawn. */
const LARGE = 3
/** A line behind ends so many units before the subject: what is in front stands free. */
const FREE = 6

/**
 * The lines of what is behind a subject [CANVAS, CANVAS], and none of the subject itself: edges of what is large, next to the
 * strongest edge of the photo. The eye sees none there, because it looks at what is in front.
 */
export function linesBehind(photo: Photo, subject: Tensor): LineField {
  const edges = changesOf(opponentPlanes(continued(photo.image, photo.frame).data), LARGE)
  const steepness = magnitudeOf(edges)
  const highest = steepness.reduce((a, b) => Math.max(a, b), 0) || 1
  const likely = steepness.map((edge) => edge / highest)
  const flow = flowOf([[edges, 1]], likely)
  const near = blur(highestAround(subject.data, CANVAS, FREE), CANVAS, 1)
  const strength = gatherAlong(likely, flow).map((s, i) => s * (1 - Math.min(1, near[i]!)))
  clearBorder(strength, flow, photo.frame)
  return { strength, ...flow, features: [] }
}

/** √(2π) sigma: a step of 1 has one over this as its steepest slope once it is blurred. */
const STEP = Math.sqrt(2 * Math.PI) * EDGE_SIGMA

/** Planes here are as large as the canvas. */
const WHOLE: Grid = { width: CANVAS, height: CANVAS }

/** Whether there is nothing to be seen. */
const isBlank = (slopes: Float32Array): boolean => slopes.every((slope) => slope * STEP < BLANK)

/** Edges on a plain background, next to the strongest; shade and texture, in which the eye sees no line, count for less. */
function onPlain(lines: Float32Array, edges: Float32Array, contour: Float32Array): Float32Array {
  const highest = edges.reduce((a, b) => Math.max(a, b), 1e-9)
  const near = highestAround(lines, CANVAS, 1)
  return edges.map((edge, i) => {
    const trust = UNSEEN + (1 - UNSEEN) * Math.min(1, near[i]! / LINE)
    return Math.max(SEEN * lines[i]!, (trust * edge) / highest, FAINT_OUTLINE * contour[i]!)
  })
}

/** The lines that the eye sees are some units wide; the edges under them say where in that width they run. */
function onEdges(lines: Float32Array, edges: Float32Array): Float32Array {
  const steepest = highestAround(edges, CANVAS, WIDTH)
  return lines.map((line, i) => line * (1 - ON_EDGE + (ON_EDGE * edges[i]!) / (steepest[i]! + 1e-9)))
}

/** The lines with the gaps of an outline closed, as far as it is seen beside them. */
function closed(lines: Float32Array, contour: Float32Array): Float32Array {
  const near = highestAround(lines, CANVAS, WIDTH)
  const seen = sumAround(
    near.map((line, i) => line * contour[i]!),
    WHOLE,
    GAP_AROUND,
  )
  const all = sumAround(contour, WHOLE, GAP_AROUND)
  return lines.map((line, i) => Math.max(line, contour[i]! * Math.max(GAP, (GAP_GAIN * seen[i]!) / (all[i]! + 1e-6))))
}

/**
 * A line among many others is texture, and counts for less by what there is of lines around it; after the inhibition by
 * surroundings of Grigorescu, Petkov and Westenberg 2003 (Contour Detection Based on Nonclassical Receptive Field Inhibition).
 */
function standingOut(lines: Float32Array): Float32Array {
  const spread = (values: Float32Array): Float32Array => sumAround(sumAround(values, WHOLE, CROWD), WHOLE, CROWD)
  const around = spread(lines)
  const counts = spread(plane().fill(1))
  return lines.map((line, i) => Math.max(0, line - around[i]! / counts[i]!))
}

/** The outline of the figure comes first, however faint it is; what is within it is drawn when there are strokes left. */
function preferOutline(strength: Float32Array, contour: Float32Array): void {
  const near = highestAround(contour, CANVAS, BESIDE)
  strength.forEach((here, i) => (strength[i] = here ** FAINT * (WITHIN + (1 - WITHIN) * near[i]!)))
}

/**
 * The features of a face that lie within the photo, if they belong to the subject (0..1 a pixel). They take the place of
 * the edges found in it.
 */
function knownOf(face: Face, strength: Float32Array, subject: Float32Array, frame: Frame): Feature[] {
  const features = featuresOf(face).filter((lines) =>
    lines.every(({ x, y }) => x.every((u, k) => isInside(frame, u, y[k]!))),
  )
  const pixels = features.flatMap(pixelsOf)
  if (pixels.reduce((sum, i) => sum + subject[i]!, 0) < pixels.length / 2) return []
  const clarity = clarityIn(face)
  strength.forEach((s, i) => (strength[i] = s * clarity((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5)))
  return features
}

/** The pixels that the lines of a feature run through. */
function pixelsOf(lines: Feature): number[] {
  return lines.flatMap(({ x, y }) => x.map((u, k) => Math.floor(y[k]!) * CANVAS + Math.floor(u)))
}

/** Where, in `sigma` units around, planes of the canvas change. */
function changesOf(planes: readonly Float32Array[], sigma: number): StructureTensor {
  return structureTensor(
    planes.map((sharp) => blur(sharp, CANVAS, sigma)),
    CANVAS,
  )
}

function plane(): Float32Array {
  return new Float32Array(CANVAS * CANVAS)
}

/** Vectors along the line at every pixel. */
type Flow = Pick<LineField, 'tangentX' | 'tangentY'>

/** The direction in which several things together, each with its weight, change least: along the line, as `lines` say where. */
function flowOf(parts: readonly (readonly [StructureTensor, weight: number])[], lines: Float32Array): Flow {
  const total: StructureTensor = { xx: plane(), xy: plane(), yy: plane() }
  for (const [{ xx, xy, yy }, weight] of parts) {
    const all = xx.reduce((sum, value, i) => sum + (value + yy[i]!) * (lines[i]! + ANYWHERE), 1e-9)
    for (let i = 0; i < xx.length; i++) {
      const share = (weight * (lines[i]! + ANYWHERE)) / all
      total.xx[i]! += share * xx[i]!
      total.xy[i]! += share * xy[i]!
      total.yy[i]! += share * yy[i]!
    }
  }
  const [xx, xy, yy] = [total.xx, total.xy, total.yy].map((values) => blur(values, CANVAS, FLOW_SIGMA)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const angles = xx.map((v, i) => 0.5 * Math.atan2(2 * xy[i]!, v - yy[i]!))
  return { tangentX: angles.map((angle) => -Math.sin(angle)), tangentY: angles.map(Math.cos) }
}

/** Lines outside the subject (0..1 a pixel) count for this much only. */
function weigh(strength: Float32Array, subject: Float32Array): void {
  const near = blur(highestAround(subject, CANVAS, MARGIN), CANVAS, 1)
  for (let i = 0; i < strength.length; i++) strength[i]! *= BACKGROUND + (1 - BACKGROUND) * near[i]!
}

/** Lightness and two opponent colours of [3, CANVAS, CANVAS]. */
function opponentPlanes(image: Float32Array): Float32Array[] {
  const pixels = CANVAS * CANVAS
  const lightness = new Float32Array(pixels)
  const redGreen = new Float32Array(pixels)
  const yellowBlue = new Float32Array(pixels)
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = [image[i]!, image[pixels + i]!, image[2 * pixels + i]!]
    lightness[i] = 0.299 * r + 0.587 * g + 0.114 * b
    redGreen[i] = (CHROMA * (r - g)) / 2
    yellowBlue[i] = (CHROMA * ((r + g) / 2 - b)) / 2
  }
  return [lightness, redGreen, yellowBlue]
}

/** Averages strength along the flow, both ways from every pixel, as far as the flow keeps its direction. */
function gatherAlong(magnitude: Float32Array, { tangentX, tangentY }: Flow): Float32Array {
  const highest = magnitude.reduce((a, b) => Math.max(a, b), 0)
  return magnitude.map((here, start) => {
    if (here < 0.01 * highest) return 0
    let sum = here
    let weights = 1
    for (const way of [1, -1]) {
      let i = start
      let x = (start % CANVAS) + 0.5
      let y = Math.floor(start / CANVAS) + 0.5
      let dx = way * tangentX[i]!
      let dy = way * tangentY[i]!
      for (let step = 1; step <= GATHER_LENGTH; step++) {
        x += dx
        y += dy
        if (x < 1 || y < 1 || x >= CANVAS - 1 || y >= CANVAS - 1) break
        i = Math.floor(y) * CANVAS + Math.floor(x)
        const turn = tangentX[i]! * dx + tangentY[i]! * dy
        const weight = Math.exp(-((step / GATHER_LENGTH) ** 2) * 2) * Math.abs(turn)
        sum += weight * bilinear(magnitude, CANVAS, x, y)
        weights += weight
        dx = Math.sign(turn) * tangentX[i]!
        dy = Math.sign(turn) * tangentY[i]!
      }
    }
    return sum / weights
  })
}

/** No line where its stroke would leave the photo, and none along its border: that is where the photo ends, nothing else. */
function clearBorder(strength: Float32Array, { tangentX, tangentY }: Flow, frame: Frame): void {
  for (let y = 0; y < CANVAS; y++) {
    for (let x = 0; x < CANVAS; x++) {
      const i = y * CANVAS + x
      if (!isInside(frame, x + 0.5, y + 0.5)) strength[i] = 0
      if (isBeside(x + 0.5, frame.x, frame.width, BORDER)) strength[i]! *= tangentX[i]! ** 2
      if (isBeside(y + 0.5, frame.y, frame.height, BORDER)) strength[i]! *= tangentY[i]! ** 2
    }
  }
}

/** Whether a stroke may run there. */
function isInside(frame: Frame, x: number, y: number): boolean {
  return !isBeside(x, frame.x, frame.width, ASIDE) && !isBeside(y, frame.y, frame.height, ASIDE)
}

/** Whether a place is within `aside` of one of the two ends of what begins at `from`, or beyond. */
function isBeside(at: number, from: number, length: number, aside: number): boolean {
  return at <= from + aside || at >= from + length - aside
}
