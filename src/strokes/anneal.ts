import type { Random } from '../random.ts'
import type { Chain } from './chains.ts'
import { partOf, type Cubic } from './fit.ts'
import { piecesOf, type Pieces } from './pieces.ts'
import { kept, tracker, type Track } from './track.ts'

/** What it costs to draw a line again, as a share of what drawing it gains. */
const AGAIN_COST = 0.5
/** Changes that are tried in all. */
const TRIED = 16_000
/** The loss that a change may bring at the beginning … */
const HEAT = 1.5
/** … of so many strokes; of more, which gain less each, it is shared. */
const FEW = 8
/** What a stroke gains by growing into the gap that its round caps fill anyhow, in units of the strongest line: nothing to see. */
const GAP = 2
/** The fewer strokes of a drawing gain the less, but it counts the more: by this power of how many times fewer they are. */
const FEWER = 0.5
/** Sizes of a change, in units: some are careful, some bold. */
const SIZES = [0.5, 1, 2, 4, 8, 16] as const

/**
 * Changes cubics a little at a time until together they draw more of the chains: one line may do for two that lie close,
 * and a stroke may cross a gap or leave its chain for a better one, which choosing chain by chain cannot see. Simulated
 * annealing (Kirkpatrick et al. 1983): a change that loses something may pass too, the less likely the later. Where all
 * that does not gain more than gaps closed, the cubics stay as they are. At each of `ends` a drawing ends that is to gain
 * the most as well: the first so many cubics, and last, all of them.
 */
export function anneal(
  cubics: readonly Cubic[],
  chains: readonly Chain[],
  random: Random,
  ends: readonly number[] = [cubics.length],
): readonly Cubic[] {
  if (cubics.length === 0) return cubics
  const pieces = piecesOf(chains)
  const trackOf = tracker(pieces)
  const shares = sharesOf(ends)
  const { gain, draw } = drawingsOf(pieces, ends, shares)
  const strokes = cubics.map((cubic) => ({ cubic, track: kept(trackOf(cubic) ?? NOTHING) }))
  strokes.forEach(({ track }, i) => draw(i, track))
  // a stroke gains in every drawing that it belongs to
  const belongs = ends.reduce((sum, end, d) => sum + end * shares[d]!, 0) / strokes.length
  const heat = HEAT * Math.min(1, FEW / strokes.length) * belongs
  let gained = 0
  for (let left = TRIED; left > 0; left--) {
    const i = Math.floor(random() * strokes.length)
    const before = strokes[i]!
    const cubic = changedAtRandom(before.cubic, random)
    const track = trackOf(cubic)
    if (!track) continue
    const more = gain(i, track) - gain(i, before.track)
    if (more <= heat * (left / TRIED) ** 2 * Math.log(random())) continue
    strokes[i] = { cubic, track: kept(track) }
    draw(i, strokes[i].track, before.track)
    gained += more
  }
  return gained > GAP * strokes.length ? strokes.map(({ cubic }) => cubic) : cubics
}

/** The track of a stroke that has none. */
const NOTHING: Track = { count: 0, pieces: new Int32Array(), closeness: new Float64Array(), cost: 0 }

/** How much each of the drawings counts, the whole 1. */
function sharesOf(ends: readonly number[]): number[] {
  return ends.map((end) => (ends.at(-1)! / Math.max(1, end)) ** FEWER)
}

/**
 * Who draws what: how closely each stroke runs along each piece, in every drawing that consists of the first so many strokes;
 * `ends` says how many, the last all of them.
 */
function drawingsOf({ worth }: Pieces, ends: readonly number[], shares: readonly number[]) {
  const count = ends.at(-1)!
  const drawn = new Float64Array(worth.length * count)
  // of each piece, in each drawing: how closely the closest stroke runs along it, which that is, and how closely the next does
  const closest = ends.map(() => new Float64Array(worth.length))
  const next = ends.map(() => new Float64Array(worth.length))
  const who = ends.map(() => new Int32Array(worth.length).fill(-1))
  const look = (p: number): void => {
    let [first, second, by] = [0, 0, -1]
    let i = 0
    for (let d = 0; d < ends.length; d++) {
      for (; i < ends[d]!; i++) {
        const closeness = drawn[p * count + i]!
        if (closeness > first) {
          second = first
          first = closeness
          by = i
        } else if (closeness > second) second = closeness
      }
      closest[d]![p] = first
      next[d]![p] = second
      who[d]![p] = by
    }
  }
  return {
    /** What stroke `i` gains on a track, beside all other strokes: a piece counts once, by whoever comes closest. */
    gain(i: number, { count, pieces, closeness, cost }: Track): number {
      let sum = 0
      for (let d = ends.length - 1; d >= 0 && i < ends[d]!; d--) {
        const [by, most, other] = [who[d]!, closest[d]!, next[d]!]
        let gain = -cost
        for (let k = 0; k < count; k++) {
          const p = pieces[k]!
          const own = closeness[k]!
          const others = by[p] === i ? other[p]! : most[p]!
          gain += worth[p]! * (own > others ? own - others - AGAIN_COST * others : -AGAIN_COST * own)
        }
        sum += shares[d]! * gain
      }
      return sum
    },
    /** Stroke `i` takes a track, and leaves the one it had. */
    draw(i: number, track: Track, before: Track = NOTHING): void {
      for (const p of before.pieces) drawn[p * count + i] = 0
      track.pieces.forEach((p, k) => (drawn[p * count + i] = track.closeness[k]!))
      before.pieces.forEach(look)
      track.pieces.forEach(look)
    },
  }
}

/** One point, the whole shape or the whole place changes, or one end grows or shrinks. */
function changedAtRandom(cubic: Cubic, random: Random): Cubic {
  const size = SIZES[Math.floor(random() * SIZES.length)]!
  const amount = (): number => size * (random() + random() + random() + random() - 2)
  const kind = random()
  if (kind < 0.45) {
    const point = Math.floor(4 * random())
    return moved(cubic, (i) => (i >> 1 === point ? 1.7 * amount() : 0))
  }
  if (kind < 0.65) return moved(cubic, () => 0.7 * amount())
  if (kind < 0.75) {
    const by = [1.7 * amount(), 1.7 * amount()] as const
    return moved(cubic, (i) => by[i & 1]!)
  }
  const growth = 0.05 * amount()
  return random() < 0.5 ? partOf(cubic, growth, 1) : partOf(cubic, 0, 1 + growth)
}

function moved(cubic: Cubic, by: (i: number) => number): Cubic {
  return cubic.map((v, i) => v + by(i)) as Cubic
}
