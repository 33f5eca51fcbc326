import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CANVAS, connect, type Drawing, type Frame, packSteps, unpackSteps } from '../../main/api.ts'
import { serve } from '../e2e/serve.ts'
import { next, socketTo } from './support/studio.ts'

/** Work is kept this often, and a moment more. */
const KEPT = 2500

// A real `fewline serve` is ended in the middle of a run; the next one, with the same folder, finds what it was drawing.
test('what is drawn by a studio that is asked to end, interrupted or killed is there for the next one', async () => {
  let served = await serve()
  let door = connect(await socketTo(served.url))
  await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
  await door.call('change', { settings: { strokes: 7, iterations: 100_000, frameEvery: 1 } })
  await door.call('draw', {})
  for (const [signal, pause] of [
    ['SIGTERM', 0],
    ['SIGINT', 0],
    ['SIGKILL', KEPT],
  ] as const) {
    let latest: Frame | undefined
    door.on('frame', (frame) => (latest = frame))
    await next(door, 'frame', ({ step }) => step >= 5)
    const seen = latest!.way.taken
    await setTimeout(pause)
    await served.end(signal)

    served = await serve(served.data)
    door = connect(await socketTo(served.url))
    const { snapshot } = await door.call('hello', {})
    expect(snapshot, signal).toMatchObject({ restored: true, title: 'teapot', run: { phase: 'interrupted' } })
    expect(snapshot.settings.strokes).toBe(7)
    expect(snapshot.history.length).toBeGreaterThanOrEqual(seen)
    expect(snapshot.drawing!.strokes.points).toEqual(snapshot.history.at(-1)!.strokes.points)
    const goesOn = next(door, 'frame', ({ step }) => step > 1)
    await door.call('continue', { drawing: snapshot.drawing! })
    await goesOn
  }
  await served.close()
})

test('an edit, and what can be undone, is on the disk when it is answered, and shown again at once', async () => {
  const first = await serve()
  const door = connect(await socketTo(first.url))
  const { opened } = await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
  const points = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const strokes = { points, widths: Float32Array.of(3), width: CANVAS, height: CANVAS } as const
  const before: Drawing = { strokes, locked: [], importance: [1] }
  const after: Drawing = { strokes, locked: [0] }
  await door.call('edit', { drawing: after })
  const painted = { mode: 'painted', mask: new Uint8Array(CANVAS * CANVAS).fill(255) } as const
  const steps = { past: [before], future: [before, after], asked: { past: [painted], future: [] } }
  await door.call('keepSteps', { steps: packSteps(steps) })
  const reloaded = await connect(await socketTo(first.url)).call('hello', { document: opened!.document })
  expect(unpackSteps(reloaded.snapshot.steps!)).toEqual(steps)
  await first.end('SIGKILL')
  const [folder] = readdirSync(join(first.data, 'autosave'))
  writeFileSync(join(first.data, 'autosave', folder!, 'x.work.tmp'), 'half of it')

  const second = await serve(first.data)
  const again = connect(await socketTo(second.url))
  const { snapshot } = await again.call('hello', {})
  expect(snapshot).toMatchObject({ restored: true, title: 'teapot', drawing: { locked: [0] } })
  expect(snapshot.drawing!.strokes.points).toEqual(points)
  expect(unpackSteps(snapshot.steps!)).toEqual(steps)
  // What was seen in the photo is remembered, not looked for.
  expect([snapshot.photo, snapshot.subject]).toEqual([opened!.photo, opened!.subject])
  expect(readdirSync(join(first.data, 'autosave'), { recursive: true }).join('\n')).not.toContain('tmp')
  await second.close()
  rmSync(first.data, { recursive: true, force: true })
})
