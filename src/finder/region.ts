import { onCanvas } from '../subject/lab.ts'
import type { Box, Finder, Point, Sight, Thing } from './finder.ts'
import { boxOf } from './mask.ts'
import { patchesOf } from './patches.ts'
import { pixelsOf, regionsIn, type Region } from './regions.ts'
import { thingInBox } from './things.ts'

/** A region larger than this share of the photo is rarely what was pointed at. */
const LARGEST = 0.5

const known = new WeakMap<Sight['photo'], Region[]>()

/** Clicks and boxes without any model: the region under a point, the thing in a box. */
export function regionFinder(): Finder {
  return {
    name: 'region',
    notes: [],
    async find(sight, { points = [], boxes = [] }) {
      const things = [
        ...points.map((point) => regionAt(point, sight)),
        ...boxes.map((box) => thingInBox(box, nameOfBox(box), 1, sight)),
      ]
      return { things, misses: [] }
    },
    dispose: async () => undefined,
  }
}

/** The region that stands out most of those a point lies in. */
function regionAt(point: Point, sight: Sight): Thing {
  const { photo } = sight
  const patches = patchesOf(sight)
  const { width, height } = patches.lab
  const column = Math.min(width - 1, Math.floor((point.x * width) / photo.sourceWidth))
  const row = Math.min(height - 1, Math.floor((point.y * height) / photo.sourceHeight))
  const patch = patches.label[row * width + column]!
  const regions = known.get(photo) ?? regionsIn(patches)
  known.set(photo, regions)
  const around = regions.filter((region) => region.patches.includes(patch))
  const region = around.find(({ share }) => share <= LARGEST) ??
    around[0] ?? { patches: [patch], share: 0, persistence: 0 }
  const mask = onCanvas(pixelsOf(region, patches), photo)
  return { words: nameOfPoint(point), score: 1, box: boxOf(mask, photo)!, mask }
}

/** How a point reads among phrases. */
export function nameOfPoint({ x, y }: Point): string {
  return `at ${round(x)},${round(y)}`
}

export function nameOfBox({ x, y, width, height }: Box): string {
  return `in ${[x, y, width, height].map(round).join(',')}`
}

function round(value: number): string {
  return String(Math.round(10 * value) / 10)
}
