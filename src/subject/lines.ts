import { continued, type Frame, type Photo } from '../photo/photo.ts'
import { CANVAS } from '../units.ts'
import type { Face } from './faces.ts'
import { clarityIn, featuresOf, type Feature } from './features.ts'
import { bilinear, blur, highestAround } from './filters.ts'
import type { Selection } from './mask.ts'

/** Where an illustrator might draw a line, how much it matters there, and which way it runs. */
export interface LineField {
  /** [CANVAS·CANVAS] 0..1: edge strength gathered along the edge; highest on the edge itself. */
  strength: Float32Array
  /** A vector along the line at every pixel (unit length, sign arbitrary). */
  tangentX: Float32Array
  tangentY: Float32Array
  /** What is known of faces rather than found. */
  features: Feature[]
}

/** Sigma in canvas units of the edges looked for: finer than a stroke is wide is texture. */
const EDGE_SIGMA = 1.75
/** At this sigma, shading and the neighbourhood of stronger edges still show as strongly; an edge by itself fades. */
const SHADING_SIGMA = 4
/** How strongly shading fades: 0 is not at all, 1 as much as it shows at the coarser sigma. */
const SHADING_FADES = 0.7
/** Over how wide a neighbourhood edges agree on a direction. */
const FLOW_SIGMA = 2
/** How far along the flow strength is gathered: a line is what goes on. */
const GATHER_LENGTH = 2
/** What a step of colour alone counts for, next to the same step in lightness. */
const CHROMA = 0.3
/** What the subject's outline counts for, next to a step in lightness: it is drawn even where the photo is flat. */
const OUTLINE = 0.1
/** How much lines outside the subject count. */
const BACKGROUND = 0.06
/** An edge of the subject is looked for this far beyond it, in units, so that no side of the edge is cut off. */
const MARGIN = 4

/**
 * The coherent, subject-weighted line field of a photo, after the idea of Kang et al. 2007 (Coherent Line Drawing):
 * gradients agree on a flow with their neighbours, and strength is gathered along that flow, so that contours grow and
 * texture fades. Soft shading fades too: an illustrator draws the edge of a thing, not of its shade. The photo's padding
 * is no edge. What an illustrator knows of faces is added to what is found in them.
 */
export function lineField(photo: Photo, { mask, attention }: Selection, faces: readonly Face[] = []): LineField {
  const outline = continued(mask, photo.frame).data.map((v) => OUTLINE * v)
  const planes = [...opponentPlanes(continued(photo.image, photo.frame).data), outline]
  const gradients = structureTensor(planes, EDGE_SIGMA)
  const shading = magnitudeOf(structureTensor(planes, SHADING_SIGMA))
  const edges = magnitudeOf(gradients).map((edge, i) => edge * sharpness(edge, shading[i]!) ** SHADING_FADES)
  const { tangentX, tangentY } = flowOf(gradients)
  const strength = gatherAlong(edges, tangentX, tangentY)
  weigh(strength, attention ? mask.data.map((v, i) => v * attention.data[i]!) : mask.data)
  clearBorder(strength, photo)
  const highest = strength.reduce((a, b) => Math.max(a, b), 0)
  if (highest > 0) for (let i = 0; i < strength.length; i++) strength[i]! /= highest
  const features = faces.flatMap((face) => knownOf(face, strength, mask.data, photo.frame))
  return { strength, tangentX, tangentY, features }
}

/**
 * The features of a face that lie within the photo, if they belong to the subject (0..1 a pixel). They take the place of
 * the edges found in it.
 */
function knownOf(face: Face, strength: Float32Array, subject: Float32Array, frame: Frame): Feature[] {
  const features = featuresOf(face).filter((lines) =>
    lines.every(({ x, y }) => x.every((u, k) => isInside(frame, u, y[k]!))),
  )
  const pixels = features.flat().flatMap(({ x, y }) => x.map((u, k) => Math.floor(y[k]!) * CANVAS + Math.floor(u)))
  if (pixels.reduce((sum, i) => sum + subject[i]!, 0) < pixels.length / 2) return []
  const clarity = clarityIn(face)
  strength.forEach((s, i) => (strength[i] = s * clarity((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5)))
  for (const i of pixels) strength[i] = 1
  return features
}

/** Products of the gradient with itself, summed over planes: one symmetric 2×2 matrix a pixel. */
interface StructureTensor {
  xx: Float32Array
  xy: Float32Array
  yy: Float32Array
}

function structureTensor(planes: readonly Float32Array[], sigma: number): StructureTensor {
  const [xx, xy, yy] = [plane(), plane(), plane()]
  for (const smooth of planes.map((sharp) => blur(sharp, CANVAS, sigma))) {
    for (let y = 1; y < CANVAS - 1; y++) {
      for (let x = 1; x < CANVAS - 1; x++) {
        const i = y * CANVAS + x
        const gx = (smooth[i + 1]! - smooth[i - 1]!) / 2
        const gy = (smooth[i + CANVAS]! - smooth[i - CANVAS]!) / 2
        xx[i]! += gx * gx
        xy[i]! += gx * gy
        yy[i]! += gy * gy
      }
    }
  }
  return { xx, xy, yy }
}

function plane(): Float32Array {
  return new Float32Array(CANVAS * CANVAS)
}

/** The direction in which things change least: along the line. */
function flowOf({ xx, xy, yy }: StructureTensor): { tangentX: Float32Array; tangentY: Float32Array } {
  const [txx, txy, tyy] = [xx, xy, yy].map((values) => blur(values, CANVAS, FLOW_SIGMA)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const angles = txx.map((v, i) => 0.5 * Math.atan2(2 * txy[i]!, v - tyy[i]!))
  return { tangentX: angles.map((angle) => -Math.sin(angle)), tangentY: angles.map(Math.cos) }
}

/** Lines outside the subject (0..1 a pixel) count for little. */
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

/** The gradient where it is steepest: the root of the larger eigenvalue. */
function magnitudeOf({ xx, xy, yy }: StructureTensor): Float32Array {
  return xx.map((a, i) => Math.sqrt((a + yy[i]! + Math.hypot(a - yy[i]!, 2 * xy[i]!)) / 2))
}

/** 1 for a step, which is the steeper the closer one looks; less for a slope, which is as steep from afar. */
function sharpness(edge: number, shading: number): number {
  const step = (edge * EDGE_SIGMA) / SHADING_SIGMA
  return shading > step ? step / shading : 1
}

/** Averages strength along the flow, both ways from every pixel, as far as the flow keeps its direction. */
function gatherAlong(magnitude: Float32Array, tangentX: Float32Array, tangentY: Float32Array): Float32Array {
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

/** No line where its stroke would leave the photo. */
function clearBorder(strength: Float32Array, { frame }: Photo): void {
  for (let y = 0; y < CANVAS; y++) {
    for (let x = 0; x < CANVAS; x++) {
      if (!isInside(frame, x + 0.5, y + 0.5)) strength[y * CANVAS + x] = 0
    }
  }
}

/** Whether a stroke may run there. */
function isInside(frame: Frame, x: number, y: number): boolean {
  const margin = 2
  return (
    x > frame.x + margin &&
    y > frame.y + margin &&
    x < frame.x + frame.width - margin &&
    y < frame.y + frame.height - margin
  )
}
