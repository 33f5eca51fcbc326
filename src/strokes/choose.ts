import type { Chain } from './chains.ts'
import { curveLength } from './bezier.ts'
import { fitCubic, partOf, type Cubic } from './fit.ts'

/** A stroke shorter than this costs: it reads as a crumb. */
const SHORT = 22
const SHORT_COST = 3
/** What drawing a unit of nothing costs, next to the gain of a unit of the strongest line. */
const EMPTY_COST = 0.3
/** No stroke is looked for beyond this many points of a chain. */
const LONGEST = 330
/** How much shorter than its line a stroke is at either end, in units. */
const CAP = 1
/** So long, in units, a stroke stays nevertheless: none may be shorter than 4. */
const LEAST = 4.2
/** No more of its parameter is cut off at either end. */
const MOST_CUT = 0.16

/** How closely strokes are looked for. */
interface Care {
  /** About so many points lie between two places where a stroke may begin or end, which are spread evenly from end to end. */
  stride: number
  /** Points of a stretch, and rounds, that a fit takes while strokes are being chosen; the chosen ones are then fitted well. */
  samples: number
  rounds: number
  /** How far stretches stray that were fitted, by the x of their chain: the same lines are chosen from again and again. */
  fits?: WeakMap<readonly number[], Map<number, Float64Array>>
  /** After so many stretches in a row that are far from what a cubic draws, no longer ones are tried. */
  hopeless: number
  /** A chain gets no more strokes than gain something: it is not asked what so many that there are too many would gain. */
  enough?: boolean
}
/** To draw them, … */
const CLOSELY: Care = { stride: 3, samples: 24, rounds: 2, hopeless: 2, fits: new WeakMap() }
/** … or only to know what they would gain, twenty times as quickly. */
const ROUGHLY: Care = { stride: 9, samples: 9, rounds: 1, hopeless: 2, enough: true }

/** What one stroke along each stretch of a chain gains. */
interface Stretches {
  /** From node i to node j at place i · (number of nodes) + j; -Infinity where no cubic draws that tolerably. */
  gain: Float64Array
  /** The first node from which one comes to each. */
  earliest: Int32Array
}

/** A stretch that is drawn: some points of it, and what that gains. */
interface Stroke extends Points {
  gain: number
}

interface Points {
  x: Float64Array
  y: Float64Array
}

/**
 * The `count` cubics that together draw most of the chains: a stroke gains the strength of the line it follows, less
 * where it strays from it, up to `tolerance` units. Exact for the given chains: dynamic programming over where strokes
 * begin and end on each chain, then over how many strokes each chain gets. The lines of a feature get one each or none.
 * Returns fewer only when the chains are too short to hold them all. Strongest first.
 */
export function chooseStrokes(chains: readonly Chain[], count: number, tolerance: number): Chosen[] {
  const plans = plansFor(chains, count, tolerance, CLOSELY)
  const { counts } = allocate(
    plans.map(({ plan }) => plan.gains),
    count,
  )
  return plans
    .flatMap(({ known, plan }, p) => plan.strokes(counts[p]!).map((stretch) => ({ ...stretch, known })))
    .sort((a, b) => b.gain - a.gain)
    .map(({ x, y, known }) => ({ cubic: withRoomForCaps(fitCubic(x, y).cubic), ...(known !== undefined && { known }) }))
}

/**
 * What the best n strokes gain, for every n from 0 to `most` at once, in units of the strongest line: it never falls. Found
 * roughly, in milliseconds.
 */
export function gainsOfBest(chains: readonly Chain[], most: number, tolerance: number): Float64Array {
  const plans = plansFor(chains, most, tolerance, ROUGHLY)
  const { gains } = allocate(
    plans.map(({ plan }) => plan.gains),
    most,
  )
  for (let n = 1; n <= most; n++) gains[n] = Math.max(gains[n]!, gains[n - 1]!)
  return gains
}

function plansFor(chains: readonly Chain[], count: number, tolerance: number, care: Care) {
  return apart(chains).map((lines) => ({
    known: lines[0]!.known,
    plan: together(lines.map((chain) => planChain(fromItsCorner(chain), count, tolerance, care))),
  }))
}

/** A stroke, and, where it draws a line that is known rather than found, the number of its feature. */
export interface Chosen {
  cubic: Cubic
  known?: number
}

/** The chains one by one, but those of one feature together. */
function apart(chains: readonly Chain[]): Chain[][] {
  const groups = new Map<number | Chain, Chain[]>()
  for (const chain of chains) groups.set(chain.known ?? chain, [...(groups.get(chain.known ?? chain) ?? []), chain])
  return [...groups.values()]
}

/** The plan that draws several chains with one stroke each, or none of them. */
function together(plans: readonly Plan[]): Plan {
  if (plans.length === 1) return plans[0]!
  const gain = plans.reduce((sum, { gains }) => sum + (gains[1] ?? -Infinity), 0)
  return {
    gains: [0, ...plans.slice(1).map(() => -Infinity), gain],
    strokes: (k) => (k === 0 ? [] : plans.flatMap((plan) => plan.strokes(1))),
  }
}

/** A round cap reaches beyond the end of its stroke: where one follows another, both end a little before they meet. */
function withRoomForCaps(cubic: Cubic): Cubic {
  const cap = Math.min(CAP, Math.max(0, (curveLength(cubic, 0) - LEAST) / 2))
  // a cubic leaves its ends three times as fast as its outer control points lie from them
  const [leaving, arriving] = [0, 4].map(
    (i) => 3 * Math.hypot(cubic[i + 2]! - cubic[i]!, cubic[i + 3]! - cubic[i + 1]!),
  )
  return partOf(cubic, Math.min(MOST_CUT, cap / leaving!), 1 - Math.min(MOST_CUT, cap / arriving!))
}

interface Plan {
  /** gains[k]: the most that k strokes on this chain gain. */
  gains: number[]
  strokes(k: number): Stroke[]
}

function planChain(chain: Chain, count: number, tolerance: number, care: Care): Plan {
  const nodes = Math.round((chain.x.length - 1) / care.stride) + 1
  const { gain, earliest } = stretches(chain, nodes, tolerance, care)
  const most = Math.min(count, Math.floor((nodes - 1) / 2))
  // best[k][j]: the most that k strokes within nodes 0..j gain; begun[k][j]: where the stroke begins that ends there, or -1
  const best: Float64Array[] = [new Float64Array(nodes)]
  const begun: Int32Array[] = [new Int32Array(nodes).fill(-1)]
  for (let k = 1; k <= most; k++) {
    const before = best[k - 1]!
    const gains = new Float64Array(nodes).fill(-Infinity)
    const begins = new Int32Array(nodes).fill(-1)
    for (let j = 1; j < nodes; j++) {
      let highest = gains[j - 1]!
      for (let i = earliest[j]!; i < j - 1; i++) {
        const all = before[i]! + gain[i * nodes + j]!
        if (!(all > highest)) continue
        highest = all
        begins[j] = i
      }
      gains[j] = highest
    }
    if (care.enough && gains[nodes - 1]! <= before[nodes - 1]!) break
    best.push(gains)
    begun.push(begins)
  }
  return {
    gains: best.map((gains) => gains[nodes - 1] ?? 0),
    strokes(k) {
      const strokes: Stroke[] = []
      for (let j = nodes - 1; k > 0 && j > 0;) {
        const i = begun[k]![j]!
        if (i < 0) j--
        else {
          const [from, to] = [pointOf(i, nodes, chain), pointOf(j, nodes, chain)]
          const points = pointsOf(chain, from, to, room(samplesOf(from, to, care)))
          strokes.push({ ...points, gain: gain[i * nodes + j]! })
          j = i
          k--
        }
      }
      return strokes
    },
  }
}

/** Every stretch between two nodes that one cubic draws tolerably. */
function stretches(chain: Chain, nodes: number, tolerance: number, care: Care): Stretches {
  const gain = new Float64Array(nodes * nodes).fill(-Infinity)
  const earliest = Int32Array.from({ length: nodes }, (_, j) => j)
  for (let i = 0; i < nodes - 2; i++) {
    let hopeless = 0
    for (let j = i + 2; j < nodes && (j - i) * care.stride <= LONGEST; j++) {
      const stretch = drawStretch(chain, pointOf(i, nodes, chain), pointOf(j, nodes, chain), tolerance, care)
      gain[i * nodes + j] = stretch.gain
      if (i < earliest[j]!) earliest[j] = i
      hopeless = stretch.stray > 2 * tolerance ? hopeless + 1 : 0
      if (hopeless >= care.hopeless) break
    }
  }
  return { gain, earliest }
}

/** Which point of a chain one of so many nodes is. */
function pointOf(node: number, nodes: number, { x }: Chain): number {
  return Math.round((node * (x.length - 1)) / (nodes - 1))
}

/** Fits one cubic to the points from..to of a chain, and says what that gains and how far, at most, it strays. */
function drawStretch(chain: Chain, from: number, to: number, tolerance: number, care: Care) {
  const stray = strayOf(chain, from, to, care)
  const n = stray.length
  const length = to - from
  let gain = 0
  let furthest = 0
  for (let k = 0; k < n; k++) {
    const closeness = Math.max(-1, 1 - (stray[k]! / tolerance) ** 3)
    const strength = chain.strength[sampleAt(k, n, from, to)]!
    gain += strength > 0 ? strength * closeness : -EMPTY_COST
    furthest = Math.max(furthest, stray[k]!)
  }
  gain *= length / n
  if (length < SHORT) gain -= SHORT_COST * (1 - length / SHORT)
  return { gain, stray: furthest }
}

/**
 * How far the points of a stretch stray from the cubic through them: that depends on where the chain lies alone, and is the same
 * however strong it is.
 */
function strayOf(chain: Chain, from: number, to: number, care: Care): Float64Array {
  const { fits } = care
  if (!fits) return fitted(chain, from, to, care)
  let known = fits.get(chain.x)
  if (!known) fits.set(chain.x, (known = new Map<number, Float64Array>()))
  const key = from * chain.x.length + to
  let stray = known.get(key)
  if (!stray) known.set(key, (stray = fitted(chain, from, to, care)))
  return stray
}

function fitted(chain: Chain, from: number, to: number, care: Care): Float64Array {
  const n = samplesOf(from, to, care)
  // The same room each time: there are tens of thousands of fits.
  const { x, y } = pointsOf(chain, from, to, (rooms[n] ??= room(n)))
  const stray = fitCubic(x, y, care.rounds).squared
  for (let k = 0; k < n; k++) stray[k] = Math.sqrt(stray[k]!)
  return stray
}

/** By how many points: see `fitted`. */
const rooms: Points[] = []

function room(n: number): Points {
  return { x: new Float64Array(n), y: new Float64Array(n) }
}

/** How many points of a stretch are looked at. */
function samplesOf(from: number, to: number, { samples }: Care): number {
  return Math.min(samples, to - from + 1)
}

/** Which point of the chain the sample `k` of `n` is. */
function sampleAt(k: number, n: number, from: number, to: number): number {
  return from + Math.round((k * (to - from)) / (n - 1))
}

/** As many points of a stretch as there is room for. */
function pointsOf(chain: Chain, from: number, to: number, points: Points): Points {
  const n = points.x.length
  for (let k = 0; k < n; k++) {
    const at = sampleAt(k, n, from, to)
    points.x[k] = chain.x[at]!
    points.y[k] = chain.y[at]!
  }
  return points
}

/**
 * How many strokes each chain gets so that together they gain the most, `count` in all or as many as there is room for;
 * and `gains`: the most that n strokes gain, for every n up to `count`.
 */
function allocate(gains: readonly number[][], count: number): { counts: number[]; gains: Float64Array } {
  let best = new Float64Array(count + 1).fill(-Infinity)
  best[0] = 0
  const picks: Int32Array[] = []
  for (const ofChain of gains) {
    const next = new Float64Array(count + 1).fill(-Infinity)
    const pick = new Int32Array(count + 1)
    for (let total = 0; total <= count; total++) {
      let highest = -Infinity
      for (let k = 0; k < ofChain.length && k <= total; k++) {
        const gain = best[total - k]! + ofChain[k]!
        if (!(gain > highest)) continue
        highest = gain
        pick[total] = k
      }
      next[total] = highest
    }
    best = next
    picks.push(pick)
  }
  let left = count
  while (left > 0 && best[left] === -Infinity) left--
  const counts = new Array<number>(gains.length)
  for (let c = gains.length - 1; c >= 0; c--) {
    counts[c] = picks[c]![left]!
    left -= counts[c]!
  }
  return { counts, gains: best }
}

/** A closed chain may begin anywhere: where it turns most, so that no stroke has to go round the corner. It is cut open there. */
export function fromItsCorner(chain: Chain): Chain {
  if (!chain.closed) return chain
  const n = chain.x.length
  const turn = (k: number): number => {
    const [a, b, c] = [(k + n - 5) % n, k, (k + 5) % n]
    const [ux, uy] = [chain.x[b]! - chain.x[a]!, chain.y[b]! - chain.y[a]!]
    const [vx, vy] = [chain.x[c]! - chain.x[b]!, chain.y[c]! - chain.y[b]!]
    return (ux * vx + uy * vy) / (Math.hypot(ux, uy) * Math.hypot(vx, vy) || 1)
  }
  let corner = 0
  for (let k = 1; k < n; k++) if (turn(k) < turn(corner)) corner = k
  const turned = (values: number[]): number[] => [...values.slice(corner), ...values.slice(0, corner + 1)]
  return { x: turned(chain.x), y: turned(chain.y), strength: turned(chain.strength), closed: false }
}
