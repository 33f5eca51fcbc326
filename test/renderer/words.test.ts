import { fireEvent, render, screen } from '@testing-library/svelte'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CANVAS, DEFAULT_SETTINGS, type MadeEdit, type Snapshot, type Verb } from '../../main/api.ts'
import { en } from '../../renderer/i18n/en.ts'
import { canDoAsSaid, canRedo, canUndo, doAsSaid, redo, undo } from '../../renderer/panels/actions.ts'
import WordsPanel from '../../renderer/panels/words/WordsPanel.svelte'
import { changed } from '../../renderer/state/edit.ts'
import { joined, strokesFrom, strokesOf, svgOf } from '../../renderer/state/strokes.ts'
import { createStudio } from '../../renderer/state/studio.svelte.ts'
import { emptySnapshot, fakeDoor, someDrawing, somePhoto, someStrokes } from './fake-door.ts'
import Within from './Within.svelte'

const saying = (verb: Verb, text: string): Snapshot['settings'] => {
  const { words } = DEFAULT_SETTINGS
  const said = { draw: { ...words.draw, text }, edit: { ...words.edit, text }, move: { text, source: 'a cat' } }
  return { ...DEFAULT_SETTINGS, words: { verb, ...said } }
}
const someModel = { kind: 'encoder' as const, about: '', licence: 'MIT', bytes: 354e6, installed: false }
const models = () => ({ models: [{ ...someModel, name: 'ViT-B/32', downloading: false }] })
const reader = { id: 'auto', name: 'Automatic', about: '', installed: true, readsText: true }
const equipment = () => ({
  equipment: { devices: [], encoders: [reader], presets: [], modes: ['tone', 'watercolour'] },
})
const someEdit = (id: string): MadeEdit => ({
  ...{ id, text: id, mode: 'tone' },
  preview: { type: 'image/jpeg', bytes: new Uint8Array(4) },
})

async function opened(start: Partial<Snapshot>, answers: Parameters<typeof fakeDoor>[0] = { equipment, models }) {
  const door = fakeDoor(
    {
      ...{ imagine: () => ({ state: { run: 'w', phase: 'starting', by: 'words' } }) },
      ...{ move: () => ({ state: { run: 'm', phase: 'starting', by: 'move' } }) },
      ...{
        editPhoto: () => ({ editing: { phase: 'going', share: 0 } }),
        showEdit: () => ({}),
        downloadModel: () => ({}),
      },
      ...answers,
    },
    { ...emptySnapshot(), ...start },
  )
  const studio = createStudio(door)
  await studio.begin()
  studio.look.side = 'words'
  return { door, studio, commands: () => door.asked.map(({ command }) => command) }
}

beforeEach(() => sessionStorage.clear())

describe('the Words tab', () => {
  test('says what each verb does, and what is missing, with the button that gets it', async () => {
    const { studio, commands } = await opened({ settings: saying('draw', 'red') }, { models })
    render(Within, { studio, part: WordsPanel })
    for (const { name, about } of Object.values(en.words.verbs)) {
      const described = screen.getByRole('radio', { name }).getAttribute('aria-describedby')!
      expect(document.getElementById(described)?.textContent).toBe(about)
    }
    screen.getByText(en.words.needs('ViT-B/32', 354))
    expect(canDoAsSaid(studio)).toBe(false)
    await fireEvent.click(screen.getByRole('button', { name: en.settings.download('ViT-B/32') }))
    expect(commands()).toContain('downloadModel')
  })

  test('fills the field by an example, and offers every way that the engine has', async () => {
    const { studio } = await opened({ settings: saying('edit', ''), photo: somePhoto() })
    render(Within, { studio, part: WordsPanel })
    await fireEvent.click(screen.getByRole('button', { name: 'deep night' }))
    expect(screen.getByRole('textbox', { name: en.words.edit.say })).toHaveProperty('value', 'deep night')
    screen.getByRole('radio', { name: 'Tone' })
    await fireEvent.click(screen.getByRole('radio', { name: 'watercolour' }))
    expect(studio.page.settings.words.edit).toMatchObject({ text: 'deep night', mode: 'watercolour' })
  })

  test('does by a key what is said, where there is what it takes', async () => {
    const drawn = await opened({ settings: saying('draw', 'red') })
    doAsSaid(drawn.studio)
    await vi.waitFor(() => expect(drawn.commands()).toContain('imagine'))
    const nothing = await opened({ settings: saying('edit', 'warm') })
    expect(canDoAsSaid(nothing.studio)).toBe(false)
    const locked = await opened({ settings: saying('move', 'a dog'), drawing: someDrawing(2, { locked: [0, 1] }) })
    expect(canDoAsSaid(locked.studio)).toBe(false)
    const free = await opened({ settings: saying('move', 'a dog'), drawing: someDrawing(3, { locked: [0] }) })
    free.studio.sketch.select([0, 2])
    await free.studio.move()
    expect(free.door.asked.find(({ command }) => command === 'move')?.request).toMatchObject({ moving: [0, 2] })
  })
})

describe('what is said', () => {
  test('is undone step by step until something is drawn, and then that is', async () => {
    const { studio } = await opened({ settings: saying('draw', 'red') })
    const { said, page } = studio
    const draw = () => page.settings.words.draw
    for (const strokes of [40, 50, 60]) said.say('draw', { strokes })
    said.say('draw', { colours: 'palette' })
    said.say('draw', { palette: ['#112233'] })
    studio.change({ words: { ...page.settings.words, verb: 'move' } })
    undo(studio)
    expect([draw().palette, draw().colours]).toEqual([DEFAULT_SETTINGS.words.draw.palette, 'palette'])
    undo(studio)
    undo(studio)
    expect([draw(), page.settings.words.verb]).toEqual([saying('draw', 'red').words.draw, 'move'])
    redo(studio)
    // A slider that is moved is one step.
    expect([draw().strokes, canRedo(studio)]).toEqual([60, true])
    await studio.imagine()
    expect([studio.said.canUndo, canRedo(studio), draw().strokes]).toEqual([false, false, 60])
    said.say('draw', { text: 'blue' })
    studio.look.side = 'settings'
    undo(studio)
    expect(draw().text).toBe('blue')
  })
})

describe('edits of the photo', () => {
  const edited: Partial<Snapshot> = { settings: saying('edit', 'warm'), photo: somePhoto() }

  test('are shown when they are done, gone back to, mixed, and undone step by step', async () => {
    const { door, studio } = await opened(edited)
    const { edits } = studio
    await studio.editPhoto()
    door.tell('editing', { phase: 'going', share: 0.5 })
    expect([edits.going?.share, canDoAsSaid(studio)]).toEqual([0.5, false])
    door.tell('editing', { phase: 'done', share: 1, made: someEdit('one') })
    door.tell('editing', { phase: 'done', share: 1, made: someEdit('two') })
    expect([edits.going, edits.current?.id, edits.shown.strength]).toEqual([undefined, 'two', 1])
    // Moves of a slider that follow each other are one step.
    for (const strength of [0.9, 0.5, 0.2]) edits.mix(strength)
    edits.show('one')
    expect([edits.current?.id, edits.shown.strength]).toEqual(['one', 0.2])
    edits.show(undefined)
    const seen = [edits.current?.id]
    while (canUndo(studio)) {
      undo(studio)
      seen.push(`${edits.current?.id ?? 'photo'} ${edits.shown.strength}`)
    }
    expect(seen).toEqual([undefined, 'one 0.2', 'two 0.2', 'two 1', 'one 1', 'photo 1'])
    edits.redo()
    expect(edits.current?.id).toBe('one')
  })

  test('that make room for others leave no step that leads to them', async () => {
    const { door, studio } = await opened(edited)
    const { edits } = studio
    for (let i = 0; i < 14; i++) door.tell('editing', { phase: 'done', share: 1, made: someEdit(`e${i}`) })
    expect(edits.made.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, i) => `e${i + 2}`))
    while (edits.canUndo) edits.undo()
    expect(edits.current).toBeUndefined()
    expect(edits.future.every(({ edit }) => edits.made.some(({ id }) => id === edit))).toBe(true)
  })

  test('are shown instead of the drawing, which can not be edited then', async () => {
    const { studio } = await opened({ ...edited, drawing: someDrawing(3) })
    studio.sketch.select([1])
    expect(studio.retouching).toBe(true)
    studio.look.side = 'settings'
    expect(studio.retouching).toBe(false)
  })
})

describe('a painting', () => {
  const strokes = {
    ...{ ...someStrokes(2), segments: Uint8Array.of(1, 1), widths: Float32Array.of(20, 4) },
    colors: Float32Array.from([1, 0, 0, 0.5, 0, 0, 1, 1]),
  }

  test('has colours and opacities of its own, which an edit and a copy keep', () => {
    const list = strokesOf(strokes)
    expect(list.map(({ colour, opacity }) => [colour, opacity])).toEqual([
      ['#ff0000', 0.5],
      ['#0000ff', undefined],
    ])
    expect(joined(list)).toEqual(strokes)
    const frame = { x: 0, y: 0, width: CANVAS, height: CANVAS }
    expect(strokesFrom(svgOf(list, frame, '#000000')).map(({ opacity }) => opacity)).toEqual([0.5, undefined])
    const plain = { strokes: someStrokes(1), locked: [] }
    const clear = changed(plain, [0], '#00ff00', (stroke) => ({ ...stroke, opacity: 0.25 }))
    expect([...clear.strokes.colors!]).toEqual([0, 1, 0, 0.25])
    const opaque = changed(plain, [0], '#00ff00', (stroke) => ({ ...stroke, opacity: 1 }))
    expect(opaque.strokes.colors).toBeUndefined()
  })

  test('fills the whole canvas whatever the photo, and keeps its widths', async () => {
    const { studio } = await opened({ photo: somePhoto(), drawing: { strokes, locked: [], painted: true } })
    expect(studio.page.frame).toEqual({ x: 0, y: 0, width: CANVAS, height: CANVAS })
    studio.changeWidth(7)
    expect([...studio.sketch.drawing.strokes.widths]).toEqual([20, 4])
    studio.edit((stroke) => stroke)
    expect(studio.sketch.drawing.painted).toBe(true)
  })
})
