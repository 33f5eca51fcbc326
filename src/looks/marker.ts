import type { Look } from './mark.ts'
import { beside, ribbon, spineOf } from './spine.ts'

/** The direction of the tip's edge, in radians. */
const TIP = -0.7
/** Half of its breadth and of its thickness, in widths of the line. */
const [BROAD, THIN] = [1.05, 0.5]
/** Half of what is darker at its borders, in widths of the line. */
const EDGE = 0.1
/** A felt tip with a slanted edge: broad, translucent, darker along its borders. */
export const marker: Look = {
  reach: 1.1,
  marks(line) {
    const spine = spineOf(line)
    const half = (k: number): number => {
      const across = Math.abs(Math.sin(Math.atan2(spine.dy[k]!, spine.dx[k]!) - TIP))
      return line.width * (0.4 + 0.6 * spine.pressure[k]!) * (THIN + (BROAD - THIN) * across)
    }
    const last = spine.x.length - 1
    const border = (side: 1 | -1) => beside(spine, (k) => side * (half(k) - EDGE * line.width), 1, last - 1)
    return [
      { paths: ribbon(spine, half, 'flat'), opacity: 0.7 },
      { paths: [border(1), border(-1)], width: 2 * EDGE * line.width, opacity: 0.28 },
    ]
  },
}
