import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PHOTO, timed } from './measure.ts'
import { answer } from './say.ts'

/** How many photos are drawn. */
const PHOTOS = 40

/** `fewline bench batch`: many photos one after another and several at once, in one run of each, and how they compare. */
export async function benchBatch(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fewline-bench-'))
  try {
    await mkdir(join(folder, 'in'))
    for (let i = 0; i < PHOTOS; i++) await copyFile(PHOTO, join(folder, 'in', `${i}.jpg`))
    const alone = await drawn(folder, ['--jobs', '1'])
    const together = await drawn(folder, [])
    answer(`batch: ${PHOTOS} photos, one after another: ${perMinute(alone)} photos a minute`)
    answer(`batch: ${PHOTOS} photos, several at once: ${perMinute(together)} photos a minute`)
    answer(`batch: ${(alone / together).toFixed(2)} times as many`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Draws them by the command itself, in a process of its own; gives the milliseconds with its start. */
async function drawn(folder: string, args: readonly string[]): Promise<number> {
  const call = ['sketch', join(folder, 'in'), '-o', join(folder, 'out/'), '--encoder', 'builtin', ...args]
  const [milliseconds] = await timed(() => {
    const child = spawn(process.execPath, [process.argv[1]!, ...call], { stdio: 'ignore' })
    return new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`the sketches ended with ${String(code)}`)),
      )
    })
  })
  return milliseconds
}

function perMinute(milliseconds: number): string {
  return ((PHOTOS * 60_000) / milliseconds).toFixed(0)
}
