import type { WriteStream } from 'node:tty'
import { said, say } from '../say.ts'
import { barFor, canRedraw } from '../terminal.ts'

/** How far several photos are, in one line on stderr. */
export interface Tally {
  /** `share`: how much of a photo that is being drawn is done, 0 to 1. */
  way(photo: string, share: number): void
  ended(photo: string): void
  /** Tells something besides. */
  say(...lines: readonly string[]): void
  end(): void
}

/** A bar on a terminal, else a line for every tenth of the photos. */
export async function openTally(total: number, to: WriteStream = process.stderr): Promise<Tally> {
  const pace = new Pace(total)
  return canRedraw(to) ? bar(pace, to) : lines(pace)
}

/** Photos a minute, and how long the rest takes. `now` is in milliseconds. */
export class Pace {
  private readonly under = new Map<string, number>()
  readonly total: number
  private readonly now: () => number
  private readonly began: number
  ended = 0

  constructor(total: number, now = () => performance.now()) {
    this.total = total
    this.now = now
    this.began = now()
  }

  way(photo: string, share: number): void {
    this.under.set(photo, share)
  }

  end(photo: string): void {
    this.under.delete(photo)
    this.ended++
  }

  /** How many photos are done, with those that are partly so. */
  get done(): number {
    return [...this.under.values()].reduce((sum, share) => sum + share, this.ended)
  }

  toString(): string {
    const seconds = (this.now() - this.began) / 1000
    const count = said(`${this.ended} of ${this.total} photos`)
    if (this.done === 0) return count
    const left = (seconds * (this.total - this.done)) / this.done
    return `${count} · ${said(rate(this.done, seconds))} · ${said(`${clock(left)} left`)}`
  }
}

async function bar(pace: Pace, stream: WriteStream): Promise<Tally> {
  const { default: progress } = await import('cli-progress')
  const single = new progress.SingleBar({ format: '{bar} {pace}', ...barFor(stream, '') }, progress.Presets.shades_grey)
  single.start(pace.total, 0, { pace })
  const close = () => single.stop()
  process.once('exit', close)
  const show = () => single.update(pace.done, { pace })
  return {
    way(photo, share) {
      pace.way(photo, share)
      show()
    },
    ended(photo) {
      pace.end(photo)
      show()
    },
    say(...lines) {
      // In the place of the bar, which is drawn anew below.
      stream.write('\r\x1b[K')
      say(...lines)
      show()
    },
    end() {
      process.off('exit', close)
      show()
      close()
    },
  }
}

function lines(pace: Pace): Tally {
  const tenth = () => Math.floor((10 * pace.ended) / pace.total)
  return {
    way: (photo, share) => pace.way(photo, share),
    ended(photo) {
      const before = tenth()
      pace.end(photo)
      if (tenth() > before && pace.ended < pace.total) say(String(pace))
    },
    say,
    end: () => undefined,
  }
}

function rate(photos: number, seconds: number): string {
  const a = (60 * photos) / Math.max(seconds, 0.001)
  return `${a < 10 ? a.toFixed(1) : a.toFixed(0)} a minute`
}

/** 0:07, 12:30, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const [first, ...rest] = parts[0] ? parts : parts.slice(1)
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
}
