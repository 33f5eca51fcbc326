import { CANVAS, type Found, type GreyImage, type Thing } from '../../main/api.ts'

/** What was found in the photo, and what of it was chosen. */
export function createFound() {
  let things = $state.raw<readonly Thing[]>([])
  let chosen = $state.raw<ReadonlySet<number>>(new Set())
  let misses = $state.raw<Found['misses']>([])
  let searching = $state(false)

  return {
    get things() {
      return things
    },
    get chosen() {
      return chosen
    },
    /** Phrases of which nothing was found. */
    get misses() {
      return misses
    },
    get searching() {
      return searching
    },
    set searching(next) {
      searching = next
    },
    show(found: Found) {
      ;({ things, misses } = found)
      chosen = new Set()
    },
    /** One more thing, beside those that are there, and its place among them. */
    add(thing: Thing): number {
      things = [...things, thing]
      return things.length - 1
    },
    /** Chooses one, alone, or with `more` beside the others; one that was chosen goes. Gives their mask. */
    choose(index: number, more: boolean): GreyImage {
      const others = more ? [...chosen].filter((one) => one !== index) : []
      chosen = new Set(chosen.has(index) && more ? others : [...others, index])
      return together([...chosen].map((one) => things[one]!.mask))
    },
    reset() {
      ;[things, chosen, misses] = [[], new Set(), []]
    },
  }
}

function together(masks: readonly GreyImage[]): GreyImage {
  const all = new Uint8Array(CANVAS * CANVAS)
  for (const mask of masks) mask.forEach((value, i) => (all[i] = Math.max(all[i]!, value)))
  return all
}
