import type { Random } from '../random.ts'

/** A length of something between two others. */
export const between = (random: Random, least: number, most: number): number => least + random() * (most - least)

/**
 * What the roughness of paper leaves of a line: lengths that are painted and left out by turns, enough for them not to seem
 * to repeat.
 */
export function broken(
  random: Random,
  painted: readonly [least: number, most: number],
  bare: readonly [least: number, most: number],
): number[] {
  return Array.from({ length: 22 }, (_, i) => between(random, ...(i % 2 === 0 ? painted : bare)))
}

/** A hand that is not quite steady: -1..1, changing over about so many units. */
export function wobble(random: Random, over: number): (at: number) => number {
  const knots = Array.from({ length: 32 }, () => 2 * random() - 1)
  return (at) => {
    const place = Math.max(0, at) / over
    const [k, share] = [Math.floor(place), place - Math.floor(place)]
    const [a, b] = [knots[k % knots.length]!, knots[(k + 1) % knots.length]!]
    return a + eased(share) * (b - a)
  }
}

/** From 0 to 1, slow at both ends. */
export function eased(share: number): number {
  const t = Math.min(1, Math.max(0, share))
  return t * t * (3 - 2 * t)
}
