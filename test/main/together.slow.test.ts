import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect, DEFAULT_SETTINGS, encode } from '../../main/api.ts'
import { serve } from '../e2e/serve.ts'
import { socketTo } from './support/studio.ts'

/** What a process that is gone has left in a data folder: so many drawings. */
function leave(data: string, count: number): void {
  const folder = join(data, 'autosave', '999999999')
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < count; i++) {
    const strokes = { points: new Float32Array(8), widths: Float32Array.of(3), width: 224, height: 224 }
    const drawing = { strokes, locked: [] }
    const work = { fewline: 1, title: `left ${i}`, mask: 'auto', settings: DEFAULT_SETTINGS, drawing, kept: false }
    writeFileSync(join(folder, `work-${i}.work`), encode(work))
  }
}

test(
  'four at once on one folder all work at the first try, and each piece of work is found by one',
  { timeout: 120_000 },
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'fewline-together-'))
    leave(data, 40)
    const studios = await Promise.all([1, 2, 3, 4].map(() => serve(data)))
    const doors = await Promise.all(studios.map(async ({ url }) => connect(await socketTo(url))))
    const found = await Promise.all(
      doors.map(async (door) => {
        const { snapshot } = await door.call('hello', {})
        const { recent } = await door.call('recent', {})
        return [...(snapshot.restored ? [snapshot.title] : []), ...recent.map(({ name }) => name)]
      }),
    )
    expect(found.flat().sort()).toEqual(Array.from({ length: 40 }, (_, i) => `left ${i}`).sort())
    const equipped = await Promise.all(doors.map(async (door) => door.call('equipment', {})))
    expect(equipped).toHaveLength(4)
    if (process.platform !== 'win32') expect(statSync(data).mode & 0o777).toBe(0o700)
    for (const studio of studios) await studio.end('SIGINT')
    expect(readdirSync(join(data, 'autosave')).filter((name) => name.includes('taken'))).toEqual([])
    rmSync(data, { recursive: true, force: true })
  },
)
