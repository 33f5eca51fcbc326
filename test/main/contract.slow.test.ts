import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Door, type ExportOptions, type Frame, type Strokes } from '../../main/api.ts'
import { next, testStudio, type TestStudio, transports } from './support/studio.ts'

// The same promises, whatever carries the messages.
describe.each(transports)('over $name', ({ open }) => {
  let host: TestStudio
  let way: Awaited<ReturnType<typeof open>>
  const ports: { close(): void }[] = []

  beforeAll(async () => {
    host = testStudio()
    way = await open(host.studio)
  })
  afterEach(() => {
    for (const port of ports.splice(0)) port.close()
  })
  afterAll(async () => {
    await way.close()
    host.close()
  })

  const enter = async (): Promise<Door> => {
    const port = await way.port()
    ports.push(port)
    return connect(port)
  }
  const withSample = async (settings = {}): Promise<Door> => {
    const door = await enter()
    await door.call('hello', {})
    await door.call('newDocument', {})
    await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    await door.call('change', { settings: { strokes: 8, iterations: 10, seeds: 1, frameEvery: 1, ...settings } })
    return door
  }

  test('a window is greeted with what it needs to show itself', async () => {
    const door = await enter()
    const { host, app, snapshot } = await door.call('hello', {})
    expect(host).toBe('browser')
    expect(app.theme).toBe('system')
    expect(snapshot.settings.strokes).toBeGreaterThan(0)
    expect(snapshot.history).toEqual([])
  })

  test('a photo comes as a picture in its own shape, with its subject and its lines', async () => {
    const door = await enter()
    const { opened } = await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    const { frame, preview, width, height } = opened!.photo!
    expect(preview.bytes.subarray(0, 2)).toEqual(Uint8Array.of(0xff, 0xd8))
    expect(frame.width / frame.height).toBeCloseTo(width / height, 2)
    const { mask, lines, mode } = opened!.subject!
    expect(mode).toBe('auto')
    expect(Math.max(...lines)).toBe(255)
    const share = mask.filter((value) => value > 127).length / mask.length
    expect(share).toBeGreaterThan(0.05)
    expect(share).toBeLessThan(0.8)
  })

  test('a drawing comes frame by frame, and what it became can be asked for', async () => {
    const door = await withSample()
    const frames: Frame[] = []
    door.on('frame', (frame) => frames.push(frame))
    const done = next(door, 'run', ({ phase }) => phase === 'done')
    const { state } = await door.call('draw', {})
    await done
    expect(frames.every(({ run }) => run === state.run)).toBe(true)
    expect(frames.slice(0, -1).map(({ step }) => step)).toEqual(Array.from({ length: 11 }, (_, i) => i))
    const last = frames.at(-1)!
    expect(last.done).toBe(true)
    expect([...last.order!].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(last.importance!.length).toBe(8)
    expect(last.strokes.points).toBeInstanceOf(Float32Array)
    expect(last.strokes.points.length).toBe(64)
    expect(last.loss).toBeLessThan(frames[0]!.loss)
    const { history, seeds } = await door.call('history', {})
    expect(history.length).toBe(12)
    expect(seeds).toMatchObject([{ seed: 0, best: true, loss: last.loss }])
  })

  test('a run can be paused, goes on where it was, and is stopped with its best strokes', async () => {
    const door = await withSample({ iterations: 100_000 })
    const frames: Frame[] = []
    door.on('frame', (frame) => frames.push(frame))
    await door.call('draw', {})
    await next(door, 'frame', ({ step }) => step >= 3)
    const { state } = await door.call('pause', {})
    expect(state.phase).toBe('paused')
    const held = frames.length
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(frames.length).toBe(held)
    expect(await door.call('resume', {})).toMatchObject({ state: { phase: 'drawing' } })
    await next(door, 'frame', ({ step }) => step > held + 3)
    const stopped = next(door, 'run', ({ phase }) => phase === 'stopped')
    const last = next(door, 'frame', ({ order }) => order !== undefined)
    await door.call('stop', {})
    await stopped
    expect((await last).done).toBe(false)
    expect((await last).loss).toBe(Math.min(...frames.map(({ loss }) => loss)))
    await expect(door.call('pause', {})).rejects.toThrow(/Expected a drawing that is going on/)
  })

  test('locked strokes stay where the user put them when it goes on', async () => {
    const door = await withSample()
    const done = () => next(door, 'frame', ({ order }) => order !== undefined)
    const first = done()
    await door.call('draw', {})
    const { strokes } = await first
    const moved = strokes.points.map((value, i) => (i < 8 ? value + 2 : value))
    const second = done()
    await door.call('continue', { drawing: { strokes: { ...strokes, points: moved }, locked: [0] } })
    const last = await second
    expect([...strokeAt(last.strokes, last.order!.indexOf(0))]).toEqual([...moved.subarray(0, 8)])
    const { snapshot } = await (await enter()).call('hello', { document: await idOf(door) })
    expect(snapshot.drawing!.locked).toEqual([last.order!.indexOf(0)])
  })

  test('a reload in the middle finds the drawing going on', async () => {
    const door = await withSample({ iterations: 100_000 })
    await door.call('draw', {})
    await next(door, 'frame', ({ step }) => step >= 3)
    const document = await idOf(door)
    ports.pop()!.close()
    const again = await enter()
    const { snapshot } = await again.call('hello', { document })
    expect(snapshot.run!.phase).toBe('drawing')
    expect(snapshot.drawing!.strokes.widths.length).toBe(8)
    expect(snapshot.history.length).toBeGreaterThan(2)
    const { step } = snapshot.history.at(-1)!
    await next(again, 'frame', (frame) => frame.step > step)
    await again.call('stop', {})
    await next(again, 'run', ({ phase }) => phase === 'stopped')
  })

  test('two windows draw two documents at once', async () => {
    const doors = [await withSample({ strokes: 4 }), await withSample({ strokes: 6 })]
    const counts = await Promise.all(
      doors.map(async (door) => {
        const last = next(door, 'frame', ({ done }) => done)
        await door.call('draw', {})
        return (await last).strokes.widths.length
      }),
    )
    expect(counts).toEqual([4, 6])
  })

  test('a photo that is none is refused with what to do, and what was there stays', async () => {
    const door = await withSample()
    const source = { from: 'bytes', name: 'broken.jpg', bytes: Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3) } as const
    await expect(door.call('open', { source })).rejects.toMatchObject({
      problem: { kind: 'photo', came: expect.stringContaining('damaged'), todo: expect.any(String) },
    })
    expect((await door.call('photo', {})).photo!.name).toBe('teapot.jpg')
  })

  test('drawings come out as files', async () => {
    const door = await withSample()
    const last = next(door, 'frame', ({ done }) => done)
    await door.call('draw', {})
    const drawing = { strokes: (await last).strokes, locked: [] }
    const svg = await door.call('save', { options: { format: 'svg', size: '120mm' }, drawing })
    if (svg.delivered.to !== 'download') throw new Error('no download')
    expect(svg.delivered.file.name).toBe('teapot.svg')
    const text = new TextDecoder().decode(svg.delivered.file.bytes)
    expect(text.match(/<path /g)?.length).toBe(8)
    expect(text).toMatch(/width="120mm"|height="120mm"/)
    const png = await door.call('preview', { options: { format: 'png', pixels: 300 }, drawing })
    expect(png.file.bytes.subarray(1, 4)).toEqual(Uint8Array.of(0x50, 0x4e, 0x47))
    // What was written can be opened again, and goes on where it was.
    const source = { from: 'bytes', name: svg.delivered.file.name, bytes: svg.delivered.file.bytes } as const
    const { opened } = await door.call('open', { source })
    expect(opened!.drawing!.strokes.widths.length).toBe(8)
    expect(opened!.photo!.name).toBe('teapot.jpg')
  })

  test('every format comes out as such a file begins', async () => {
    const door = await withSample({ iterations: 3 })
    const last = next(door, 'frame', ({ done }) => done)
    await door.call('draw', {})
    const drawing = { strokes: (await last).strokes, locked: [] }
    const made = async (options: ExportOptions) => {
      const { file, summary } = await door.call('preview', { options, drawing })
      expect(summary.bytes).toBe(file.bytes.length)
      const beginning = new TextDecoder('latin1').decode(file.bytes.subarray(0, 5))
      return { name: file.name, beginning, travel: summary.penTravel }
    }
    const size = { pixels: 100, seconds: 1 }
    expect(await made({ format: 'pdf', paper: 'A4', margin: '10mm' })).toMatchObject({ beginning: '%PDF-' })
    expect(await made({ format: 'animated-svg', seconds: 3 })).toMatchObject({ name: 'teapot.animated.svg' })
    expect(await made({ format: 'gif', ...size })).toMatchObject({ name: 'teapot.gif', beginning: 'GIF89' })
    expect(await made({ format: 'webp', ...size })).toMatchObject({ beginning: expect.stringMatching(/^RIFF/) })
    const { beginning, travel } = await made({ format: 'svg', plotter: true, onePath: true, background: '#ffeedd' })
    expect(beginning).toBe('<svg ')
    expect(travel!.after).toBeLessThanOrEqual(travel!.before)
    const bytesOf = async (options: ExportOptions) => (await door.call('preview', { options, drawing })).file.bytes
    const svgOf = async (options: object) => new TextDecoder().decode(await bytesOf({ format: 'svg', ...options }))
    expect((await svgOf({ oneLine: true })).match(/<path /g)).toHaveLength(1)
    const orders = [{}, { hand: true }, { hand: true, leftHanded: true }]
    const drawn = await Promise.all(orders.map(svgOf))
    expect(new Set(drawn).size).toBe(orders.length)
    expect(drawn.map((text) => text.match(/<path /g)!.length)).toEqual([8, 8, 8])
    expect(await bytesOf({ format: 'gif', ...size, film: 'run' })).not.toEqual(
      await bytesOf({ format: 'gif', ...size }),
    )
  })

  test('a project brings everything back: photo, painted mask and weights, settings, strokes, locks and history', async () => {
    const door = await withSample({ iterations: 5, colour: '#204060', seed: 3 })
    const mask = new Uint8Array(224 * 224)
    for (let y = 60; y < 170; y++) mask.fill(255, y * 224 + 40, y * 224 + 180)
    const emphasis = new Uint8Array(224 * 224).fill(128)
    emphasis.fill(255, 80 * 224, 120 * 224)
    const alike = await door.call('subject', { mask })
    const weighed = await door.call('subject', { mask, emphasis })
    expect(weighed.subject.lines).not.toEqual(alike.subject.lines)
    const last = next(door, 'frame', ({ done }) => done)
    await door.call('draw', {})
    const { strokes } = await last
    const drawing = { strokes, locked: [1, 4] }
    await door.call('edit', { drawing })
    const { snapshot: before } = await door.call('hello', {})
    const { delivered } = await door.call('saveProject', { drawing, as: false })
    if (delivered.to !== 'download') throw new Error('no download')
    expect(delivered.file.name).toBe('teapot.fewline')

    const other = await enter()
    const { opened } = await other.call('open', { source: { from: 'bytes', ...delivered.file } })
    expect(opened!.settings).toEqual(before.settings)
    expect(opened!.drawing).toEqual({ strokes, locked: [1, 4] })
    expect(opened!.photo).toEqual(before.photo)
    expect(opened!.history.map(({ step }) => step)).toEqual(before.history.map(({ step }) => step))
    expect(opened!.seeds.map(({ seed }) => seed)).toEqual([3])
    expect(opened!.modified).toBe(false)
    expect(opened!.subject!.mode).toBe('painted')
    expect(opened!.emphasis).toEqual(emphasis)
    const wrong = opened!.subject!.mask.filter((value, i) => Math.abs(value - mask[i]!) > 127).length
    expect(wrong).toBeLessThan(2 * (110 + 140))
    // It goes on from there.
    const goesOn = next(other, 'frame', ({ done }) => done)
    await other.call('continue', { drawing: opened!.drawing! })
    expect((await goesOn).strokes.widths.length).toBe(8)
  })

  test('what another photo takes the place of is kept: its run ends, and it comes back from the list', async () => {
    const door = await withSample({ iterations: 100_000 })
    await door.call('draw', {})
    await next(door, 'frame', ({ step }) => step >= 5)
    const first = await idOf(door)
    const { opened } = await door.call('open', { source: { from: 'sample', name: 'flamingo.png' } })
    expect(opened!.document).not.toBe(first)
    expect(opened!.drawing).toBeUndefined()
    const listed = async () => (await door.call('recent', {})).recent.filter(({ kind }) => kind === 'unsaved')
    expect(await listed()).toContainEqual(expect.objectContaining({ id: first, name: 'teapot' }))
    // It is nobody's to offer to the next window: it was put aside.
    const { snapshot } = await (await enter()).call('hello', {})
    expect(snapshot.document).not.toBe(first)

    const { opened: back } = await door.call('open', { source: { from: 'recent', id: first } })
    expect(back!.document).toBe(first)
    expect(back!.drawing!.strokes.widths.length).toBe(8)
    expect(back!.history.length).toBeGreaterThan(4)
    expect(back!.photo!.name).toBe('teapot.jpg')
    if (back!.run!.phase === 'drawing') await next(door, 'run', ({ phase }) => phase === 'stopped')
    expect((await listed()).map(({ id }) => id)).not.toContain(first)
    // Once it is in a file, the next photo takes its place for good.
    await door.call('save', { options: { format: 'svg' }, drawing: back!.drawing! })
    await door.call('open', { source: { from: 'sample', name: 'flamingo.png' } })
    expect((await listed()).map(({ id }) => id)).not.toContain(first)
  })

  test('a photo that was only opened leaves nothing behind', async () => {
    const door = await withSample()
    const first = await idOf(door)
    await door.call('open', { source: { from: 'sample', name: 'flamingo.png' } })
    const { recent } = await door.call('recent', {})
    expect(recent.map(({ id }) => id)).not.toContain(first)
  })

  test('a project that is damaged is refused', async () => {
    const door = await enter()
    const bytes = new Uint8Array([0x50, 0x4b, 3, 4, ...new Array<number>(100).fill(7)])
    await expect(door.call('open', { source: { from: 'bytes', name: 'a.fewline', bytes } })).rejects.toMatchObject({
      problem: { expected: expect.stringContaining('project') },
    })
  })

  test('a window from a browser cannot name files of the machine', async () => {
    const door = await enter()
    const source = { from: 'path', path: '/etc/passwd' } as const
    await expect(door.call('open', { source })).rejects.toThrow(/choose the file itself/)
    await expect(door.call('open', { source: { from: 'sample', name: '../../package.json' } })).rejects.toThrow(
      /is none/,
    )
  })

  test('what is set is remembered for the next document', async () => {
    const door = await withSample({ strokes: 23, colour: '#123456' })
    const { snapshot } = await door.call('newDocument', {})
    expect(snapshot.settings).toMatchObject({ strokes: 23, colour: '#123456' })
  })

  test('there are devices and presets to choose from', async () => {
    const door = await enter()
    const { equipment } = await door.call('equipment', {})
    expect(equipment.devices.map(({ id }) => id)).toContain('cpu')
    expect(equipment.presets.map(({ id }) => id)).toContain('standard')
  })
})

function strokeAt({ points }: Strokes, index: number): Float32Array {
  return points.subarray(8 * index, 8 * index + 8)
}

async function idOf(door: Door): Promise<string> {
  const { snapshot } = await door.call('hello', {})
  return snapshot.document
}
