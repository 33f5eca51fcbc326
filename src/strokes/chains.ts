import { bilinear } from '../subject/filters.ts'
import type { Line } from '../subject/features.ts'
import type { LineField } from '../subject/lines.ts'
import { CANVAS } from '../units.ts'
import { pixelsAround } from './pixels.ts'

/** A line of the photo; its strength is 0 across a bridged gap. */
export interface Chain extends Line {
  /** Its end meets its beginning. */
  closed: boolean
  /** It is known rather than found, of the feature with this number, and drawn as it is. */
  known?: number
}

/** A line begins where the field is at least this strong … */
const BEGIN = 0.2
/** … and goes on while it is at least this strong (shares of the strongest line). */
const GO_ON = 0.08
/** Gaps up to this many units are bridged where the line goes on in its direction. */
const LEAP = 8
/** Two lines closer than this are one: a pen cannot tell them apart. */
const APART = 2.2
/** A line this close to a known one is the known one, not quite where it is. */
const KNOWN = 4
/** Fewer points than this are a crumb. */
const CRUMB = 6

/**
 * Follows the crests of the field from the strongest point down into chains: each step goes along the flow and then
 * back onto the crest, so that a chain has sub-pixel places and runs straight through junctions. `sensitivity` > 1
 * also finds weaker lines. The known lines come last.
 */
export function findChains(field: LineField, sensitivity = 1): Chain[] {
  const owner = new Int32Array(CANVAS * CANVAS).fill(-1)
  const known = field.features.flatMap((lines, known) =>
    lines.map((line): Chain => ({ ...line, closed: false, known })),
  )
  for (const chain of known) markAround(chain, KNOWN, owner, 0)
  const chains: Chain[] = []
  for (const seed of crestPixels(field, BEGIN / sensitivity)) {
    if (owner[seed]! >= 0) continue
    const chain = chainThrough(field, seed, GO_ON / sensitivity, owner)
    if (chain.x.length < CRUMB) continue
    markAround(chain, APART, owner, chains.length)
    chains.push(chain)
  }
  return [...joinEnds(chains).map(smoothed), ...known]
}

/** Pixels on a crest at least `least` strong, the strongest first. */
function crestPixels({ strength, tangentX, tangentY }: LineField, least: number): number[] {
  const crest: number[] = []
  for (let y = 2; y < CANVAS - 2; y++) {
    for (let x = 2; x < CANVAS - 2; x++) {
      const i = y * CANVAS + x
      const here = strength[i]!
      if (here < least) continue
      const [nx, ny] = [-tangentY[i]!, tangentX[i]!]
      if (here < bilinear(strength, CANVAS, x + 0.5 + nx, y + 0.5 + ny)) continue
      if (here < bilinear(strength, CANVAS, x + 0.5 - nx, y + 0.5 - ny)) continue
      crest.push(i)
    }
  }
  return crest.sort((a, b) => strength[b]! - strength[a]!)
}

interface Walker {
  x: number
  y: number
  dx: number
  dy: number
}

function chainThrough(field: LineField, seed: number, least: number, owner: Int32Array): Chain {
  const x = (seed % CANVAS) + 0.5
  const y = Math.floor(seed / CANVAS) + 0.5
  const [dx, dy] = [field.tangentX[seed]!, field.tangentY[seed]!]
  const start = { x, y, strength: field.strength[seed]! }
  const ahead = follow(field, { x, y, dx, dy }, least, owner, [start])
  const back = ahead.closed
    ? { points: [], closed: true }
    : follow(field, { x, y, dx: -dx, dy: -dy }, least, owner, [...ahead.points.toReversed(), start])
  const points = [...back.points.reverse(), start, ...ahead.points]
  return {
    x: points.map((p) => p.x),
    y: points.map((p) => p.y),
    strength: points.map((p) => p.strength),
    closed: ahead.closed,
  }
}

interface Place {
  x: number
  y: number
  strength: number
}

/** Walks along a crest until it ends, meets another chain or `behind`, turns a corner, or comes back to where it began. */
function follow(
  field: LineField,
  from: Walker,
  least: number,
  owner: Int32Array,
  behind: readonly Place[],
): { points: Place[]; closed: boolean } {
  const points: Place[] = []
  let walker = from
  let sure = 0 // points up to here are on a line; the rest is a leap that may not land
  for (let step = 1; step <= 4 * CANVAS; step++) {
    const leaping = points.length - sure > 0
    const next = advance(field, walker, leaping)
    if (!next || owner[indexOf(next.x, next.y)]! >= 0) break
    const strength = bilinear(field.strength, CANVAS, next.x, next.y)
    const on = strength >= least
    points.push({ x: next.x, y: next.y, strength: on ? strength : 0 })
    if (on && (!leaping || agrees(field, next))) sure = points.length
    else if (points.length - sure > LEAP) break
    walker = next
    if (behind.length === 1 && step > 12 && Math.hypot(next.x - from.x, next.y - from.y) < 1.2) {
      return { points, closed: true }
    }
    if (meets(behind, points)) break
  }
  return { points: points.slice(0, sure), closed: false }
}

/** One unit along the flow, then back onto the crest; undefined at the border, or where the flow turns a corner. */
function advance(field: LineField, { x, y, dx, dy }: Walker, leaping: boolean): Walker | undefined {
  let direction = { dx, dy }
  if (!leaping) {
    const here = flowAt(field, x, y, dx, dy)
    const middle = flowAt(field, x + here.dx / 2, y + here.dy / 2, here.dx, here.dy)
    if (middle.dx * dx + middle.dy * dy < 0.75) return undefined
    direction = middle
  }
  let nx = x + direction.dx
  let ny = y + direction.dy
  if (!inside(nx, ny)) return undefined
  const aside = crestOffset(field, nx, ny, -direction.dy, direction.dx)
  nx -= direction.dy * aside
  ny += direction.dx * aside
  if (!inside(nx, ny)) return undefined
  const length = Math.hypot(nx - x, ny - y)
  // the heading follows slowly, so that one noisy pixel does not turn the walk
  const hx = 0.6 * direction.dx + (0.4 * (nx - x)) / length
  const hy = 0.6 * direction.dy + (0.4 * (ny - y)) / length
  const norm = Math.hypot(hx, hy)
  return { x: nx, y: ny, dx: hx / norm, dy: hy / norm }
}

/** The flow at a place, signed to go on as before. */
function flowAt(field: LineField, x: number, y: number, dx: number, dy: number): { dx: number; dy: number } {
  const i = indexOf(x, y)
  const sign = field.tangentX[i]! * dx + field.tangentY[i]! * dy < 0 ? -1 : 1
  return { dx: sign * field.tangentX[i]!, dy: sign * field.tangentY[i]! }
}

function agrees(field: LineField, { x, y, dx, dy }: Walker): boolean {
  const i = indexOf(x, y)
  return Math.abs(field.tangentX[i]! * dx + field.tangentY[i]! * dy) > 0.85
}

/** How far aside, at most half a unit, the crest lies along the normal: the peak of a parabola through three samples. */
function crestOffset({ strength }: LineField, x: number, y: number, nx: number, ny: number): number {
  const left = bilinear(strength, CANVAS, x - nx, y - ny)
  const here = bilinear(strength, CANVAS, x, y)
  const right = bilinear(strength, CANVAS, x + nx, y + ny)
  const bend = left - 2 * here + right
  const offset = bend < -1e-9 ? (0.5 * (left - right)) / bend : Math.sign(right - left)
  return Math.min(0.5, Math.max(-0.5, offset))
}

/** The last point comes near an earlier one, other than those it has just left. */
function meets(behind: readonly Place[], points: readonly Place[]): boolean {
  const last = points.at(-1)!
  const before = behind.length + points.length - 14
  const isNear = ({ x, y }: Place): boolean => (x - last.x) ** 2 + (y - last.y) ** 2 < APART ** 2
  return (
    behind.some((p, i) => i < before && isNear(p)) || points.some((p, i) => behind.length + i < before && isNear(p))
  )
}

function markAround(chain: Chain, reach: number, owner: Int32Array, id: number): void {
  chain.x.forEach((x, k) => pixelsAround(x, chain.y[k]!, reach, (pixel) => (owner[pixel] = id)))
}

/** How near two chain ends must lie to be joined; nearer ends may turn more sharply. */
const JOIN = 9

/** Joins chains end to end, the smoothest continuation first. A later step may still cut them at a corner. */
function joinEnds(chains: Chain[]): Chain[] {
  let joined = chains.filter((chain) => !chain.closed).map(withEnds)
  const closed = chains.filter((chain) => chain.closed)
  for (;;) {
    let best: { a: number; b: number; flipA: boolean; flipB: boolean; cost: number } | undefined
    for (let a = 0; a < joined.length; a++) {
      for (let b = a + 1; b < joined.length; b++) {
        for (const flipA of [false, true]) {
          for (const flipB of [false, true]) {
            const cost = joinCost(
              flipA ? joined[a]!.first : joined[a]!.last,
              flipB ? joined[b]!.last : joined[b]!.first,
            )
            if (cost < (best?.cost ?? 1)) best = { a, b, flipA, flipB, cost }
          }
        }
      }
    }
    if (!best) break
    const { a, b, flipA, flipB } = best
    const whole = concatenated(oriented(joined[a]!.chain, flipA), oriented(joined[b]!.chain, flipB))
    joined = [...joined.filter((_, i) => i !== a && i !== b), withEnds(whole)]
  }
  return [...closed, ...joined.map(closedIfEndsMeet)]
}

/** A chain, and its ends, which are looked at far more often than they change. */
interface WithEnds {
  chain: Chain
  first: End
  last: End
}

function withEnds(chain: Chain): WithEnds {
  return { chain, first: endOf(chain, false), last: endOf(chain, true) }
}

interface End {
  x: number
  y: number
  /** Outwards. */
  dx: number
  dy: number
}

function endOf({ x, y }: Chain, last: boolean): End {
  const at = last ? x.length - 1 : 0
  const inner = last ? Math.max(0, x.length - 7) : Math.min(x.length - 1, 6)
  const [dx, dy] = [x[at]! - x[inner]!, y[at]! - y[inner]!]
  const norm = Math.hypot(dx, dy) || 1
  return { x: x[at]!, y: y[at]!, dx: dx / norm, dy: dy / norm }
}

/** 0 for a perfect continuation; 1 or more where two ends should stay apart. */
function joinCost(a: End, b: End): number {
  const gx = b.x - a.x
  const gy = b.y - a.y
  const gap = Math.hypot(gx, gy)
  if (gap > JOIN) return Infinity
  const straight = -(a.dx * b.dx + a.dy * b.dy)
  if (gap < 1) return straight > -0.2 ? (1 - straight) / 2 : Infinity
  const towards = Math.min(a.dx * gx + a.dy * gy, -(b.dx * gx + b.dy * gy)) / gap
  const allowed = gap < 5 ? 0.1 : 0.7
  return towards > allowed && straight > (gap < 5 ? -0.2 : 0.5) ? gap / JOIN / 2 + (1 - straight) / 4 : Infinity
}

function oriented(chain: Chain, flip: boolean): Chain {
  if (!flip) return chain
  return { ...chain, x: chain.x.toReversed(), y: chain.y.toReversed(), strength: chain.strength.toReversed() }
}

function concatenated(a: Chain, b: Chain): Chain {
  const [ax, ay, bx, by] = [a.x.at(-1)!, a.y.at(-1)!, b.x[0]!, b.y[0]!]
  const between = Math.max(0, Math.round(Math.hypot(bx - ax, by - ay)) - 1)
  const at = (k: number): number => (k + 1) / (between + 1)
  const bridge = Array.from({ length: between }, (_, k) => ({ x: ax + at(k) * (bx - ax), y: ay + at(k) * (by - ay) }))
  return {
    x: [...a.x, ...bridge.map((p) => p.x), ...b.x],
    y: [...a.y, ...bridge.map((p) => p.y), ...b.y],
    strength: [...a.strength, ...bridge.map(() => 0), ...b.strength],
    closed: false,
  }
}

function closedIfEndsMeet({ chain, first, last }: WithEnds): Chain {
  if (chain.closed || chain.x.length < 24) return chain
  const cost = joinCost(last, first)
  if (cost >= 1) return chain
  const whole = concatenated(chain, { ...chain, x: [chain.x[0]!], y: [chain.y[0]!], strength: [chain.strength[0]!] })
  return { ...whole, closed: true }
}

/** Takes the pixel grid's tremor out of a chain; its ends stay. */
function smoothed(chain: Chain): Chain {
  const weights = [0.06, 0.24, 0.4, 0.24, 0.06]
  const smooth = (values: number[]): number[] =>
    values.map((v, k) => {
      if (k < 2 || k >= values.length - 2) return v
      return weights.reduce((sum, w, j) => sum + w * values[k + j - 2]!, 0)
    })
  return { ...chain, x: smooth(smooth(chain.x)), y: smooth(smooth(chain.y)) }
}

function indexOf(x: number, y: number): number {
  return Math.floor(y) * CANVAS + Math.floor(x)
}

function inside(x: number, y: number): boolean {
  return x >= 1 && y >= 1 && x < CANVAS - 1 && y < CANVAS - 1
}
