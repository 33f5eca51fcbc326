import type { Frame, Strokes } from '../index.ts'

/** Far more than a film shows, and few enough to keep, however long a drawing takes. */
const MOST = 1000

/** Keeps moments of a drawing, evenly spread: when there are too many, every second one is let go. */
export class Reel {
  private frames: Frame[] = []
  private seen = 0
  private stride = 1

  add(frame: Frame): void {
    if (this.seen++ % this.stride > 0) return
    this.frames.push(frame)
    if (this.frames.length < MOST) return
    this.frames = this.frames.filter((_, i) => i % 2 === 0)
    this.stride *= 2
  }

  /** How the drawing of one seed came to be. */
  moments(seed: number): Strokes[] {
    return this.frames.filter((frame) => frame.seed === seed).map(({ strokes }) => strokes)
  }
}
