import { tick } from 'svelte'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { en } from '../../renderer/i18n/en.ts'
import { leftOf, nextStep, statusOf } from '../../renderer/panels/status.ts'
import { redoBrush, toggleRun, undoBrush, weighEvenly } from '../../renderer/panels/actions.ts'
import { shifted, changed } from '../../renderer/state/edit.ts'
import { lastingDoor } from '../../renderer/state/door.ts'
import { NO_DRAWING } from '../../renderer/state/strokes.ts'
import { createStudio } from '../../renderer/state/studio.svelte.ts'
import { type Bytes, CANVAS, type Drawing, type RequestOf, type Snapshot, StudioError } from '../../main/api.ts'
import { emptySnapshot, fakeDoor, someDrawing, someFrame, somePhoto, someStrokes } from './fake-door.ts'

const withPhoto: Snapshot = { ...emptySnapshot(), photo: somePhoto() }

async function opened(answers: Parameters<typeof fakeDoor>[0] = {}, snapshot = withPhoto) {
  const door = fakeDoor(answers, snapshot)
  const studio = createStudio(door)
  await studio.begin()
  return { door, studio, commands: () => door.asked.map(({ command }) => command) }
}
const frames = () => vi.advanceTimersByTime(300)

beforeEach(() => {
  vi.useFakeTimers()
  sessionStorage.clear()
  return () => vi.useRealTimers()
})

describe('a run', () => {
  test('is drawn frame by frame, and done only at the end', async () => {
    const { door, studio } = await opened()
    expect(statusOf(studio, en)).toBe('Ready.')
    await studio.draw()
    expect(statusOf(studio, en)).toBe('Looking at the photo …')
    door.tell('run', { run: 'run', phase: 'drawing' })
    door.tell('frame', someFrame({ step: 5, way: { taken: 5, total: 10 } }))
    frames()
    expect(studio.shown.strokes).toEqual(someStrokes(3))
    expect(statusOf(studio, en)).toBe('Drawing, 50 %')
    expect(leftOf(studio.run, en)).toBe('about 10 seconds left')
    door.tell('frame', someFrame({ step: 10, done: true, importance: [3, 2, 1], order: [0, 1, 2], seconds: 2 }))
    door.tell('run', { run: 'run', phase: 'done' })
    expect(statusOf(studio, en)).toBe('Done: 3 strokes in 2 seconds.')
    expect(studio.sketch.drawing.importance).toEqual([3, 2, 1])
    expect(studio.run.length).toBe(2)
    // Another number of strokes takes another run, and says so.
    expect(nextStep(studio)).toBe('export')
    studio.change({ strokes: 9, auto: false })
    expect([statusOf(studio, en), nextStep(studio)]).toEqual(['Draw to see it: a sketch of 9 strokes.', 'draw'])
    studio.change({ strokes: 16, auto: true })
    expect(statusOf(studio, en)).toMatch(/^Done/)
    studio.commit(NO_DRAWING)
    expect(statusOf(studio, en)).toBe('Ready.')
    door.tell('run', { run: 'run', phase: 'stopped' })
    expect(statusOf(studio, en)).toBe('Ready.')
  })

  test('asked for is no longer what the last one was, at once; unless it is refused', async () => {
    const refuse = (): never => {
      throw new StudioError({ kind: 'call', expected: 'a photo', came: 'there is none', todo: 'open one' })
    }
    const { studio } = await opened(
      { draw: refuse },
      { ...withPhoto, drawing: someDrawing(3), run: { run: 'old', phase: 'done' } },
    )
    expect(statusOf(studio, en)).toMatch(/^Done/)
    const asked = studio.draw()
    expect(statusOf(studio, en)).toBe('Looking at the photo …')
    await asked
    expect(statusOf(studio, en)).toMatch(/^Done/)
  })

  test('is stopped however early, once the host knows of it', async () => {
    const { studio, commands } = await opened()
    const asked = studio.draw()
    await studio.stop()
    await asked
    expect(commands().slice(-2)).toEqual(['draw', 'stop'])
    expect(statusOf(studio, en)).toBe('Ready.')
  })

  test('the last frame is shown before the run is said to be over', async () => {
    const { door, studio } = await opened()
    await studio.draw()
    door.tell('frame', someFrame({ strokes: someStrokes(7) }))
    door.tell('run', { run: 'run', phase: 'done' })
    expect(studio.sketch.count).toBe(7)
  })

  test('of two frames between two pictures the last one counts, and both are kept', async () => {
    const { door, studio } = await opened()
    await studio.draw()
    door.tell('frame', someFrame({ strokes: someStrokes(1) }))
    door.tell('frame', someFrame({ strokes: someStrokes(2) }))
    expect(studio.sketch.count).toBe(0)
    frames()
    expect(studio.sketch.count).toBe(2)
    door.tell('run', { run: 'run', phase: 'paused' })
    expect(studio.run.length).toBe(2)
  })

  test('can be undone as one step', async () => {
    const { door, studio } = await opened({}, { ...withPhoto, drawing: someDrawing(2) })
    await studio.draw()
    for (const step of [1, 2, 3]) {
      door.tell('frame', someFrame({ step }))
      frames()
    }
    door.tell('run', { run: 'run', phase: 'stopped' })
    expect(studio.sketch.count).toBe(3)
    studio.undo()
    expect(studio.sketch.count).toBe(2)
    studio.redo()
    expect(studio.sketch.count).toBe(3)
  })

  test('that goes on from a drawing keeps its locks and colours', async () => {
    const { door, studio } = await opened({}, { ...withPhoto, drawing: someDrawing(3, { locked: [1] }) })
    await studio.continueRun()
    expect(door.asked.at(-1)).toMatchObject({ command: 'continue', request: { drawing: { locked: [1] } } })
    door.tell('frame', someFrame({ run: 'continued', done: true, order: [1, 0, 2] }))
    frames()
    expect(studio.sketch.drawing.locked).toEqual([0])
  })

  test('one key draws, pauses, and goes on', async () => {
    const { door, studio, commands } = await opened()
    toggleRun(studio)
    await vi.runAllTimersAsync()
    door.tell('run', { run: 'run', phase: 'drawing' })
    toggleRun(studio)
    await vi.runAllTimersAsync()
    toggleRun(studio)
    await vi.runAllTimersAsync()
    expect(commands().filter((command) => /draw|pause|resume/.test(command))).toEqual(['draw', 'pause', 'resume'])
  })

  test('paused and edited goes on from the edited drawing', async () => {
    const { door, studio, commands } = await opened()
    await studio.draw()
    door.tell('run', { run: 'run', phase: 'drawing' })
    door.tell('frame', someFrame())
    await studio.pause()
    studio.commit(changed(studio.sketch.drawing, [0], '#000000', shifted(9, 0)))
    await studio.continueRun()
    expect(commands()).not.toContain('resume')
    expect(door.asked.at(-1)!.command).toBe('continue')
    expect(studio.sketch.drawing.strokes.points[0]).toBe(9)
  })

  test('in place of what was edited says so, after a reload too, and is taken back', async () => {
    let steps: Bytes | undefined
    const keepSteps = (request: { steps: Bytes }) => {
      ;({ steps } = request)
      return {}
    }
    const { studio: before } = await opened({ keepSteps }, { ...withPhoto, drawing: someDrawing(2) })
    before.commit(someDrawing(4))
    await vi.runAllTimersAsync()
    const { door, studio, commands } = await opened({}, { ...withPhoto, drawing: someDrawing(4), steps })
    await studio.draw()
    door.tell('run', { run: 'run', phase: 'drawing' })
    door.tell('frame', someFrame())
    frames()
    const { text, action } = studio.notices.list.at(-1)!
    expect([text, studio.sketch.count]).toEqual([en.run.replaced, 3])
    action!.run()
    await vi.runAllTimersAsync()
    // A frame that was on its way comes too late.
    door.tell('frame', someFrame({ step: 9 }))
    frames()
    expect([studio.sketch.count, commands().includes('stop')]).toEqual([4, true])
    // What nobody has edited is replaced without a word.
    const { studio: other } = await opened({}, { ...withPhoto, drawing: someDrawing(4) })
    await other.draw()
    expect(other.notices.list).toEqual([])
  })

  test('is paused by whoever edits, and goes on from the edit', async () => {
    const { door, studio, commands } = await opened()
    await studio.draw()
    door.tell('run', { run: 'run', phase: 'drawing' })
    door.tell('frame', someFrame())
    frames()
    studio.sketch.select([0])
    studio.edit(shifted(9, 0))
    door.tell('frame', someFrame({ step: 2 }))
    frames()
    await vi.runAllTimersAsync()
    expect([commands().includes('pause'), studio.run.phase]).toEqual([true, 'paused'])
    expect(studio.sketch.drawing.strokes.points[0]).toBe(9)
    await studio.continueRun()
    const { request } = door.asked.findLast(({ command }) => command === 'continue')!
    expect((request as { drawing: Drawing }).drawing.strokes.points[0]).toBe(9)
    door.tell('frame', someFrame({ run: 'continued', step: 1 }))
    frames()
    expect(studio.sketch.drawing.strokes.points[0]).toBe(0)
  })

  test('that failed says why, with details to copy', async () => {
    const { door, studio } = await opened()
    const problem = { kind: 'photo' as const, expected: 'a photo', came: 'it is a tree', todo: 'choose another' }
    door.tell('run', { run: 'run', phase: 'failed', problem: { ...problem, details: 'at the root' } })
    expect(studio.notices.list.at(-1)).toMatchObject({
      level: 'problem',
      text: 'Expected a photo, but it is a tree: choose another.',
      details: expect.stringContaining('at the root') as string,
    })
  })
})

describe('what to do next', () => {
  test('is to open, to draw, to go on, and to export', async () => {
    const { door, studio } = await opened({}, emptySnapshot())
    const steps = [nextStep(studio)]
    await studio.open({ from: 'sample', name: 'cat' })
    steps.push(nextStep(studio))
    await studio.draw()
    steps.push(nextStep(studio))
    door.tell('frame', someFrame())
    door.tell('run', { run: 'run', phase: 'paused' })
    steps.push(nextStep(studio))
    door.tell('run', { run: 'run', phase: 'done' })
    steps.push(nextStep(studio))
    expect(steps).toEqual(['open', 'draw', undefined, 'continue', 'export'])
  })
})

describe('the drawing', () => {
  test('is simplified to look at, and for good when that is kept', async () => {
    const { studio } = await opened({}, { ...withPhoto, drawing: someDrawing(5) })
    studio.sketch.kept = 2
    expect(studio.shown.strokes.widths).toHaveLength(2)
    expect(studio.sketch.count).toBe(5)
    studio.commit(studio.shown)
    expect(studio.sketch.count).toBe(2)
    studio.undo()
    expect(studio.sketch.count).toBe(5)
  })

  test('a slider that moves on is one step', async () => {
    const { studio } = await opened({}, { ...withPhoto, drawing: someDrawing(2) })
    for (const width of [4, 5, 6]) studio.changeWidth(width)
    expect(studio.sketch.drawing.strokes.widths[0]).toBe(6)
    studio.undo()
    expect(studio.sketch.drawing.strokes.widths[0]).toBe(3)
  })

  test('can be undone and done again after a reload', async () => {
    let steps: Bytes | undefined
    const keepSteps = (request: { steps: Bytes }) => {
      ;({ steps } = request)
      return {}
    }
    const { studio } = await opened({ keepSteps }, { ...withPhoto, drawing: someDrawing(5, { locked: [1] }) })
    for (const count of [4, 3, 2]) studio.commit(someDrawing(count))
    studio.undo()
    await vi.runAllTimersAsync()
    const { studio: next } = await opened({}, { ...withPhoto, drawing: studio.sketch.drawing, steps })
    expect(next.sketch.drawing).toEqual(someDrawing(3))
    next.redo()
    expect([next.sketch.drawing, next.sketch.canRedo]).toEqual([someDrawing(2), false])
    for (let i = 0; i < 3; i++) next.undo()
    expect([next.sketch.drawing, next.sketch.canUndo]).toEqual([someDrawing(5, { locked: [1] }), false])
  })

  test('of another document can be undone no further than that', async () => {
    const { studio } = await opened({}, { ...withPhoto, drawing: someDrawing(2) })
    studio.commit(someDrawing(1))
    await studio.newDocument()
    expect(studio.sketch.canUndo).toBe(false)
  })

  test('before a run can be come back to after a reload', async () => {
    const { door, studio } = await opened({}, { ...withPhoto, drawing: someDrawing(2) })
    await studio.draw()
    await vi.runAllTimersAsync()
    const { steps } = door.asked.find(({ command }) => command === 'keepSteps')!.request as { steps: Bytes }
    const { studio: next } = await opened({}, { ...withPhoto, drawing: someDrawing(3), steps })
    next.undo()
    expect(next.sketch.drawing).toEqual(someDrawing(2))
  })

  test('tells the host of an edit once it rests', async () => {
    const { studio, commands } = await opened({}, { ...withPhoto, drawing: someDrawing(2) })
    for (const width of [4, 5, 6]) studio.changeWidth(width)
    await vi.runAllTimersAsync()
    expect(commands().filter((command) => command === 'edit')).toHaveLength(1)
    expect(commands().filter((command) => command === 'keepSteps')).toHaveLength(1)
    expect(commands().filter((command) => command === 'change')).toHaveLength(1)
    // A slider that moves on is no other step.
    studio.changeWidth(7)
    await vi.runAllTimersAsync()
    expect(commands().filter((command) => command === 'edit')).toHaveLength(2)
    expect(commands().filter((command) => command === 'keepSteps')).toHaveLength(1)
  })

  test('of an earlier moment is shown while scrubbing, and no part of it changes', async () => {
    const moment = { step: 0, seed: 0, loss: 1, terms: {}, strokes: someStrokes(9) }
    const { studio } = await opened(
      {},
      { ...withPhoto, drawing: someDrawing(2), history: [moment, moment], run: { run: 'old', phase: 'done' } },
    )
    studio.run.scrubbed = 0
    await tick()
    expect(studio.shown.strokes.widths).toHaveLength(9)
    studio.run.scrubbed = undefined
    expect(studio.shown.strokes.widths).toHaveLength(2)
  })
})

describe('settings', () => {
  test('and edits have reached the host before another document is shown', async () => {
    const { studio, commands } = await opened({}, { ...withPhoto, drawing: someDrawing(2) })
    studio.changeWidth(5)
    await studio.newDocument()
    expect(commands().slice(-5, -1)).toEqual(['change', 'edit', 'keepSteps', 'newDocument'])
    await vi.runAllTimersAsync()
    expect(commands().filter((command) => command === 'edit')).toHaveLength(1)
  })

  test('have reached the host before a run begins', async () => {
    const { studio, door, commands } = await opened()
    studio.change({ strokes: 8 })
    studio.change({ strokes: 9, seeds: 2 })
    await studio.draw()
    expect(commands().slice(-2)).toEqual(['change', 'draw'])
    expect(door.asked.at(-2)!.request).toEqual({ settings: { strokes: 9, seeds: 2 } })
  })
})

describe('the subject', () => {
  test('is no longer painted once the drawing begins', async () => {
    const { studio } = await opened()
    studio.look.tool = 'mask-add'
    await studio.draw()
    expect(studio.look.tool).toBe('select')
  })

  test('what is painted is undone step by step, weights of lines and what was asked before, too', async () => {
    const { studio, door } = await opened()
    const { page } = studio
    const mask = new Uint8Array(CANVAS * CANVAS).fill(9)
    const weights = new Uint8Array(CANVAS * CANVAS).fill(200)
    /** By name: comparing maps byte by byte takes its time. */
    const told = () => {
      const request = door.asked.at(-1)!.request as RequestOf<'subject'>
      return [
        request.mask === mask ? 'mask' : request.mask,
        request.emphasis === weights ? 'weights' : request.emphasis,
      ]
    }
    await studio.findSubject('none')
    page.paint.begin()
    page.paint.weigh(weights)
    await studio.findSubject(page.wanted)
    expect(told()).toEqual(['none', 'weights'])
    page.paint.begin()
    page.paint.stroke(mask)
    await studio.findSubject(page.wanted)
    expect(told()).toEqual(['mask', 'weights'])

    undoBrush(studio)
    expect(told()).toEqual(['none', 'weights'])
    undoBrush(studio)
    expect(told()).toEqual(['none', undefined])
    undoBrush(studio)
    expect(told()).toEqual(['auto', undefined])
    expect(page.canUndoMask).toBe(false)
    redoBrush(studio)
    redoBrush(studio)
    expect(told()).toEqual(['none', 'weights'])
    weighEvenly(studio)
    expect(told()).toEqual(['none', undefined])
  })

  test('what is painted can be undone after a reload', async () => {
    const { studio, door } = await opened()
    const mask = new Uint8Array(CANVAS * CANVAS).fill(9)
    studio.page.paint.begin()
    studio.page.paint.stroke(mask)
    await studio.findSubject(studio.page.wanted)
    await vi.runAllTimersAsync()
    const { steps } = door.asked.find(({ command }) => command === 'keepSteps')!.request as { steps: Bytes }
    const { studio: next } = await opened({}, { ...withPhoto, steps })
    expect(next.page.canUndoMask).toBe(true)
    undoBrush(next)
    expect([next.page.wanted, next.page.canUndoMask]).toEqual(['auto', false])
  })

  test('answers that are late, or about another document, count for nothing', async () => {
    const answers: (() => void)[] = []
    const { studio, door } = await opened()
    const { call } = door
    door.call = async (command, request) => {
      const answer = await call(command, request)
      if (command === 'subject' || command === 'find') await new Promise<void>((resolve) => answers.push(resolve))
      return answer
    }
    const [first, second] = [studio.findSubject('none'), studio.findSubject('auto')]
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    answers[1]!()
    await second
    answers[0]!()
    await first
    expect(studio.page.subject?.mode).toBe('auto')
    expect(studio.busy).toBe(false)

    const [subject, thing] = [studio.findSubject('none'), studio.pointAt({ x: 50, y: 50 }, false)]
    await vi.waitFor(() => expect(answers).toHaveLength(4))
    door.tell('opened', { ...withPhoto, document: 'another', photo: somePhoto(), subject: studio.page.subject })
    expect(studio.found.searching).toBe(false)
    answers[2]!()
    answers[3]!()
    await Promise.all([subject, thing])
    expect(studio.page.subject?.mode).toBe('auto')
    expect(studio.found.things).toEqual([])
  })

  test('is looked for once a photo is there', async () => {
    const { studio, commands } = await opened({}, emptySnapshot())
    expect(commands()).not.toContain('subject')
    await studio.open({ from: 'sample', name: 'cat' })
    expect(commands()).toContain('subject')
    await vi.waitFor(() => expect(studio.page.subject?.mode).toBe('auto'))
  })
})

describe('the connection', () => {
  test('comes back by itself, with the same document', async () => {
    const doors = [fakeDoor(), fakeDoor()]
    let count = 0
    const door = lastingDoor(() => doors[count++]!, { lost: () => studio.lost(), opened: () => void studio.begin() })
    const studio = createStudio(door)
    await studio.begin()
    doors[0]!.close()
    expect(studio.notices.list.map(({ text }) => text)).toEqual([en.connection.lost])
    await vi.advanceTimersByTimeAsync(400)
    expect(doors[1]!.asked[0]).toEqual({ command: 'hello', request: { document: 'document' } })
    doors[1]!.tell('opened', withPhoto)
    expect(studio.page.photo?.name).toBe('cat.jpg')
  })

  test('work that is brought back is told at once, until it is there', async () => {
    const door = fakeDoor({}, withPhoto)
    const { call } = door
    let answer = (): void => undefined
    const answered = new Promise<void>((resolve) => (answer = resolve))
    door.call = async (command, request) => {
      if (command === 'hello') await answered
      return call(command, request)
    }
    const studio = createStudio(door)
    const begun = studio.begin()
    door.tell('restoring', { title: 'cat' })
    expect(studio.restoring).toBe('cat')
    expect(statusOf(studio, en)).toBe('Bringing back cat …')
    expect(nextStep(studio)).toBeUndefined()
    answer()
    await begun
    expect([studio.restoring, studio.page.photo?.name]).toEqual([undefined, 'cat.jpg'])
  })

  test('a command that fails is told, and the window goes on', async () => {
    const problem = { kind: 'photo' as const, expected: 'a photo', came: 'it is empty', todo: 'choose another' }
    const refuse = (): never => {
      throw new StudioError(problem)
    }
    const { studio } = await opened({ open: refuse })
    await studio.open({ from: 'sample', name: 'none' })
    expect(studio.notices.list.at(-1)).toMatchObject({
      text: 'Choose a photo: none is no picture that can be read.',
      details: expect.stringContaining('it is empty') as string,
    })
    expect(studio.busy).toBe(false)
  })

  test('a problem is told as long as it is one', async () => {
    const problem = { kind: 'photo' as const, expected: 'a photo', came: 'it is empty', todo: 'choose another' }
    let works = false
    let tries = 0
    const open = () => {
      if (works) return { opened: withPhoto }
      throw new StudioError({ ...problem, came: `try ${++tries} is empty` })
    }
    const { studio } = await opened({ open })
    // The next one takes the place of the last.
    for (const name of ['none', 'none either']) await studio.open({ from: 'sample', name })
    await studio.findSubject('auto')
    expect(studio.notices.list).toHaveLength(1)
    works = true
    await studio.open({ from: 'sample', name: 'cat' })
    expect(studio.notices.list).toEqual([])
  })
})
