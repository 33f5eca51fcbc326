import { resized } from '../resize.ts'
import { tensor } from '../tensor.ts'
import type { Grid } from './grid.ts'

/** A walk takes steps of about so many pixels, to the left, right, up or down, … */
const STEP = 4
/** … and one over e times as often where a line of this strength lies between. */
const BARRIER = 0.1
/** A photo is left at least this often, next to a step without a line between, however much of its border the figure holds. */
const LEAST = 1e-6
/** What is left to explain when times are exact enough, as a share, and the most rounds until then. */
const INEXACT = 0.01
const ROUNDS = 200

/**
 * How enclosed each pixel is, next to the mean of all: how long a walk from there, that seldom crosses lines, goes on until it
 * leaves the photo. Where the figure reaches the border it is cut off there, and is not left. `lines` and `figure` are 0..1 a pixel.
 * After Jiang et al. 2013 (Saliency Detection via Absorbing Markov Chain).
 */
export function enclosure(lines: Float32Array, figure: Float32Array, grid: Grid): Float32Array {
  const steps = stepsOver(lines, figure, grid)
  const times = timesToLeave(steps)
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const relative = tensor(
    [steps.height, steps.width],
    Float32Array.from(times, (time) => time / mean),
  )
  return resized(relative, grid.height, grid.width).output.data
}

/** How often a walk takes each step from each of some places, row after row, next to one without a line between. */
interface Steps extends Grid {
  right: Float64Array
  down: Float64Array
  /** Out of the photo. */
  out: Float64Array
}

function stepsOver(lines: Float32Array, figure: Float32Array, grid: Grid): Steps {
  const width = Math.max(1, Math.round(grid.width / STEP))
  const height = Math.max(1, Math.round(grid.height / STEP))
  const [wide, high] = [grid.width / width, grid.height / height]
  const pixel = (x: number, y: number): number =>
    Math.floor((y + 0.5) * high) * grid.width + Math.floor((x + 0.5) * wide)
  const often = (x: number, y: number, toX: number, toY: number): number => {
    let line = 0
    for (let k = 0; k <= STEP; k++) {
      line = Math.max(line, lines[pixel(x + (k / STEP) * (toX - x), y + (k / STEP) * (toY - y))]!)
    }
    return Math.exp(-line / BARRIER)
  }
  const of = (value: (x: number, y: number) => number): Float64Array =>
    Float64Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)))
  return {
    width,
    height,
    right: of((x, y) => (x + 1 < width ? often(x, y, x + 1, y) : 0)),
    down: of((x, y) => (y + 1 < height ? often(x, y, x, y + 1) : 0)),
    out: of((x, y) => {
      const atBorder = x === 0 || y === 0 || x === width - 1 || y === height - 1
      return atBorder ? Math.max(LEAST, 1 - figure[pixel(x, y)]!) : 0
    }),
  }
}

/** How long a walk takes from each place, by conjugate gradients: as long as from its neighbours, and one step more. */
function timesToLeave(steps: Steps): Float64Array {
  const all = leaving(steps)
  const times = new Float64Array(all.length)
  const rest = new Float64Array(all.length).fill(1)
  const scaled = rest.map((value, i) => value / all[i]!)
  const way = scaled.slice()
  const change = new Float64Array(all.length)
  let left = dot(rest, scaled)
  const enough = INEXACT ** 2 * left
  for (let round = 0; round < ROUNDS && left > enough; round++) {
    walk(steps, all, way, change)
    const length = left / dot(way, change)
    for (let i = 0; i < all.length; i++) {
      times[i]! += length * way[i]!
      rest[i]! -= length * change[i]!
      scaled[i] = rest[i]! / all[i]!
    }
    const next = dot(rest, scaled)
    for (let i = 0; i < all.length; i++) way[i] = scaled[i]! + (next / left) * way[i]!
    left = next
  }
  return times
}

/** How often any step is taken from each place. */
function leaving({ width, right, down, out }: Steps): Float64Array {
  return out.map((often, i) => {
    const left = i % width > 0 ? right[i - 1]! : 0
    const up = i >= width ? down[i - width]! : 0
    return often + right[i]! + down[i]! + left + up
  })
}

/** Into `result` what each place has, as often as it is left, less what its neighbours have, as often as one goes there. */
function walk({ width, right, down }: Steps, all: Float64Array, values: Float64Array, result: Float64Array): void {
  for (let i = 0; i < values.length; i++) result[i] = all[i]! * values[i]!
  // There is no way to the right of the last column, and none down from the last row.
  for (let i = 0; i + 1 < values.length; i++) {
    result[i]! -= right[i]! * values[i + 1]!
    result[i + 1]! -= right[i]! * values[i]!
  }
  for (let i = 0; i + width < values.length; i++) {
    result[i]! -= down[i]! * values[i + width]!
    result[i + width]! -= down[i]! * values[i]!
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
