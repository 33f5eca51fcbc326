import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { asNode, FewlineError } from '../../src/index.ts'
import { bestWidth, drawAll } from '../../src/batch/crew.ts'
import { Pace } from '../../src/batch/pace.ts'
import { drawerApart, type Drawer, type Outcome } from '../../src/cli/batch/drawers.ts'
import { clock, paceInWords } from '../../src/cli/batch/tally.ts'
import type { PhotoJob } from '../../src/cli/jobs.ts'
import { settled } from '../../src/cli/watch.ts'
import { useFolder } from '../support/folder.ts'

const folder = useFolder()
const jobNamed = (name: string): PhotoJob => ({ photo: `${name}.jpg`, name, output: `${name}.svg`, format: 'svg' })
const never = new AbortController().signal

test.each([
  [{ cores: 8, memory: 16e9 }, 0.3e9, 'cpu', undefined, 8],
  [{ cores: 8, memory: 1e9 }, 0.3e9, 'cpu', undefined, 2],
  [{ cores: 8, memory: 4e9 }, 1.3e9, 'cpu', undefined, 2],
  [{ cores: 2, memory: 4e9 }, 1.3e9, 'cpu', 6, 2],
  [{ cores: 2, memory: 1e8 }, 1.3e9, 'cpu', 2, 1],
  [{ cores: 2, memory: 16e9 }, 0.3e9, 'cpu', 3, 3],
  [{ cores: 8, memory: 64e9 }, 1.3e9, 'webgpu', undefined, 1],
] as const)('with %j, %i bytes each, on %s, %s asked: %i at once', async (there, takes, device, jobs, count) => {
  const engine = { takenBy: () => takes, deviceOf: async () => ({ device }) }
  const width = await bestWidth(engine, { encoder: 'x', device, jobs }, there)
  expect(width.count).toBe(count)
  const wanted = jobs ?? (device === 'cpu' ? there.cores : 1)
  // Whoever gets fewer is told how many fit, and why.
  if (count === wanted) expect(width.note).toBeUndefined()
  else expect(width.note).toMatch(new RegExp(`^Each photo takes about .* free: ${count} at once, not ${wanted}\\.$`))
})

test('no more are drawn at once than there are photos', async () => {
  const engine = { takenBy: () => 1.3e9, deviceOf: async () => ({ device: 'cpu' }) }
  const asked = { encoder: 'x', device: 'cpu', jobs: 8, photos: 2 }
  expect(await bestWidth(engine, asked, { cores: 8, memory: 4e9 })).toEqual({ count: 2 })
})

test('the pace counts photos that are partly done', () => {
  let now = 0
  const pace = new Pace(() => now)
  expect(paceInWords(pace, 10)).toBe('0 of 10 photos')
  now = 60_000
  pace.end('a')
  pace.way('b', 0.5)
  pace.way('c', 0.5)
  expect(paceInWords(pace, 10)).toBe('1 of 10 photos · 2.0 a minute · 4:00 left')
  pace.end('b')
  pace.end('c')
  expect(paceInWords(pace, 10)).toBe('3 of 10 photos · 3.0 a minute · 2:20 left')
  expect([0.2, 59.5, 3599, 3661].map(clock)).toEqual(['0:01', '1:00', '59:59', '1:01:01'])
})

test('each photo is drawn once, by whoever is free, and none after a stop', async () => {
  const jobs = ['a', 'b', 'c', 'd', 'e', 'f'].map(jobNamed)
  const stop = new AbortController()
  const drawn: string[] = []
  const drawer = (takes: number): Drawer => ({
    async draw({ name }): Promise<Outcome> {
      await setTimeout(takes)
      drawn.push(name)
      if (drawn.length === 4) stop.abort()
      return { stopped: true }
    },
    end: () => undefined,
  })
  const queue = jobs.values()
  const hears = { hearsOf: () => ({ way: () => undefined, say: () => undefined }), ended: () => undefined }
  await drawAll(() => queue.next().value, [drawer(1), drawer(40)], hears, stop.signal)
  expect(new Set(drawn).size).toBe(drawn.length)
  expect(drawn.length).toBeLessThan(6)
  expect(drawn).toContain('b')
})

/** A process that dies on its first photo as often as a file says, and draws nothing. */
const MORTAL = `
const fs = require('fs')
process.on('message', ({ job }) => {
  if (!job) return
  const lives = Number(fs.readFileSync(job.photo, 'utf8'))
  if (lives > 0) {
    fs.writeFileSync(job.photo, String(lives - 1))
    process.kill(process.pid, 'SIGKILL')
  }
  process.send({ way: { taken: 1, total: 2 } })
  process.send({ outcome: { report: { photo: job.photo } } })
})
process.on('disconnect', () => process.exit())
`

test('a photo whose process is lost is drawn once more, and then told of; the next is drawn', async () => {
  const program = join(folder.path, 'child.cjs')
  writeFileSync(program, MORTAL)
  const drawer = drawerApart({ fewline: { asNode, FewlineError }, options: {}, stop: never }, program)
  const hears = { way: () => undefined, say: () => undefined }
  const outcomes: Outcome[] = []
  for (const lives of [1, 2, 0]) {
    const photo = join(folder.path, String(lives))
    writeFileSync(photo, String(lives))
    outcomes.push(await drawer.draw({ ...jobNamed('x'), photo }, hears))
  }
  drawer.end()
  expect(outcomes.map((outcome) => Object.keys(outcome)[0])).toEqual(['report', 'failure', 'report'])
  expect(outcomes[1]).toMatchObject({
    code: 1,
    lines: [expect.stringMatching(/^Expected .* to be drawn, but .*: .*\.$/)],
  })
})

test('a file is given when it has come to rest, and again when it has changed; a folder that is away is waited for', async () => {
  const stop = new AbortController()
  const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')]
  writeFileSync(b, '')
  let looks = 0
  const list = async () => {
    looks++
    // It grows while it is looked at.
    if (looks <= 20) writeFileSync(a, 'x'.repeat(looks))
    if (looks > 30 && looks < 40) throw new Error('away')
    return [a, b, join(folder.path, 'gone')]
  }
  // Time goes on by a second with every look.
  const files = settled(list, stop.signal, { look: 1, rest: 3, now: () => looks })
  const next = async () => (await files.next()).value as string | undefined
  expect(await next()).toBe(a)
  expect(looks).toBe(23)
  writeFileSync(b, 'no longer empty')
  expect(await next()).toBe(b)
  looks = 30
  writeFileSync(a, 'something else, and longer')
  expect(await next()).toBe(a)
  expect(looks).toBeGreaterThan(40)
  stop.abort()
  expect(await next()).toBeUndefined()
})
