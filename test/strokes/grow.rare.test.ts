import { describe, expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import type { Chain } from '../../src/strokes/chains.ts'
import type { Cubic } from '../../src/strokes/fit.ts'
import { piecesOf } from '../../src/strokes/pieces.ts'
import { tracker } from '../../src/strokes/track.ts'
import { linesFor, traceStrokes } from '../../src/strokes/trace.ts'
import { findSubject } from '../../src/subject/subject.ts'
import { SAMPLES } from '../support/folder.ts'
import { photoOf, THINGS, type Thing } from '../support/things.ts'

/** What cubics gain of the lines, less what they cost: what annealing maximises. */
function gainOf(cubics: readonly Cubic[], chains: readonly Chain[]): number {
  const pieces = piecesOf(chains)
  const trackOf = tracker(pieces)
  const closest = new Float64Array(pieces.worth.length)
  let gain = 0
  for (const cubic of cubics) {
    const track = trackOf(cubic)
    if (!track) continue
    gain -= track.cost
    for (let k = 0; k < track.count; k++) {
      const p = track.pieces[k]!
      closest[p] = Math.max(closest[p]!, track.closeness[k]!)
    }
  }
  return closest.reduce((sum, closeness, p) => sum + closeness * pieces.worth[p]!, gain)
}

const photos: [name: string, photo: () => Promise<string | Buffer>][] = [
  ...['cactus.jpg', 'cat.jpg', 'cup.jpg', 'duck.jpg', 'flamingo.png', 'horse.jpg', 'lamp.jpg', 'teapot.jpg'].map(
    (name): [string, () => Promise<string>] => [name, async () => SAMPLES + name],
  ),
  ...(Object.keys(THINGS) as Thing[]).map((thing): [string, () => Promise<Buffer>] => [thing, () => photoOf(thing)]),
]

describe('a drawing of 32 strokes that was grown', () => {
  test('is, at 4, 8, 16 and 32 of them, nearly as good as one made for that number', async () => {
    const shares: Record<number, number[]> = { 4: [], 8: [], 16: [], 32: [] }
    for (const [, photo] of photos) {
      const { field } = await findSubject(await openPhoto(await photo()))
      const chains = linesFor(field, 32)
      const grown = traceStrokes(chains, 32, undefined, true).annealed
      expect(grown).toHaveLength(32)
      for (const [count, all] of Object.entries(shares)) {
        const alone = traceStrokes(chains, Number(count)).annealed
        all.push(gainOf(grown.slice(0, Number(count)), chains) / gainOf(alone, chains))
      }
    }
    const means = Object.entries(shares).map(
      ([count, all]) => [count, all.reduce((a, b) => a + b) / all.length] as const,
    )
    console.log(
      `line gain of the first strokes of a grown drawing, next to one made for them alone: ${means.map(([count, mean]) => `${count}: ${mean.toFixed(3)}`).join(', ')}`,
    )
    for (const [, mean] of means) expect(mean).toBeGreaterThanOrEqual(0.93)
  }, 600_000)
})
