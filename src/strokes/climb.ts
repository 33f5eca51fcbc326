import type { Random } from '../random.ts'
import { curveLength, placesOn, polygonLength } from './bezier.ts'
import type { Chain } from './chains.ts'
import { partOf, type Cubic } from './fit.ts'
import { alongside, closenessAt, piecesOf, STEP, type Piece } from './pieces.ts'

/** What drawing a unit of nothing costs, next to the gain of a unit of the strongest line. */
const EMPTY_COST = 0.3
/** What drawing a unit of anything costs: weak lines are not worth it. */
const INK_COST = 0.03
/** What it costs to draw a line again, as a share of what drawing it gains. */
const AGAIN_COST = 0.6
/** What an uneven bend costs, for each unit² that the third difference of the control points has over length². */
const UNEVEN_COST = 0.05
/** Changes that are tried: for each stroke, for all of them beside that, and at most. */
const TRIED = 200
const TRIED_ANYHOW = 1000
const MOST_TRIED = 10_000
/** Sizes of a change, in units: some are careful, some bold. */
const SIZES = [0.5, 1.5, 4, 10] as const
/** No stroke gets shorter than this, in units. */
const SHORTEST = 8

/**
 * Changes cubics a little at a time, wherever together they then draw more of the chains: one line may do for two that
 * lie close, and a stroke may cross a gap or leave its chain for a better one, which choosing chain by chain cannot see.
 * Hill climbing with random changes; it never ends with a drawing that gains less than the given one.
 */
export function drawMore(cubics: readonly Cubic[], chains: readonly Chain[], random: Random): Cubic[] {
  const pieces = piecesOf(chains)
  const look = lookout(pieces)
  const { worth, draw } = drawingOf(pieces, cubics.length)
  const strokes = cubics.map((cubic) => ({ cubic, track: look(cubic) }))
  strokes.forEach(({ track }, i) => draw(i, track))
  for (let left = Math.min(MOST_TRIED, TRIED_ANYHOW + TRIED * cubics.length); left > 0; left--) {
    const i = Math.floor(random() * strokes.length)
    const before = strokes[i]!
    const cubic = changedAtRandom(before.cubic, random)
    if (curveLength(cubic, 0) < SHORTEST) continue
    const track = look(cubic)
    if (worth(i, track) <= worth(i, before.track)) continue
    draw(i, track, before.track)
    strokes[i] = { cubic, track }
  }
  return strokes.map(({ cubic }) => cubic)
}

/** The pieces, by number, that a stroke runs along, and how closely, 0..1; and what the stroke costs anyhow. */
interface Track {
  pieces: readonly number[]
  closeness: readonly number[]
  cost: number
}

/** Finds the track of a cubic. */
function lookout(pieces: readonly Piece[]): (cubic: Cubic) => Track {
  const along = alongside(pieces)
  const nearest = new Float64Array(pieces.length).fill(Infinity)
  return (cubic) => {
    const found: number[] = []
    const places = placesOn(cubic, 0, Math.max(4, Math.ceil(polygonLength(cubic, 0) / STEP)))
    let cost = UNEVEN_COST * unevenness(cubic)
    for (let k = 2; k < places.length; k += 2) {
      const on = along(places[k - 2]!, places[k - 1]!, places[k]!, places[k + 1]!, (p, aside) => {
        if (nearest[p] === Infinity) found.push(p)
        nearest[p] = Math.min(nearest[p]!, aside)
      })
      const length = Math.hypot(places[k]! - places[k - 2]!, places[k + 1]! - places[k - 1]!)
      cost += (on ? INK_COST : INK_COST + EMPTY_COST) * length
    }
    const closeness = found.map((p) => closenessAt(nearest[p]!))
    for (const p of found) nearest[p] = Infinity
    return { pieces: found, closeness, cost }
  }
}

/** How far a cubic is from an even arc: its third difference, squared, over its squared length; see loss/smoothness.ts. */
function unevenness(c: Cubic): number {
  const [ex, ey] = [c[6] - c[0], c[7] - c[1]]
  const [jx, jy] = [ex - 3 * (c[4] - c[2]), ey - 3 * (c[5] - c[3])]
  return (jx * jx + jy * jy) / (ex * ex + ey * ey + SHORTEST ** 2)
}

/** Who draws what: how closely each of `count` strokes runs along each piece. */
function drawingOf(pieces: readonly Piece[], count: number) {
  const drawn = new Float32Array(pieces.length * count)
  /** How closely the others come to a piece. */
  const others = (i: number, piece: number): number => {
    let closest = 0
    for (let k = piece * count; k < (piece + 1) * count; k++) {
      if (drawn[k]! > closest && k !== piece * count + i) closest = drawn[k]!
    }
    return closest
  }
  return {
    /** What stroke `i` gains on a track, beside all other strokes: a piece counts once, by whoever comes closest. */
    worth(i: number, { pieces: along, closeness, cost }: Track): number {
      let gain = -cost
      along.forEach((p, k) => {
        const [own, other] = [closeness[k]!, others(i, p)]
        gain += pieces[p]!.strength * (Math.max(0, own - other) - AGAIN_COST * Math.min(own, other))
      })
      return gain
    },
    /** Stroke `i` takes a track, and leaves the one it had. */
    draw(i: number, track: Track, before?: Track): void {
      for (const p of before?.pieces ?? []) drawn[p * count + i] = 0
      track.pieces.forEach((p, k) => (drawn[p * count + i] = track.closeness[k]!))
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
