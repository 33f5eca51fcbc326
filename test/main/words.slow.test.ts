import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Asking, CANVAS, connect, type Door } from '../../main/api.ts'
import { NOTHING_ASKED } from '../../main/api/words.ts'
import { useFolder } from '../cli/fewline.ts'
import { stubModels } from '../models/server.ts'
import { tinyFiles, VOCABULARY } from '../support/clip.ts'
import { next, testStudio, type TestStudio, transports } from './support/studio.ts'

const { weights, vocabulary } = tinyFiles()

/** The pixels of a picture to the left and to the right. */
async function halvesOf(file: Uint8Array) {
  const { width, height } = await sharp(file).metadata()
  const half = width >> 1
  const from = (left: number, columns: number) =>
    sharp(file).extract({ left, top: 0, width: columns, height }).removeAlpha().raw().toBuffer()
  return { left: await from(0, half), right: await from(half + 2, width - half - 2) }
}

// What the tab of words asks for, whatever carries the messages, by a small CLIP.
describe.each(transports)('words over $name', ({ open }) => {
  const folder = useFolder()
  let host: TestStudio
  let way: Awaited<ReturnType<typeof open>>
  let door: Door

  beforeEach(async () => {
    const files = [
      { name: 'tiny.pt', content: weights, urls: ['http://127.0.0.1:1/nowhere'] },
      { name: VOCABULARY, content: vocabulary, urls: ['http://127.0.0.1:1/nowhere'] },
    ]
    const models = join(folder.path, 'models')
    mkdirSync(models)
    for (const { name, content } of files) writeFileSync(join(models, name), content)
    stubModels(folder.path, files, models)
    host = testStudio()
    way = await open(host.studio)
    door = connect(await way.port())
    await door.call('hello', {})
  })
  afterEach(async () => {
    await way.close()
    host.close()
    vi.unstubAllEnvs()
  })

  const ask = (asked: Partial<Asking>) => {
    const words = { ...NOTHING_ASKED, ...asked }
    return door.call('change', { settings: { encoder: 'Tiny/1', device: 'cpu', preset: 'fast', frameEvery: 1, words } })
  }

  test('a sentence is drawn in colours, and its strokes move by another', async () => {
    await ask({})
    await expect(door.call('imagine', {})).rejects.toThrow(/a sentence that says what is wanted/)
    await ask({ draw: { ...NOTHING_ASKED.draw, text: 'a red "ball" #1', strokes: 6, preset: 'fast' } })
    const going = next(door, 'frame', ({ step }) => step >= 3)
    await door.call('imagine', {})
    await going
    const last = next(door, 'frame', ({ order }) => order !== undefined)
    await door.call('stop', {})
    const { strokes } = await last
    expect(strokes.colors).toHaveLength(4 * strokes.widths.length)

    const locked = { strokes, locked: Array.from(strokes.widths.keys()) }
    await ask({ move: { text: 'a cat', source: 'a dog' } })
    await expect(door.call('move', { drawing: locked, moving: [0] })).rejects.toThrow(/all of them are locked/)
    const moved = next(door, 'frame', ({ step }) => step >= 2)
    await door.call('move', { drawing: { strokes, locked: [] }, moving: [0] })
    const { strokes: then } = await moved
    // What is not to move has not.
    for (const [i, x] of then.points.entries()) if (i >= 8 * 3) expect(x).toBeCloseTo(strokes.points[i]!, 4)
    await door.call('stop', {})
  })

  test('a photo is edited, shown, saved in its own size, and becomes the photo of a document', async () => {
    await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    const { photo } = await door.call('photo', {})
    // The left is painted, and edited before anyone has looked at it.
    const left = Uint8Array.from({ length: CANVAS ** 2 }, (_, i) => 255 * Number(i % CANVAS < CANVAS / 2))
    const painted = door.call('subject', { mask: left })
    await ask({ edit: { ...NOTHING_ASKED.edit, text: 'at dusk', source: 'a photo', where: 'subject' } })
    const shown = next(door, 'editing', ({ preview }) => preview !== undefined)
    expect((await door.call('editPhoto', {})).editing.phase).toBe('going')
    await shown
    const ended = next(door, 'editing', ({ phase }) => phase !== 'going')
    await door.call('stopEdit', {})
    const { phase, made } = await ended
    expect([phase, made?.text, made?.mode]).toEqual(['stopped', 'at dusk', 'tone'])
    await door.call('showEdit', { edit: made!.id, strength: 0.5 })
    const { snapshot } = await door.call('hello', {})
    expect(snapshot.edits).toMatchObject({ made: [{ id: made!.id }], shown: { edit: made!.id, strength: 0.5 } })

    const { delivered } = await door.call('saveEdit', { shown: { edit: made!.id, strength: 1 }, as: 'png' })
    if (delivered.to !== 'download') throw new Error('no download')
    const { format, width, height } = await sharp(delivered.file.bytes).metadata()
    expect([format, width, height]).toEqual(['png', photo!.width, photo!.height])
    await painted
    const [before, after] = await Promise.all(
      [readFileSync('resources/samples/teapot.jpg'), delivered.file.bytes].map((file) => halvesOf(file)),
    )
    expect(after!.right.equals(before!.right)).toBe(true)
    expect(after!.left.equals(before!.left)).toBe(false)
    await expect(door.call('saveEdit', { shown: { edit: 'nothing', strength: 1 }, as: 'svg' })).rejects.toMatchObject({
      problem: { todo: expect.stringMatching(/\w/) },
    })
    const { opened } = await door.call('sketchEdit', { shown: { edit: made!.id, strength: 1 } })
    expect(opened.photo).toMatchObject({ width, height })
    expect(opened.document).not.toBe(snapshot.document)
  })
})
