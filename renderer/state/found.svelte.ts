import type { Found, Thing } from '../../main/api.ts'

/** What was found in the photo. */
export function createFound() {
  let things = $state.raw<readonly Thing[]>([])
  let misses = $state.raw<Found['misses']>([])
  let searching = $state(false)

  return {
    get things() {
      return things
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
    },
    /** One more thing, beside those that are there, and its place among them. */
    add(thing: Thing): number {
      things = [...things, thing]
      return things.length - 1
    },
    reset() {
      ;[things, misses, searching] = [[], [], false]
    },
  }
}
