import type { LabPicture } from './lab.ts'
import { solve } from './linear.ts'
import { type Superpixels, superpixels } from './superpixels.ts'

const PATCHES = 250
/** Spreads of colour along a path, of place (in picture sizes) and of colour between neighbours. */
const PATH_SPREAD = 7
const PLACE_SPREAD = 0.4
const NEIGHBOUR_SPREAD = 10
const BACKGROUND_WEIGHT = 5
const LEAST_SMOOTHNESS = 0.1
/** The lower border says less than the others: people and animals often stand or sit across it. */
const BOTTOM = 0.25

/**
 * How likely each pixel is the subject's, 0..1, without any learning: what hangs together with much of the border
 * for its size is background, and the subject is what contrasts with that. (Zhu, Liang, Wei and Sun,
 * "Saliency Optimization from Robust Background Detection", CVPR 2014.)
 */
export function saliency(picture: LabPicture): Float32Array {
  const patches = superpixels(picture, PATCHES)
  const { count, label } = patches
  const colour = colourDistances(patches)
  const { neighbours, border } = adjacency(patches, picture)
  const background = backgroundWeights(pathDistances(colour, neighbours, border, count), border)
  const contrast = contrastWith(background, colour, patches, Math.max(picture.width, picture.height))
  const smooth = smoothed(contrast, background, colour, neighbours)
  const perPixel = new Float32Array(label.length)
  label.forEach((k, i) => (perPixel[i] = smooth[k]!))
  return perPixel
}

function colourDistances({ means, count }: Superpixels): Float64Array {
  const distances = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const dL = means[5 * i]! - means[5 * j]!
      const da = means[5 * i + 1]! - means[5 * j + 1]!
      const db = means[5 * i + 2]! - means[5 * j + 2]!
      distances[i * count + j] = Math.sqrt(dL * dL + da * da + db * db)
    }
  }
  return distances
}

/** Which patches touch (1 in a count × count table), and how much of a border each holds, 0..1. */
function adjacency({ label, count }: Superpixels, { width, height }: LabPicture) {
  const neighbours = new Uint8Array(count * count)
  const border = new Float32Array(count)
  const join = (a: number, b: number): void => {
    neighbours[a * count + b] = neighbours[b * count + a] = 1
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const k = label[y * width + x]!
      if (x + 1 < width) join(k, label[y * width + x + 1]!)
      if (y + 1 < height) join(k, label[(y + 1) * width + x]!)
      if (y === height - 1) border[k] = Math.max(border[k]!, BOTTOM)
      if (x === 0 || y === 0 || x === width - 1) border[k] = 1
    }
  }
  return { neighbours, border }
}

/** Least sum of colour differences on a way from patch to patch; patches on the border count as neighbours. */
function pathDistances(colour: Float64Array, neighbours: Uint8Array, border: Float32Array, count: number) {
  // Steps that even patches of one thing make are free, else a long way through one thing would cost much.
  let free = 0
  for (let i = 0; i < count; i++) {
    let least = Infinity
    for (let j = 0; j < count; j++)
      if (j !== i && neighbours[i * count + j]) least = Math.min(least, colour[i * count + j]!)
    if (least < Infinity) free += least / count
  }
  const paths = new Float64Array(count * count).fill(Infinity)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const joined = neighbours[i * count + j] || (border[i] && border[j])
      if (joined) paths[i * count + j] = Math.max(0, colour[i * count + j]! - free)
    }
    paths[i * count + i] = 0
  }
  // Floyd and Warshall.
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < count; i++) {
      const toK = paths[i * count + k]!
      if (toK === Infinity) continue
      for (let j = 0; j < count; j++) {
        const through = toK + paths[k * count + j]!
        if (through < paths[i * count + j]!) paths[i * count + j] = through
      }
    }
  }
  return paths
}

/** 0..1: the length of border that hangs together with a patch, over the root of the area that does. */
function backgroundWeights(paths: Float64Array, border: Float32Array): Float64Array {
  const count = border.length
  return Float64Array.from(border, (_, i) => {
    let area = 0
    let length = 0
    for (let j = 0; j < count; j++) {
      const belongs = Math.exp(-(paths[i * count + j]! ** 2) / (2 * PATH_SPREAD ** 2))
      area += belongs
      length += belongs * border[j]!
    }
    return 1 - Math.exp(-(length * length) / (2 * area))
  })
}

/** 0..1: how much each patch differs in colour from the background patches, near ones counting more. */
function contrastWith(background: Float64Array, colour: Float64Array, { means, count }: Superpixels, size: number) {
  const contrast = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const away = Math.hypot(means[5 * i + 3]! - means[5 * j + 3]!, means[5 * i + 4]! - means[5 * j + 4]!) / size
      contrast[i]! += colour[i * count + j]! * background[j]! * Math.exp(-(away ** 2) / (2 * PLACE_SPREAD ** 2))
    }
    contrast[i]! *= 1 - background[i]!
  }
  const most = Math.max(...contrast, 1e-9)
  return contrast.map((value) => value / most)
}

/** The least squares between "background is 0", "contrast is 1" and "neighbours of one colour are alike". */
function smoothed(contrast: Float64Array, background: Float64Array, colour: Float64Array, neighbours: Uint8Array) {
  const count = contrast.length
  const matrix = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    matrix[i * count + i]! += BACKGROUND_WEIGHT * background[i]! + contrast[i]! + 1e-6
    for (let j = 0; j < count; j++) {
      if (i === j || !neighbours[i * count + j]) continue
      const alike = Math.exp(-(colour[i * count + j]! ** 2) / (2 * NEIGHBOUR_SPREAD ** 2)) + LEAST_SMOOTHNESS
      matrix[i * count + i]! += alike
      matrix[i * count + j]! -= alike
    }
  }
  const values = solve(matrix, contrast)
  const most = Math.max(...values, 1e-9)
  return values.map((value) => Math.min(1, Math.max(0, value / most)))
}
