import type { Box, Found } from './finder.ts'

/** What two boxes share, of both together and of the smaller one, 0..1. */
export function overlap(a: Box, b: Box): { ofBoth: number; ofSmaller: number } {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  const shared = Math.max(0, width) * Math.max(0, height)
  const [first, second] = [a.width * a.height, b.width * b.height]
  return { ofBoth: shared / (first + second - shared), ofSmaller: shared / Math.min(first, second) }
}

/** Without those that share more than so much with a likelier one: of both together, or of the smaller of the two. */
export function apart<Scored extends { box: Box; score: number }>(
  things: readonly Scored[],
  same: number,
  within: number,
): Scored[] {
  const kept: Scored[] = []
  for (const thing of [...things].sort((a, b) => b.score - a.score)) {
    const taken = kept.some((other) => {
      const { ofBoth, ofSmaller } = overlap(thing.box, other.box)
      return ofBoth > same || ofSmaller > within
    })
    if (!taken) kept.push(thing)
  }
  return kept
}

/** All that was found, the likeliest first. */
export function together(found: readonly Found[]): Found {
  return {
    things: found.flatMap(({ things }) => things).sort((a, b) => b.score - a.score),
    misses: found.flatMap(({ misses }) => misses).sort((a, b) => b.score - a.score),
  }
}
