import { existsSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { connect, type Door, type Frame } from '../../main/api.ts'
import { openAutosave } from '../../main/host/autosave.ts'
import { browserShell } from '../../main/host/shell.ts'
import { memoryPorts, next, testStudio, type TestStudio } from './support/studio.ts'

const studios: TestStudio[] = []
afterEach(() => {
  for (const studio of studios.splice(0)) studio.close()
})

function start(data?: string): TestStudio {
  const studio = testStudio(data)
  studios.push(studio)
  return studio
}

async function enter({ studio }: TestStudio, settings = {}): Promise<Door> {
  const [near, far] = memoryPorts()
  studio.connect(far, browserShell)
  const door = connect(near)
  await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
  await door.call('change', { settings: { strokes: 6, iterations: 40, seeds: 1, frameEvery: 1, ...settings } })
  return door
}

/**
 * The next session with a folder, what its window is told of at once, and what it finds: as if this process, which left it,
 * were gone.
 */
async function nextSession(data: string) {
  renameSync(join(data, 'autosave', String(process.pid)), join(data, 'autosave', '999999999'))
  const [near, far] = memoryPorts()
  start(data).studio.connect(far, browserShell)
  const door = connect(near)
  const told: string[] = []
  const stop = door.on('restoring', ({ title }) => told.push(title))
  const greeted = await door.call('hello', {})
  stop()
  return { door, told, ...greeted }
}

test('a run goes on from its last frame when the engine is killed, and the user is told', async () => {
  const host = start()
  const door = await enter(host)
  const frames: Frame[] = []
  door.on('frame', (frame) => frames.push(frame))
  const told = next(door, 'notice')
  const done = next(door, 'run', ({ phase }) => phase === 'done')
  await door.call('draw', {})
  await next(door, 'frame', ({ step }) => step >= 10)
  host.processes.at(-1)!.kill()
  expect(await told).toMatchObject({
    about: 'engine',
    text: 'The drawing’s process was lost: it goes on with one picture at a time.',
  })
  await done
  expect(host.processes.length).toBe(2)
  // None is left out, and none is shown twice.
  expect(frames.slice(0, -1).map(({ step }) => step)).toEqual(Array.from({ length: 41 }, (_, step) => step))
  expect(frames.every(({ steps }) => steps === 40)).toBe(true)
  expect(frames.at(-1)!.done).toBe(true)
})

test('a run that loses its process again goes on by the processor, and is drawn to the end', async () => {
  const host = start()
  const door = await enter(host)
  const notes: string[] = []
  const steps: number[] = []
  door.on('notice', ({ text }) => notes.push(text))
  door.on('frame', ({ step, order }) => order ?? steps.push(step))
  const done = next(door, 'run', ({ phase }) => phase === 'done')
  await door.call('draw', {})
  for (const at of [5, 15]) {
    await next(door, 'frame', ({ step }) => step >= at)
    host.processes.at(-1)!.kill()
  }
  await done
  expect(notes).toEqual([
    'The drawing’s process was lost: it goes on with one picture at a time.',
    'The drawing’s process was lost again: the processor goes on from there.',
  ])
  expect(steps).toEqual(Array.from({ length: 41 }, (_, step) => step))
})

test('seeds that are left are drawn after a crash, and the best of all is kept', async () => {
  const host = start()
  const door = await enter(host, { seeds: 3, iterations: 12 })
  const last = next(door, 'frame', ({ done }) => done)
  await door.call('draw', {})
  await next(door, 'frame', ({ seed, step }) => seed === 1 && step >= 4)
  host.processes.at(-1)!.kill()
  const frame = await last
  const { seeds } = await door.call('history', {})
  expect(seeds.map(({ seed }) => seed)).toEqual([0, 1, 2])
  expect(seeds.filter(({ best }) => best).map(({ loss }) => loss)).toEqual([frame.loss])
  expect(frame.seeds).toBe(3)
})

test('a paused run stays paused when the engine is killed', async () => {
  const host = start()
  const door = await enter(host, { iterations: 100_000 })
  await door.call('draw', {})
  await next(door, 'frame', ({ step }) => step >= 4)
  await door.call('pause', {})
  const told = next(door, 'notice')
  host.processes.at(-1)!.kill()
  await told
  const { snapshot } = await door.call('hello', {})
  expect(snapshot.run!.phase).toBe('paused')
  const goes = next(door, 'frame', ({ step }) => step > 8)
  await door.call('resume', {})
  await goes
  await door.call('stop', {})
})

test('an engine that is lost again and again fails the run, and says what to do', async () => {
  const host = start()
  const door = await enter(host)
  const failed = next(door, 'run', ({ phase }) => phase === 'failed')
  const killer = setInterval(() => host.processes.at(-1)!.kill(), 5)
  await door.call('draw', {})
  const { problem } = await failed
  clearInterval(killer)
  expect(problem!.kind).toBe('device')
  // The next one is none the worse for it.
  const done = next(door, 'run', ({ phase }) => phase === 'done')
  await door.call('change', { settings: { iterations: 3 } })
  await door.call('draw', {})
  await done
})

test('what a killed studio was drawing is there for the next one', async () => {
  const data = mkdtempSync(join(tmpdir(), 'fewline-studio-'))
  const first = start(data)
  const door = await enter(first, { iterations: 100_000, strokes: 7 })
  await door.call('draw', {})
  await next(door, 'frame', ({ step }) => step >= 10)
  first.studio.close()

  const { door: again, told, snapshot } = await nextSession(data)
  // Before the photo has been looked at again.
  expect(told).toEqual(['teapot'])
  expect(snapshot.restored).toBe(true)
  expect(snapshot.title).toBe('teapot')
  expect(snapshot.photo!.preview.bytes.length).toBeGreaterThan(1000)
  expect(snapshot.run!.phase).toBe('interrupted')
  expect(snapshot.settings.strokes).toBe(7)
  expect(snapshot.drawing!.strokes.widths.length).toBe(7)
  expect(snapshot.history.length).toBeGreaterThan(5)
  const goesOn = next(again, 'frame', ({ step }) => step > 2)
  await again.call('continue', { drawing: snapshot.drawing! })
  await goesOn
})

test('work that was exported is not offered again', async () => {
  const host = start()
  const door = await enter(host, { iterations: 2 })
  const last = next(door, 'frame', ({ done }) => done)
  await door.call('draw', {})
  await door.call('save', { options: { format: 'svg' }, drawing: { strokes: (await last).strokes, locked: [] } })
  const [near, far] = memoryPorts()
  host.studio.connect(far, browserShell)
  const { snapshot } = await connect(near).call('hello', {})
  expect(snapshot.restored).toBe(false)
  expect(snapshot.photo).toBeUndefined()
})

test('work that was exported, or only looked at, leaves nothing for the next studio', async () => {
  const data = mkdtempSync(join(tmpdir(), 'fewline-studio-'))
  const first = start(data)
  const door = await enter(first, { iterations: 2 })
  const last = next(door, 'frame', ({ done }) => done)
  await door.call('draw', {})
  const drawing = { strokes: (await last).strokes, locked: [] }
  await door.call('save', { options: { format: 'svg' }, drawing })
  const { delivered } = await door.call('saveProject', { drawing, as: false })
  const project = delivered as Extract<typeof delivered, { to: 'download' }>
  await door.call('open', { source: { from: 'bytes', ...project.file } })
  first.studio.close()

  const { door: again, snapshot } = await nextSession(data)
  expect([snapshot.restored, snapshot.photo]).toEqual([false, undefined])
  expect((await again.call('recent', {})).recent).toEqual([])
  expect(
    readdirSync(join(data, 'autosave'), { recursive: true })
      .map(String)
      .filter((name) => name.includes('.')),
  ).toEqual([])
})

test('work that is damaged is passed over', () => {
  const data = mkdtempSync(join(tmpdir(), 'fewline-autosave-'))
  const autosave = openAutosave(data)
  expect(autosave.takeOver()).toEqual([])
  expect(autosave.read('nothing')).toBeUndefined()
  expect(existsSync(join(data, 'nothing'))).toBe(false)
  expect(readdirSync(data).every((name) => !name.endsWith('.tmp'))).toBe(true)
})
