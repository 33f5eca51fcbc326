import type { Chain } from './chains.ts'
import { smoothed } from './spline.ts'

/** What bends within so many units is straightened where nothing has to be faithful. */
const LOOSEST = 18

/**
 * A line as someone draws it who sees less closely, or cares less: what bends within a short way is straightened, the more the
 * less `fidelity`, 0..1, there is; with all of it the line stays. What is closed stays as large as it is, and features that
 * are known stay what they are.
 */
export function loosened(chain: Chain, fidelity: number): Chain {
  if (fidelity >= 1 || chain.known !== undefined) return chain
  // a wave is half as high where it bends within the fourth root of the stiffness
  const stiff = ((1 - fidelity) * LOOSEST) ** 4
  const straightened = chain.closed ? aroundLoop : alongLine
  return { ...chain, x: straightened(chain.x, stiff), y: straightened(chain.y, stiff) }
}

function alongLine(values: readonly number[], stiff: number): number[] {
  return [...smoothed(values, new Float64Array(values.length).fill(1), stiff)]
}

/** A loop is straightened within this share of its radius at most, so that it stays one. */
const ROUND = 0.8

/** The loop goes round three times, of which the middle one counts: where it begins is a place like any other. */
function aroundLoop(values: readonly number[], stiff: number): number[] {
  const n = values.length
  const radius = n / (2 * Math.PI)
  const once = alongLine([...values, ...values, ...values], Math.min(stiff, (ROUND * radius) ** 4)).slice(n, 2 * n)
  const mean = (list: readonly number[]): number => list.reduce((sum, v) => sum + v, 0) / n
  const spread = (list: readonly number[]): number => {
    const middle = mean(list)
    return Math.sqrt(mean(list.map((v) => (v - middle) ** 2)))
  }
  const [middle, grown] = [mean(once), spread(values) / (spread(once) || 1)]
  return once.map((v) => middle + grown * (v - middle))
}
