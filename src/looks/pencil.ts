import { between, broken, eased, wobble } from './grain.ts'
import type { Look, Mark } from './mark.ts'
import { beside, ribbon, spineOf } from './spine.ts'

/** Between two places, in canvas units: graphite bends no faster. */
const STEP = 4
/** Grains of graphite in a row, side by side. */
const ROWS = 9
/** Half of the point, in widths of the line. */
const HALF = 0.42
/** The point is set down and lifted over so many widths. */
const POINTED = 2.5

/** Graphite on paper with a tooth: grey, grainy, denser where the point went, and not quite steady. */
export const pencil: Look = {
  reach: 0.9,
  marks(line, random) {
    const spine = spineOf(line, STEP)
    const sways = wobble(random, 16)
    const over = Math.min(POINTED * line.width, spine.length / 3) || 1
    const half = (k: number): number => {
      const end = Math.min(spine.at[k]!, spine.length - spine.at[k]!)
      return HALF * line.width * spine.pressure[k]! * (0.45 + 0.55 * eased(end / over))
    }
    const rows = Array.from({ length: ROWS }, (_, i): Mark => {
      const place = (2 * i) / (ROWS - 1) - 1
      const outer = Math.abs(place)
      const own = wobble(random, 7)
      return {
        paths: [beside(spine, (k) => half(k) * (place + 0.3 * sways(spine.at[k]!) + 0.22 * own(spine.at[k]!)))],
        width: line.width * between(random, 0.1, 0.17),
        dash: broken(random, [0.1, 1.9 - 1.1 * outer], [0.2, 0.6 + 0.7 * outer]),
        opacity: 0.5 - 0.18 * outer,
      }
    })
    const tone = ribbon(spine, (k) => 0.92 * half(k))
    return [{ paths: tone, opacity: 0.24 }, ...rows]
  },
}
