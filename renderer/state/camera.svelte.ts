import type { Rectangle } from '../../main/api.ts'
import { fitted, inSight, type Margins, panned, type Viewport, zoomed } from './viewport.ts'
import type { Point } from './mask.ts'

const MARGINS: Margins = { side: 44, top: 44, foot: 44 }
/** On a phone the page is what there is room for; what is told in one line lies below it all the same. */
const NARROW_MARGINS: Margins = { side: 16, top: 16, foot: 44 }
/** Pixels of the page that are always in sight. */
const IN_SIGHT = 60

/** Which part of the canvas the stage shows. `page` is what is to be seen by itself, in canvas units. */
export function createCamera(page: () => Rectangle) {
  let size = $state.raw({ width: 400, height: 400 })
  let narrow = $state(false)
  /** As moved by the user; the whole page is shown as long as it is undefined. */
  let moved = $state.raw<Viewport | undefined>()
  const whole = $derived(fitted(page(), size, narrow ? NARROW_MARGINS : MARGINS))
  const viewport = $derived(moved ?? whole)
  const move = (to: Viewport): void => void (moved = inSight(to, page(), size, IN_SIGHT))
  const centre = (): Point => ({ x: size.width / 2, y: size.height / 2 })

  return {
    get viewport() {
      return viewport
    },
    /** Of the stage, in pixels. */
    get size() {
      return size
    },
    set size(next) {
      size = next
    },
    /** Whether the window has little room. */
    set narrow(is: boolean) {
      narrow = is
    },
    /** How large the page is shown, in percent of what fits the stage. */
    get percent() {
      return (100 * viewport.scale) / whole.scale
    },
    set percent(wanted) {
      move(zoomed(viewport, centre(), (wanted * whole.scale) / 100 / viewport.scale))
    },
    /** Back to the whole page. */
    reset: () => void (moved = undefined),
    zoom(factor: number, at = centre()) {
      move(zoomed(viewport, at, factor))
    },
    pan(dx: number, dy: number, from = viewport) {
      move(panned(from, dx, dy))
    },
  }
}
