import { reordered } from '../strokes/importance.ts'
import type { Strokes } from '../strokes/strokes.ts'

/** How far a drawing is from what is wanted, as each of several looks at it sees: always the same looks. */
export type Judge = (strokes: Strokes) => Promise<readonly number[]>

/** A drawing that has had its second look. */
export interface Revised {
  strokes: Strokes
  /** Which strokes of the drawing before these are, in its order; new ones come after them. */
  kept: number[]
  added: number
}

export interface Limits {
  /** Which strokes of the drawing stay. */
  isFixed?(index: number): boolean
  /** Whether to stop with what there is. */
  isStopped?(): boolean
}

/** No more strokes than this are added. */
const MOST_ADDED = 8
/** A stroke whose removal moved the loss by more than so many times the noise is not asked about again. */
const SURE = 3

/**
 * A second opinion on how many strokes a drawing should have: those whose removal moves the loss by less than the noise between
 * looks are dropped, the least needed first; and where something is unexplained `longer` adds a stroke, which stays if it moves
 * the loss by more than the noise. That goes on until neither helps.
 */
export async function secondOpinion(
  drawing: Strokes,
  judge: Judge,
  longer: (strokes: Strokes) => Strokes | undefined,
  { isFixed = () => false, isStopped = () => false }: Limits = {},
): Promise<Revised> {
  let now = { strokes: drawing, kept: Array.from(drawing.widths.keys()), added: 0 }
  let losses = await judge(drawing)
  const doubtful = new Set(now.kept.filter((index) => !isFixed(index)))
  for (;;) {
    ;[now, losses] = await withoutNeedless(now, losses, judge, doubtful, isStopped)
    const strokes = now.added < MOST_ADDED && !isStopped() ? longer(now.strokes) : undefined
    if (!strokes) return now
    const then = await judge(strokes)
    const { moved, noise } = difference(then, losses)
    if (!(moved > noise)) return now
    now = { ...now, strokes, added: now.added + 1 }
    losses = then
  }
}

/** The drawing without those of its doubtful strokes that nobody misses. One that is surely missed is doubtful no more. */
async function withoutNeedless(
  start: Revised,
  before: readonly number[],
  judge: Judge,
  doubtful: Set<number>,
  isStopped: () => boolean,
): Promise<[Revised, readonly number[]]> {
  let [now, losses] = [start, before]
  for (;;) {
    let least: { place: number; share: number; losses: readonly number[] } | undefined
    for (const [place, index] of now.kept.entries()) {
      if (!doubtful.has(index) || now.strokes.widths.length < 2) continue
      if (isStopped()) return [now, losses]
      const then = await judge(without(now.strokes, place))
      const { moved, noise } = difference(losses, then)
      const share = noise > 0 ? moved / noise : Math.sign(moved) * Infinity
      if (share > SURE) doubtful.delete(index)
      if (share < (least?.share ?? 1)) least = { place, share, losses: then }
    }
    if (!least) return [now, losses]
    const { place } = least
    doubtful.delete(now.kept[place]!)
    now = { ...now, strokes: without(now.strokes, place), kept: now.kept.filter((_, i) => i !== place) }
    losses = least.losses
  }
}

function without(strokes: Strokes, place: number): Strokes {
  const left = Array.from(strokes.widths.keys()).filter((i) => i !== place)
  return reordered(strokes, left)
}

/** How much higher the losses are after than before in the mean, and the standard error of that: the noise between looks. */
function difference(before: readonly number[], after: readonly number[]): { moved: number; noise: number } {
  const all = after.map((loss, i) => loss - before[i]!)
  const moved = all.reduce((sum, v) => sum + v, 0) / all.length
  const squares = all.reduce((sum, v) => sum + (v - moved) ** 2, 0)
  return { moved, noise: Math.sqrt(squares / Math.max(1, all.length - 1) / all.length) }
}
