import type { Tensor } from '../tensor.ts'
import { cosineDistances, type SeenLoss, weighted } from './seen.ts'

/** Published for CLIPDraw (Frans et al. 2021): how much each thing that is not wanted counts. */
export const NEGATIVE_WEIGHT = 0.3

/**
 * Meaning a sentence: 1 − cos between a picture and `text` [1, d] (or [n, d], one for each picture), less a share of that
 * for each sentence `against` [1, d] (Frans et al. 2021): it grows with the cosines of what is not wanted.
 */
export function meaning(text: Tensor, weight = 1, against: readonly Tensor[] = []): SeenLoss {
  return {
    key: `meaning ${weight} ${against.length}`,
    wanted: { text, ...Object.fromEntries(against.map((other, i) => [`against${i}`, other])) },
    terms: (g, seen, wanted) => {
      const far = (from: string) => cosineDistances(g, seen.embedding!, wanted[from]!)
      const near = (to: string) => g.op('Sub', [g.scalar(1), far(to)])
      return {
        text: weighted(g, far('text'), weight),
        ...(against.length > 0 && {
          negative: weighted(
            g,
            against.map((_, i) => near(`against${i}`)).reduce((sum, one) => g.op('Add', [sum, one])),
            weight * NEGATIVE_WEIGHT,
          ),
        }),
      }
    },
  }
}
