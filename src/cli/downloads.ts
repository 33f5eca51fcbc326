import type { WriteStream } from 'node:tty'
import type { DownloadProgress } from '../index.ts'
import { said, say } from './say.ts'
import { barFor, canRedraw, shortened } from './terminal.ts'

/** Shows how far files have come, one after another; always on stderr. */
export interface Downloads {
  show(progress: DownloadProgress): void
  end(): void
}

/** A bar for each file on a terminal, else a line for every tenth of it. */
export async function openDownloads(to: WriteStream = process.stderr): Promise<Downloads> {
  return canRedraw(to) ? bars(to) : lines()
}

async function bars(stream: WriteStream): Promise<Downloads> {
  const { default: progress } = await import('cli-progress')
  const format = `{name} {bar} ${said('{done} of {whole} MB · {eta_formatted} left')}`
  let shown: string | undefined
  const bar = new progress.SingleBar({ format, ...barFor(stream, '') }, progress.Presets.shades_grey)
  return {
    show({ name, done, total }) {
      const words = { name: shortened(name, stream), done: megabytes(done), whole: megabytes(total) }
      if (name === shown) {
        bar.update(done, words)
        return
      }
      bar.stop()
      bar.start(total, done, words)
      shown = name
    },
    end: () => bar.stop(),
  }
}

function lines(): Downloads {
  let last = ''
  return {
    show({ name, done, total }) {
      const line = `${name}: ${Math.floor((10 * done) / total) * 10} % of ${megabytes(total)} MB`
      if (line !== last) say(line)
      last = line
    },
    end: () => undefined,
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
