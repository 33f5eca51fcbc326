import type { WriteStream } from 'node:tty'
import { Pace } from '../../batch/pace.ts'
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
  const pace = new Pace()
  return canRedraw(to) ? bar(pace, total, to) : lines(pace, total)
}

/** "3 of 10 photos · 3.0 a minute · 2:20 left" */
export function paceInWords(pace: Pace, total: number): string {
  const count = said(`${pace.ended} of ${total} photos`)
  const left = pace.left(total)
  if (left === undefined) return count
  return `${count} · ${said(rate(pace.done, pace.seconds))} · ${said(`${clock(left)} left`)}`
}

async function bar(pace: Pace, total: number, stream: WriteStream): Promise<Tally> {
  const { default: progress } = await import('cli-progress')
  const single = new progress.SingleBar({ format: '{bar} {pace}', ...barFor(stream, '') }, progress.Presets.shades_grey)
  single.start(total, 0, { pace: '' })
  const close = () => single.stop()
  process.once('exit', close)
  const show = () => single.update(pace.done, { pace: paceInWords(pace, total) })
  show()
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

function lines(pace: Pace, total: number): Tally {
  const tenth = () => Math.floor((10 * pace.ended) / total)
  return {
    way: (photo, share) => pace.way(photo, share),
    ended(photo) {
      const before = tenth()
      pace.end(photo)
      if (tenth() > before && pace.ended < total) say(paceInWords(pace, total))
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
