import type { Random } from '../random.ts'
import { CANVAS } from '../units.ts'
import { bernstein, polygonLength } from './bezier.ts'
import type { Chain } from './chains.ts'
import { partOf, type Cubic } from './fit.ts'

/** A stroke draws the lines within so many units of it … */
const REACH = 3
/** … that run in its direction: the cosine between them is at least this. */
const ALONG = 0.8
/** What drawing a unit of nothing costs, next to the gain of a unit of the strongest line. */
const EMPTY_COST = 0.2
/** What drawing a unit of anything costs: weak lines are not worth it. */
const INK_COST = 0.02
/** What it costs to draw a line again, as a share of what drawing it gains. */
const AGAIN_COST = 0.6
/** What an uneven bend costs, for each unit² that the third difference of the control points has over length². */
const UNEVEN_COST = 0.05
/** Changes that are tried: for each stroke, for all of them beside that, and at most. */
const TRIED = 200
const TRIED_ANYHOW = 1000
const MOST_TRIED = 10_000
/** Units between the places at which a stroke is looked at. */
const STRIDE = 1.5
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
    if (polygonLength(cubic, 0) < SHORTEST) continue
    const track = look(cubic)
    if (worth(i, track) <= worth(i, before.track)) continue
    draw(i, track, before.track)
    strokes[i] = { cubic, track }
  }
  return strokes.map(({ cubic }) => cubic)
}

/** A unit or so of a chain: where it lies, which way it runs (of length 1), and how strong it is. */
interface Piece {
  x: number
  y: number
  dx: number
  dy: number
  strength: number
}

function piecesOf(chains: readonly Chain[]): Piece[] {
  return chains.flatMap(({ x, y, strength }) =>
    strength.flatMap((here, k) => {
      if (here === 0) return []
      const [before, after] = [Math.max(0, k - 2), Math.min(x.length - 1, k + 2)]
      const [dx, dy] = [x[after]! - x[before]!, y[after]! - y[before]!]
      const length = Math.hypot(dx, dy) || 1
      return [{ x: x[k]!, y: y[k]!, dx: dx / length, dy: dy / length, strength: here }]
    }),
  )
}

/** The pieces, by number, that a stroke runs along, and how closely, 0..1; and what the stroke costs anyhow. */
interface Track {
  pieces: readonly number[]
  closeness: readonly number[]
  cost: number
}

/** Finds the track of a cubic. */
function lookout(pieces: readonly Piece[]): (cubic: Cubic) => Track {
  const near = piecesNear(pieces)
  /** Squared distances, in reaches. */
  const nearest = new Float64Array(pieces.length).fill(1)
  return (cubic) => {
    const found: number[] = []
    const places = placesAlong(cubic)
    let cost = UNEVEN_COST * unevenness(cubic)
    for (let k = 2; k < places.length; k += 2) {
      const dx = places[k]! - places[k - 2]!
      const dy = places[k + 1]! - places[k - 1]!
      const x = places[k]! - dx / 2
      const y = places[k + 1]! - dy / 2
      const length = Math.sqrt(dx * dx + dy * dy)
      let along = false
      for (const p of near(x, y)) {
        const piece = pieces[p]!
        const ahead = ((piece.x - x) * dx + (piece.y - y) * dy) / length
        const aside = ((piece.y - y) * dx - (piece.x - x) * dy) / length
        const squared = (aside / REACH) ** 2
        if (squared >= 1 || Math.abs(ahead) > length / 2 + 0.5) continue
        if (Math.abs(piece.dx * dx + piece.dy * dy) < ALONG * length) continue
        along = true
        if (nearest[p] === 1) found.push(p)
        if (squared < nearest[p]!) nearest[p] = squared
      }
      cost += (along ? INK_COST : INK_COST + EMPTY_COST) * length
    }
    const closeness = found.map((p) => 1 - nearest[p]! ** 1.5)
    for (const p of found) nearest[p] = 1
    return { pieces: found, closeness, cost }
  }
}

/** x and y of places on a cubic, from its beginning to its end. */
function placesAlong(c: Cubic): Float64Array {
  const steps = Math.max(4, Math.ceil(polygonLength(c, 0) / STRIDE))
  const weights = bernstein(steps)
  const places = new Float64Array(2 * (steps + 1))
  for (let k = 0; k <= steps; k++) {
    for (const axis of [0, 1]) {
      let at = 0
      for (let j = 0; j < 4; j++) at += weights[4 * k + j]! * c[2 * j + axis]!
      places[2 * k + axis] = at
    }
  }
  return places
}

/** The pieces, and some more, that lie within reach of a place. */
function piecesNear(pieces: readonly Piece[]): (x: number, y: number) => readonly number[] {
  const none: number[] = []
  const near = new Array<number[]>(CANVAS * CANVAS).fill(none)
  const reach = REACH + Math.SQRT1_2
  pieces.forEach((piece, p) => {
    for (let y = Math.floor(piece.y - reach); y <= piece.y + reach; y++) {
      for (let x = Math.floor(piece.x - reach); x <= piece.x + reach; x++) {
        if (x < 0 || y < 0 || x >= CANVAS || y >= CANVAS) continue
        if ((x + 0.5 - piece.x) ** 2 + (y + 0.5 - piece.y) ** 2 > reach ** 2) continue
        const pixel = y * CANVAS + x
        if (near[pixel] === none) near[pixel] = [p]
        else near[pixel]!.push(p)
      }
    }
  })
  return (x, y) => (x >= 0 && x < CANVAS && y >= 0 && y < CANVAS ? near[Math.floor(y) * CANVAS + Math.floor(x)]! : none)
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
