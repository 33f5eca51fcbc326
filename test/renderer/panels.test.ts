import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fireEvent, render, screen } from '@testing-library/svelte'
import type { Component } from 'svelte'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CANVAS, type Snapshot } from '../../main/api.ts'
import { de } from '../../renderer/i18n/de.ts'
import { LOOK_NAMES } from '../../src/looks/looks.ts'
import { en } from '../../renderer/i18n/en.ts'
import { LANGUAGES, speak } from '../../renderer/i18n/words.svelte.ts'
import { press } from '../../renderer/keys.ts'
import { onMenu } from '../../renderer/menu.ts'
import EditPanel from '../../renderer/panels/EditPanel.svelte'
import ExportPanel from '../../renderer/panels/ExportPanel.svelte'
import MaskPanel from '../../renderer/panels/MaskPanel.svelte'
import ModelList from '../../renderer/panels/ModelList.svelte'
import Notices from '../../renderer/panels/Notices.svelte'
import RunBar from '../../renderer/panels/RunBar.svelte'
import SettingsPanel from '../../renderer/panels/SettingsPanel.svelte'
import { SHORTCUTS } from '../../renderer/panels/shortcuts.ts'
import TopBar from '../../renderer/panels/TopBar.svelte'
import { createStudio } from '../../renderer/state/studio.svelte.ts'
import { emptySnapshot, fakeDoor, someDrawing, someFrame, somePhoto } from './fake-door.ts'
import Within from './Within.svelte'

const ROOT = join(import.meta.dirname, '../..')

const GREY = new Uint8Array(CANVAS * CANVAS)
const snapshot: Snapshot = {
  ...emptySnapshot(),
  photo: somePhoto(),
  subject: { mode: 'auto', mask: GREY, lines: GREY, gains: [0, 1], counts: [16] },
  drawing: someDrawing(4, { importance: [4, 3, 2, 1] }),
}

const someModel = {
  name: 'RN50',
  kind: 'encoder' as const,
  about: '',
  licence: 'MIT',
  bytes: 1e6,
  installed: false,
  downloading: false,
}

/** All that the window is made of, words left out. */
const SOURCES = ['renderer', 'main/api']
  .flatMap((folder) => {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    return names.map((name) => join(ROOT, folder, name))
  })
  .filter((path) => /\.(ts|svelte)$/.test(path) && !/i18n/.test(path))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

async function shown(part: Component, start = snapshot, answers: Parameters<typeof fakeDoor>[0] = {}) {
  const door = fakeDoor(answers, start)
  const studio = createStudio(door)
  await studio.begin()
  render(Within, { studio, part })
  return { door, studio, commands: () => door.asked.map(({ command }) => command) }
}
const button = (name: string | RegExp): HTMLButtonElement => screen.getByRole('button', { name })
const slider = (name: string): HTMLInputElement => screen.getByRole('slider', { name })

beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  speak('en')
})

describe('the settings', () => {
  test('have a slider for strokes with the names that others rely on', async () => {
    const { studio } = await shown(SettingsPanel)
    const strokes = slider('Strokes')
    expect([strokes.min, strokes.max, strokes.step, strokes.value]).toEqual(['1', '128', '1', '16'])
    await fireEvent.input(strokes, { target: { value: '8' } })
    expect(studio.page.settings.strokes).toBe(8)
    await fireEvent.click(button('Reset to 16'))
    expect(studio.page.settings.strokes).toBe(16)
    expect(screen.queryByRole('button', { name: 'Reset to 16' })).toBeNull()
  })

  test('draw as many strokes as it takes, until somebody chooses a number', async () => {
    const { studio } = await shown(SettingsPanel)
    await studio.findSubject('auto')
    const strokes = slider('Strokes')
    await expect.poll(() => strokes.value).toBe('3')
    screen.getByRole('img', { name: 'With 3, 93 % of the lines are drawn' })
    await fireEvent.input(slider('Detail'), { target: { value: '1' } })
    expect(strokes.value).toBe('5')
    await fireEvent.input(strokes, { target: { value: '8' } })
    expect([studio.page.settings.strokes, studio.page.settings.auto]).toEqual([8, false])
    const auto = screen.getByRole<HTMLInputElement>('switch', { name: 'Auto' })
    expect(auto.checked).toBe(false)
    expect(screen.queryByRole('slider', { name: 'Detail' })).toBeNull()
    await fireEvent.click(auto)
    expect(strokes.value).toBe('5')
  })

  test('take more strokes as a number, within bounds', async () => {
    const { studio } = await shown(SettingsPanel)
    const number = screen.getByRole('spinbutton', { name: 'Stroke count' })
    await fireEvent.change(number, { target: { value: '300' } })
    expect(studio.page.settings.strokes).toBe(300)
    await fireEvent.change(number, { target: { value: '9999' } })
    expect(studio.page.settings.strokes).toBe(512)
    await fireEvent.change(number, { target: { value: '' } })
    expect(studio.page.settings.strokes).toBe(512)
    await fireEvent.change(number, { target: { value: '7.6' } })
    expect(studio.page.settings.strokes).toBe(8)
  })

  test('give every control a name and every named help its text', async () => {
    await shown(SettingsPanel)
    for (const control of document.querySelectorAll('input, select')) {
      expect(
        control.matches('[aria-label]') || (control as HTMLInputElement).labels?.length,
        control.outerHTML,
      ).toBeTruthy()
      const help = control.getAttribute('aria-describedby')
      if (help) expect(document.getElementById(help)?.textContent, help).toMatch(/\w/)
    }
  })
})

describe('guidance by words', () => {
  test('is offered where the encoder reads', async () => {
    const reading = { id: 'RN50', name: 'RN50', about: '', installed: true, readsText: true }
    const equipment = () => ({ equipment: { devices: [], encoders: [reading], presets: [], modes: [] } })
    const { studio } = await shown(SettingsPanel, snapshot, { equipment })
    expect(screen.queryByRole('textbox', { name: en.settings.text })).toBeNull()
    studio.change({ encoder: 'RN50' })
    await fireEvent.input(await screen.findByRole('textbox', { name: en.settings.text }), {
      target: { value: 'a cat' },
    })
    expect(studio.page.settings.text).toBe('a cat')
    await fireEvent.click(button('Reset to –'))
    expect(studio.page.settings.text).toBe('')
  })
})

describe('the run bar', () => {
  test('offers at each time what can be done then', async () => {
    const { door, studio } = await shown(RunBar)
    const open = (): string[] => ['Draw', 'Pause', 'Stop', 'Continue'].filter((name) => !button(name).disabled)
    expect(open()).toEqual(['Draw', 'Continue'])
    await studio.draw()
    await vi.waitFor(() => expect(open()).toEqual(['Stop']))
    door.tell('run', { run: 'run', phase: 'drawing' })
    await vi.waitFor(() => expect(open()).toEqual(['Pause', 'Stop']))
    door.tell('run', { run: 'run', phase: 'paused' })
    await vi.waitFor(() => expect(open()).toEqual(['Draw', 'Stop', 'Continue']))
    door.tell('run', { run: 'run', phase: 'done' })
    await vi.waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/^Done/))
  })

  test('goes back through the run, and shows its versions', async () => {
    const { door, studio } = await shown(RunBar)
    await studio.draw()
    for (const step of [1, 2, 3]) door.tell('frame', someFrame({ step, loss: 1 / step }))
    door.tell('seeds', {
      seeds: [0, 1].map((seed) => ({ seed, loss: 1, strokes: someDrawing(2).strokes, best: seed === 1 })),
    })
    door.tell('run', { run: 'run', phase: 'done' })
    const moment = await screen.findByRole('slider', { name: 'Moment' })
    await fireEvent.input(moment, { target: { value: '0' } })
    expect(studio.run.scrubbed).toBe(0)
    await fireEvent.click(await screen.findByRole('button', { name: 'Use this moment' }))
    expect(studio.run.scrubbed).toBeUndefined()
    await fireEvent.click(button('Version 2, the best'))
    expect(studio.sketch.count).toBe(2)
  })
})

describe('editing', () => {
  test('works by the list of lines alone', async () => {
    const { studio } = await shown(EditPanel)
    await fireEvent.click(button('Line 2'))
    await fireEvent.click(button('Line 3'), { shiftKey: true })
    expect([...studio.sketch.selected]).toEqual([1, 2])
    await fireEvent.click(button('Lock'))
    await fireEvent.click(await screen.findByRole('button', { name: 'Line 2, locked' }))
    expect(button('Delete').disabled).toBe(true)
    await fireEvent.click(button('Line 4'))
    await fireEvent.click(button('Earlier'))
    expect(studio.sketch.drawing.locked).toEqual([1, 3])
    await fireEvent.click(button('Delete'))
    expect(studio.sketch.count).toBe(3)
  })

  test('shows fewer lines at once, and keeps them when asked', async () => {
    const { studio } = await shown(EditPanel)
    await fireEvent.input(slider('Simplify'), { target: { value: '2' } })
    expect(studio.shown.strokes.widths).toHaveLength(2)
    await fireEvent.click(button('Keep these 2'))
    expect(studio.sketch.count).toBe(2)
  })
})

describe('saving', () => {
  test('offers what there is to choose of each format', async () => {
    await shown(ExportPanel)
    const controls = (): string[] =>
      [...document.querySelectorAll('section label')].map((label) => label.textContent.trim())
    const order = ['Plotter order', 'Lines as outlines', 'Hand order', 'One line']
    expect(controls()).toEqual(['Page', 'Size', 'Margin', 'With paper', ...order, 'One path', 'Inkscape layer'])
    await fireEvent.click(screen.getByRole('radio', { name: 'PNG' }))
    expect(controls()).toEqual(['Pixels', 'With paper', 'One line'])
    await fireEvent.click(screen.getByRole('radio', { name: 'GIF' }))
    expect(controls()).toEqual(['Pixels', 'Show the run', 'Left-handed', 'One line', 'Seconds'])
    await fireEvent.click(screen.getByRole('switch', { name: 'Show the run' }))
    expect(controls()).toEqual(['Pixels', 'Show the run', 'One line', 'Seconds'])
    expect(slider('Pixels').value).toBe('1024')
  })

  test('says what a length is written like, and asks for none that is not', async () => {
    const { door } = await shown(ExportPanel)
    const size: HTMLInputElement = screen.getByRole('textbox', { name: 'Size' })
    await fireEvent.input(size, { target: { value: '12 0 m' } })
    expect(document.getElementById('size-help')!.textContent).toBe(en.export.badLength)
    expect(button('Save SVG').disabled).toBe(true)
    expect(button('Save PNG').disabled).toBe(false)
    await fireEvent.input(size, { target: { value: '120mm' } })
    await fireEvent.click(button('Save SVG'))
    await fireEvent.input(size, { target: { value: '12,5 cm' } })
    await fireEvent.click(button('Save SVG'))
    const sizes = door.asked.flatMap(({ command, request }) =>
      command === 'save' ? [(request as { options: { size?: string } }).options.size] : [],
    )
    expect(sizes).toEqual(['120mm', '12.5cm'])
  })

  test('a picture has its paper unless asked to be clear, and lines off the page are told', async () => {
    const { door } = await shown(ExportPanel, {
      ...snapshot,
      photo: { ...somePhoto(), frame: { x: 0, y: 0, width: 45, height: 168 } },
    })
    screen.getByText(en.export.offPage(2))
    await fireEvent.click(button('Save PNG'))
    await fireEvent.click(screen.getByRole('radio', { name: 'PNG' }))
    await fireEvent.click(screen.getByRole('switch', { name: 'With paper' }))
    await fireEvent.click(button('Save PNG'))
    await fireEvent.click(button('Save SVG'))
    const behind = door.asked.flatMap(({ command, request }) =>
      command === 'save' ? [(request as { options: { background?: string } }).options.background] : [],
    )
    expect(behind).toEqual(['#ffffff', undefined, undefined])
  })

  test('asks for the file with the drawing as it is shown', async () => {
    const { door, studio } = await shown(ExportPanel)
    studio.sketch.kept = 2
    await fireEvent.click(button('Save SVG'))
    const { request } = door.asked.find(({ command }) => command === 'save')!
    expect(request).toMatchObject({ options: { format: 'svg' }, drawing: { strokes: studio.shown.strokes } })
    expect(studio.shown.strokes.widths).toHaveLength(2)
  })

  test('offers a film of the pen, and one of the run only where there was one', async () => {
    await shown(ExportPanel)
    expect(button('Save GIF').disabled).toBe(false)
    await fireEvent.click(screen.getByRole('radio', { name: 'GIF' }))
    await fireEvent.click(screen.getByRole('switch', { name: 'Show the run' }))
    expect(button('Save GIF').disabled).toBe(true)
    expect(button('Save PDF').disabled).toBe(false)
  })
})

describe('models', () => {
  test('tell their licence before they are fetched', async () => {
    const licence = 'NOT for commercial use: research only'
    await shown(ModelList, snapshot, {
      models: () => ({ models: [{ ...someModel, name: 'GroupViT', kind: 'finder', licence }] }),
    })
    expect((await screen.findByRole('button', { name: /GroupViT/ })).closest('li')!.textContent).toContain(licence)
  })

  test('say what one gets, then what it is called', async () => {
    await shown(ModelList, snapshot, { models: () => ({ models: [{ ...someModel, about: 'sees what is meant' }] }) })
    const [first, ...rest] = (await screen.findByText('sees what is meant')).parentElement!.children
    expect(first!.textContent).toBe('sees what is meant')
    expect(rest.map(({ textContent }) => textContent).join()).toContain(someModel.name)
  })
})

describe('the subject', () => {
  test('is found, everything, or painted', async () => {
    const { door, studio } = await shown(MaskPanel)
    await fireEvent.click(screen.getByRole('radio', { name: 'All' }))
    expect(door.asked.at(-1)).toEqual({ command: 'subject', request: { mask: 'none' } })
    await fireEvent.click(screen.getByRole('radio', { name: 'Painted' }))
    expect(studio.look.tool).toBe('mask-add')
  })
})

describe('notices', () => {
  test('say what to do, can be copied, and go away', async () => {
    const { studio } = await shown(Notices)
    studio.notices.problem({ kind: 'photo', expected: 'a photo', came: 'none came', todo: 'choose one', details: 'x' })
    expect((await screen.findByRole('alert')).textContent).toContain('Expected a photo, but none came: choose one.')
    button('Copy details')
    await fireEvent.click(button('Close'))
    expect(screen.queryByRole('alert')).toBeNull()
  })
})

describe('keys', () => {
  const key = (name: string, rest: KeyboardEventInit = {}): KeyboardEvent =>
    new KeyboardEvent('keydown', { key: name, ...rest })

  test('move, delete, undo, and open', async () => {
    const { studio, commands } = await shown(RunBar)
    const choosePhoto = vi.fn()
    const type = (event: KeyboardEvent): boolean => press({ studio, choosePhoto }, event)
    expect(type(key('ArrowLeft'))).toBe(false)
    type(key('a', { ctrlKey: true }))
    expect(studio.sketch.selected.size).toBe(4)
    type(key('ArrowRight', { shiftKey: true }))
    expect(studio.sketch.drawing.strokes.points[0]).toBe(10)
    type(key('Delete'))
    expect(studio.sketch.count).toBe(0)
    type(key('z', { ctrlKey: true }))
    expect(studio.sketch.count).toBe(4)
    type(key('o', { metaKey: true }))
    expect(choosePhoto).toHaveBeenCalledOnce()
    type(key('e', { ctrlKey: true }))
    expect(studio.look.side).toBe('export')
    type(key('Enter', { ctrlKey: true }))
    await vi.waitFor(() => expect(commands()).toContain('draw'))
  })

  test('go on with what was interrupted, instead of beginning anew', async () => {
    const { studio, commands } = await shown(RunBar, { ...snapshot, run: { run: 'run', phase: 'interrupted' } })
    press({ studio, choosePhoto: () => undefined }, key('Enter', { ctrlKey: true }))
    await vi.waitFor(() => expect(commands()).toContain('continue'))
    expect(commands()).not.toContain('draw')
  })

  test('that are listed all do something', async () => {
    const { door, studio } = await shown(RunBar)
    const names: Record<string, string> = {
      ...{ Space: ' ', '←': 'ArrowLeft', '→': 'ArrowRight', '↑': 'ArrowUp', '↓': 'ArrowDown' },
    }
    // What the browser tells of by events of its own is tested in a real one.
    const shortcuts = SHORTCUTS.filter(({ act }) => act)
    expect(shortcuts.length).toBeGreaterThan(SHORTCUTS.length - 4)
    for (const [does, combination] of shortcuts.flatMap(({ does, keys }) =>
      keys.map((each) => [does, each] as const),
    )) {
      await new Promise((resolve) => setTimeout(resolve))
      studio.batch.shown = false
      door.tell('run', { run: 'run', phase: 'done' })
      studio.sketch.select(does === 'join' ? [0, 1] : [0])
      const parts = combination.split(/\+(?=.)/)
      const last = parts.at(-1)!
      const event = key(names[last] ?? (last.length === 1 ? last.toLowerCase() : last), {
        ctrlKey: parts.includes('Control'),
        shiftKey: parts.includes('Shift'),
      })
      expect(press({ studio, choosePhoto: () => undefined }, event), combination).toBe(true)
    }
  })

  test('of a field stay in the field', async () => {
    const { studio } = await shown(SettingsPanel)
    const event = key('Delete')
    screen.getByRole('spinbutton', { name: 'Stroke count' }).dispatchEvent(event)
    studio.sketch.select([0])
    expect(press({ studio, choosePhoto: () => undefined }, event)).toBe(false)
    expect(studio.sketch.count).toBe(4)
  })

  test('take up a tool also where a slider or a choice was set last', async () => {
    const { studio } = await shown(SettingsPanel)
    const presses = (element: HTMLElement, pressed: string): boolean => {
      const event = key(pressed)
      element.dispatchEvent(event)
      return press({ studio, choosePhoto: () => undefined }, event)
    }
    expect(presses(screen.getByRole('radio', { name: 'Marker' }), 'e')).toBe(true)
    expect(studio.look.tool).toBe('eraser')
    expect(presses(slider('Width'), 'v')).toBe(true)
    expect(studio.look.tool).toBe('select')
    expect(presses(slider('Width'), 'ArrowLeft')).toBe(false)
    expect(presses(screen.getByRole('spinbutton', { name: 'Stroke count' }), 'e')).toBe(false)
  })
})

describe('the bar at the top', () => {
  test('marks a document that its project file has not all of', async () => {
    const saved = { delivered: { to: 'file' as const, path: '/cat.fewline', name: 'cat.fewline' } }
    const { studio } = await shown(TopBar, snapshot, { saveProject: () => saved })
    expect(screen.queryByText(en.top.modified)).toBeNull()
    studio.commit(someDrawing(2))
    await studio.settled()
    await screen.findByText(en.top.modified)
    await fireEvent.click(button(/^Save project/))
    await vi.waitFor(() => expect(screen.queryByText(en.top.modified)).toBeNull())
  })

  test('starts over, and brings back what was there', async () => {
    const kept = { id: snapshot.document, name: 'cat', kind: 'unsaved' as const, opened: 1 }
    const { door, studio } = await shown(TopBar, snapshot, {
      newDocument: () => ({ snapshot: { ...emptySnapshot(), document: 'another' } }),
      recent: () => ({ recent: [kept] }),
      open: () => ({ opened: snapshot }),
    })
    render(Within, { studio, part: Notices })
    await fireEvent.click(button('Start over'))
    await vi.waitFor(() => expect(studio.sketch.count).toBe(0))
    await fireEvent.click(await screen.findByRole('button', { name: 'Bring it back' }))
    await vi.waitFor(() => expect(studio.sketch.count).toBe(4))
    expect(door.asked.find(({ command }) => command === 'open')!.request).toEqual({
      source: { from: 'recent', id: snapshot.document },
    })
    expect(screen.queryByRole('button', { name: 'Bring it back' })).toBeNull()
  })

  test('takes a tool, and shows what it is for', async () => {
    const { studio } = await shown(TopBar)
    await fireEvent.click(button('Pen'))
    expect([studio.look.tool, studio.look.side]).toEqual(['pen', 'edit'])
  })
})

describe('the menu', () => {
  test.each(['models', 'shortcuts', 'diagnostics'] as const)('opens the section of the %s', async (item) => {
    const { door, studio } = await shown(SettingsPanel, snapshot, { models: () => ({ models: [someModel] }) })
    onMenu(studio, () => undefined)
    const section = document.querySelector<HTMLDetailsElement>(`#${item}`)!
    expect(section.open).toBe(false)
    door.tell('menu', { item })
    await vi.waitFor(() => expect(section.open).toBe(true))
    expect(studio.look.section).toBeUndefined()
  })
})

describe('words', () => {
  test('change with the language, everywhere at once', async () => {
    await shown(RunBar)
    speak('de')
    await screen.findByRole('button', { name: 'Zeichnen' })
  })

  test('are found for what the host offers, in every language but its own', async () => {
    await shown(SettingsPanel)
    screen.getByRole('radio', { name: 'Fast' })
    speak('de')
    await screen.findByRole('radio', { name: 'Schnell' })
  })

  test.each(Object.entries(LANGUAGES))('call no two things alike that one chooses for a sketch, in %s', (_, t) => {
    const { settings, equipment } = t
    const presets = { ...en.equipment.painting, ...equipment.presets }
    const names = [
      ...[settings.preset, settings.looks, settings.look, settings.width, settings.colour, settings.paper],
      ...Object.values(settings.lookNames),
      ...Object.values(presets).map(({ name }) => name),
    ]
    expect(new Set(names).size).toBe(names.length)
  })

  test('are found for every model of the catalogue', async () => {
    const { models } = JSON.parse(readFileSync(join(ROOT, 'resources/models.json'), 'utf8')) as {
      models: { name: string }[]
    }
    const listed = models.map(({ name }) => ({ ...someModel, name, about: `${name} in English` }))
    await shown(SettingsPanel, snapshot, { models: () => ({ models: listed }) })
    screen.getByText('RN50 in English')
    speak('de')
    await vi.waitFor(() => expect(screen.queryByText(/in English/)).toBeNull())
  })

  test('have the same names in every language, and none that nobody uses', () => {
    const namesIn = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([name, part]: [string, unknown]) =>
        typeof part === 'object' && part !== null ? namesIn(part, `${path}${name}/`) : [`${path}${name}`],
      )
    // What the host offers needs words in no language but those it does not speak.
    const names = (language: typeof en): string[] => namesIn({ ...language, equipment: {} })
    expect(names(de)).toEqual(names(en))
    // Looks are named where the engine has them, too.
    const known = SOURCES + LOOK_NAMES.map((name) => `'${name}'`).join()
    const used = (name: string): boolean => new RegExp(`[.'"]${name}\\b`).test(known)
    expect(names(en).filter((name) => !used(name.split('/').at(-1)!))).toEqual([])
  })

  test('are all there in German, and not the English ones', () => {
    const leaves = (value: unknown): string[] =>
      typeof value === 'string'
        ? [value]
        : value && typeof value === 'object'
          ? Object.values(value).flatMap(leaves)
          : []
    const same = leaves(de).filter((text) => text.includes(' ') && leaves(en).includes(text))
    expect(same).toEqual([])
  })
})
