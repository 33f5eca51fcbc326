import { randomAt } from '../../src/random.ts'

/** Chance for one scene: every number follows from the seed. */
export class Dice {
  readonly next: () => number

  constructor(...place: number[]) {
    this.next = randomAt(...place)
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!
  }

  sign(): number {
    return this.chance(0.5) ? 1 : -1
  }

  /** Of the normal distribution around 0 (Box and Muller). */
  normal(deviation = 1): number {
    return deviation * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  /** One of several things, each as often as its weight says. */
  weighted<T>(list: readonly (readonly [weight: number, thing: T])[]): T {
    let left = this.next() * list.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, thing] of list) if ((left -= weight) < 0) return thing
    return list[list.length - 1]![1]
  }
}
