import { eased, wobble } from './grain.ts'
import type { Look } from './mark.ts'
import { ribbon, spineOf } from './spine.ts'

/** Half of the widest, in widths of the line. */
const BELLY = 1.05
/** How a brush lands, and over how many widths it is there; over how many it leaves. At most these shares of the line. */
const LANDS = { from: 0.3, over: 5, share: 0.28 }
const LEAVES = { over: 22, share: 0.62 }
/** A stroke downwards is so much heavier. */
const DOWN = 0.22
/** The hair's own will. */
const UNEVEN = 0.07
/** The tip of a brush, in widths of the line. */
const TIP = 0.05

/** A pointed brush with ink: it lands, swells, and leaves in a long point. */
export const brush: Look = {
  reach: 1.5,
  marks(line, random) {
    const spine = spineOf(line)
    const uneven = wobble(random, 9)
    const lands = Math.min(LANDS.over * line.width, LANDS.share * spine.length) || 1
    const leaves = Math.min(LEAVES.over * line.width, LEAVES.share * spine.length) || 1
    const half = (k: number): number => {
      const at = spine.at[k]!
      const landed = LANDS.from + (1 - LANDS.from) * eased(at / lands)
      const left = Math.min(1, Math.max(0, spine.length - at) / leaves) ** 0.75
      const weight = 1 + DOWN * spine.dy[k]! + UNEVEN * uneven(at)
      return line.width * Math.max(TIP, BELLY * spine.pressure[k]! * landed * left * weight)
    }
    return [{ paths: ribbon(spine, half), opacity: 0.97 }]
  },
}
