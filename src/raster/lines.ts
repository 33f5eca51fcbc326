import { hypotenuse } from '../hypotenuse.ts'
import type { Chain } from '../strokes/chains.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { coverage, reach } from './coverage.ts'

/** A line this strong (share of the strongest) is drawn black; weaker ones in grey … */
const BLACK = 0.11
/** … but where a line fades out, neither black nor this share of its strongest, it has ended: its tail leads astray. */
const FADED = 0.55

/**
 * Lines as a picture, [CANVAS, CANVAS] ink 0..1: each drawn with a pen of `width` units, the stronger the blacker.
 * It is what a drawing with as many strokes as one likes would look like.
 */
export function drawLines(chains: readonly Chain[], width: number): Tensor {
  const ink = tensor([CANVAS, CANVAS])
  const radius = Math.ceil(reach(width))
  for (const { x, y, strength } of chains.map(withoutTails)) {
    for (let k = 0; k < x.length; k++) {
      const [px, py, black] = [x[k]!, y[k]!, Math.min(1, strength[k]! / BLACK)]
      for (let row = Math.floor(py) - radius; row <= Math.floor(py) + radius; row++) {
        for (let column = Math.floor(px) - radius; column <= Math.floor(px) + radius; column++) {
          if (row < 0 || column < 0 || row >= CANVAS || column >= CANVAS) continue
          const covered = black * coverage(hypotenuse(column + 0.5 - px, row + 0.5 - py), width)
          const i = row * CANVAS + column
          ink.data[i] = Math.max(ink.data[i]!, covered)
        }
      }
    }
  }
  return ink
}

/** The chain from the first to the last place where it has not faded. */
function withoutTails(chain: Chain): Chain {
  if (chain.closed) return chain
  const least = Math.min(BLACK, FADED * Math.max(...chain.strength))
  const isThere = (strength: number): boolean => strength >= least
  const [from, to] = [chain.strength.findIndex(isThere), chain.strength.findLastIndex(isThere) + 1]
  const part = (values: number[]): number[] => values.slice(from, to)
  return { ...chain, x: part(chain.x), y: part(chain.y), strength: part(chain.strength) }
}
