/** How fast photos come, and how long the rest takes. `now` is in milliseconds; each photo is known by a name of its own. */
export class Pace {
  private readonly under = new Map<string, number>()
  private readonly now: () => number
  private readonly began: number
  ended = 0

  constructor(now = () => performance.now()) {
    this.now = now
    this.began = now()
  }

  /** `share`: how much of a photo is drawn, 0 to 1. */
  way(photo: string, share: number): void {
    this.under.set(photo, share)
  }

  end(photo: string): void {
    this.under.delete(photo)
    this.ended++
  }

  /** It is not drawn to its end. */
  drop(photo: string): void {
    this.under.delete(photo)
  }

  /** How many photos are done, with those that are partly so. */
  get done(): number {
    return [...this.under.values()].reduce((sum, share) => sum + share, this.ended)
  }

  /** Since it began. */
  get seconds(): number {
    return (this.now() - this.began) / 1000
  }

  /** How many seconds `total` photos will still take, counted from the first; undefined as long as nothing is done. */
  left(total: number): number | undefined {
    const { done } = this
    return done === 0 ? undefined : (this.seconds * (total - done)) / done
  }
}
