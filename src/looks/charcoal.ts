import { between, broken, eased, wobble } from './grain.ts'
import type { Look, Mark } from './mark.ts'
import { beside, ribbon, spineOf } from './spine.ts'

/** Between two places, in canvas units. */
const STEP = 4
/** Traces that the grain of the paper takes from the stick. */
const TRACES = 12
/** Half of the stick, in widths of the line. */
const HALF = 0.95
/** Its ends are worn over so many widths. */
const WORN = 1.6

/** A stick of charcoal: broad, soft, torn by the grain of the paper, with dust beside it. */
export const charcoal: Look = {
  reach: 2,
  marks(line, random) {
    const spine = spineOf(line, STEP)
    const last = spine.x.length - 1
    const rough = [wobble(random, 5), wobble(random, 3)] as const
    const over = Math.min(WORN * line.width, spine.length / 3) || 1
    const half = (k: number): number => {
      const at = spine.at[k]!
      const worn = 0.6 + 0.4 * eased(Math.min(at, spine.length - at) / over)
      return HALF * line.width * (0.35 + 0.65 * spine.pressure[k]!) * worn * (1 + 0.12 * rough[0](at))
    }
    const trace = (place: number): number[] => {
      const own = wobble(random, 6)
      // Not all grains are met at once.
      const [late, early] = [Math.round(random() * 0.9), Math.round(random() * 0.9)]
      return beside(spine, (k) => half(k) * (place + 0.2 * own(spine.at[k]!)), late, last - early)
    }
    const traces = Array.from({ length: TRACES }, (_, i): Mark => {
      const place = (2 * i) / (TRACES - 1) - 1
      const outer = Math.abs(place) ** 2
      return {
        paths: [trace(place)],
        width: line.width * between(random, 0.14, 0.3),
        dash: broken(random, [0.05, 1.5 - 0.9 * outer], [0.25, 0.9 + 1.2 * outer]),
        opacity: between(random, 0.36, 0.58) - 0.12 * outer,
      }
    })
    const dust = [-1.4, -1.18, 1.18, 1.4].map((place): Mark => ({
      paths: [trace(place)],
      width: line.width * between(random, 0.08, 0.15),
      dash: broken(random, [0.02, 0.2], [1.5, 8]),
      opacity: 0.38,
    }))
    const body = ribbon(spine, (k) => half(k) * (0.82 + 0.14 * rough[1](spine.at[k]!)), 'flat')
    return [{ paths: body, opacity: 0.34 }, ...traces, ...dust]
  },
}
