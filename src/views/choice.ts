import { randomAt } from '../random.ts'
import { randomPatch, randomView, randomViewOnPaper, type Share, type View } from './view.ts'

/**
 * How many views a bank holds: more than enough (64) that a drawing can't learn them by heart. With the drawing as it is
 * they come out even in the batches in which encoders look.
 */
const BANK = 67

/** The views of a run, in which its photo is looked at once and for all. */
export function viewBank(seed: number): readonly View[] {
  return Array.from({ length: BANK }, (_, i) => randomView(randomAt(seed, i)))
}

/** The same of something with paper all around: `count` views whose crops keep such shares of its area. */
export function viewBankOnPaper(count: number, share: Share, seed: number): readonly View[] {
  return Array.from({ length: count }, (_, i) => randomViewOnPaper(randomAt(seed, i), share))
}

/** `count` patches of `side` pixels in a box of a canvas. */
export function patchBank(
  count: number,
  canvas: number,
  side: number,
  box: Parameters<typeof randomPatch>[3],
  seed: number,
): readonly View[] {
  return Array.from({ length: count }, (_, i) => randomPatch(randomAt(seed, i), canvas, side, box))
}

/** `count` different views from the bank for one step of one try. */
export function viewsFromBank(bank: readonly View[], count: number, seed: number, step: number): readonly View[] {
  const random = randomAt(seed, step, bank.length)
  const left = [...bank]
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0]!)
}

/** `count` views that nobody has seen yet, for one step of one try: the published rule. */
export function freshViews(count: number, seed: number, step: number): readonly View[] {
  const random = randomAt(seed, step, -1)
  return Array.from({ length: count }, () => randomView(random))
}

/** The same of a drawing with paper all around, whose crops keep such shares of its area. */
export function freshViewsOnPaper(count: number, share: Share, seed: number, step: number): readonly View[] {
  const random = randomAt(seed, step, -2)
  return Array.from({ length: count }, () => randomViewOnPaper(random, share))
}
