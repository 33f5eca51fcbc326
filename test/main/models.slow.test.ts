import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect, type Door, type EventOf, type Frame } from '../../main/api.ts'
import { breaksOffAfter, noise, serves, slowly, useServer, stubModels } from '../models/server.ts'
import { tinyFiles, VOCABULARY } from '../support/clip.ts'
import { useFolder } from '../cli/fewline.ts'
import { next, testStudio, type TestStudio, transports } from './support/studio.ts'

const { weights, vocabulary } = tinyFiles()

// Models in the studio; that messages are carried alike either way is told by contract.slow.test.ts. The catalogue is of one small
// CLIP, on a server of this machine.
describe.each(transports.slice(0, 1))('over $name', ({ open }) => {
  const folder = useFolder()
  const server = useServer()
  let host: TestStudio
  let way: Awaited<ReturnType<typeof open>>
  let door: Door

  beforeEach(async () => {
    const files = [
      { name: 'tiny.pt', content: weights, urls: [server.url('/tiny.pt')] },
      { name: VOCABULARY, content: vocabulary, urls: [server.url('/vocabulary')] },
    ]
    stubModels(folder.path, files, join(folder.path, `models-${Math.random()}`))
    server.put('/vocabulary', vocabulary)
    host = testStudio()
    way = await open(host.studio)
    door = connect(await way.port())
  })
  afterEach(async () => {
    await way.close()
    host.close()
    vi.unstubAllEnvs()
  })

  const ended = (): Promise<EventOf<'model'>> => next(door, 'model', ({ phase }) => phase !== 'downloading')
  const download = async () => {
    const end = ended()
    await door.call('downloadModel', { name: 'Tiny/1' })
    return end
  }
  const installed = async () => (await door.call('models', {})).models.filter((model) => model.installed)
  const drawn = async (settings: object): Promise<Frame> => {
    await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    const few = { strokes: 4, iterations: 4, seeds: 1, preset: 'fast', frameEvery: 1 }
    await door.call('change', { settings: { ...few, ...settings } })
    const last = next(door, 'frame', ({ order }) => order !== undefined)
    const failed = next(door, 'run', ({ phase }) => phase === 'failed').then(({ problem }) => {
      throw new Error(JSON.stringify(problem))
    })
    await door.call('draw', {})
    return Promise.race([last, failed])
  }

  test('a model is downloaded, draws what the photo shows and what is said, and is removed', async () => {
    server.put('/tiny.pt', weights)
    const phases: EventOf<'model'>[] = []
    door.on('model', (progress) => phases.push(progress))
    expect(await installed()).toEqual([])
    expect(await download()).toMatchObject({ name: 'Tiny/1', phase: 'done' })
    expect(phases.some(({ phase, received }) => phase === 'downloading' && received > 0)).toBe(true)
    expect(await installed()).toMatchObject([{ name: 'Tiny/1', downloading: false }])
    const { equipment } = await door.call('equipment', {})
    expect(equipment.encoders.find(({ id }) => id === 'Tiny/1')).toMatchObject({ installed: true, readsText: true })

    const plain = await drawn({ encoder: 'Tiny/1', device: 'cpu' })
    expect(plain).toMatchObject({ done: true, encoder: expect.stringContaining('Tiny/1') })
    expect(Object.keys(plain.terms)).not.toContain('text')
    const guided = await drawn({ encoder: 'Tiny/1', device: 'cpu', text: 'a teapot' })
    expect(guided.done).toBe(true)
    expect(Object.keys(guided.terms)).toContain('text')

    expect((await door.call('removeModel', { name: 'Tiny/1' })).models).toMatchObject([{ installed: false }])
  })

  test('weights that the user has are taken, and then known by their own name', async () => {
    const source = { from: 'bytes', name: 'mine.pt', bytes: new Uint8Array(weights) } as const
    await door.call('importModel', { source })
    // Its weights are those of the catalogue; what reads text comes besides.
    const { models } = await door.call('models', {})
    expect(models.map(({ name }) => name)).toContain('Tiny/1')
    expect(readFileSync(join(process.env['FEWLINE_MODELS']!, 'tiny.pt')).equals(weights)).toBe(true)
  })

  test('an archive that is none is refused in one sentence', async () => {
    const source = { from: 'bytes', name: 'mine.pt', bytes: new Uint8Array(noise(5000)) } as const
    await expect(door.call('importModel', { source })).rejects.toMatchObject({
      problem: { kind: 'model', expected: expect.any(String), todo: expect.stringMatching(/.+/) },
    })
    expect(await installed()).toEqual([])
  })

  test('something else than was promised is refused, and says what to do', async () => {
    server.put('/tiny.pt', weights, ...Array.from({ length: 9 }, () => serves(noise(weights.length))))
    const { phase, problem } = await download()
    expect([phase, problem?.kind]).toEqual(['failed', 'model'])
    expect(problem!.todo).toMatch(/.+/)
    expect(await installed()).toEqual([])
  })

  test('a download that was stopped goes on where it was', async () => {
    server.put('/tiny.pt', weights, slowly(100, 50))
    const end = ended()
    const some = next(door, 'model', ({ received }) => received > vocabulary.length + 1000)
    await door.call('downloadModel', { name: 'Tiny/1' })
    await some
    await door.call('stopDownload', { name: 'Tiny/1' })
    expect((await end).phase).toBe('stopped')
    expect((await door.call('models', {})).models).toMatchObject([{ installed: false, downloading: false }])
    server.put('/tiny.pt', weights)
    expect((await download()).phase).toBe('done')
    expect(server.asked.filter((asked) => asked.startsWith('/tiny.pt bytes=')).length).toBeGreaterThan(0)
  })

  test('a connection that breaks off is no end', async () => {
    server.put('/tiny.pt', weights, breaksOffAfter(20_000))
    expect((await download()).phase).toBe('done')
    expect(await installed()).toHaveLength(1)
  })

  test('a server that has nothing is told in one sentence', async () => {
    const { phase, problem } = await download()
    expect(phase).toBe('failed')
    expect(problem!.came + problem!.todo).toMatch(/.+/)
  })

  test('what is no model is refused', async () => {
    await expect(door.call('downloadModel', { name: 'nothing' })).rejects.toThrow(/"nothing" is none/)
  })
})

/** A small CLIP with random weights, and a vocabulary for it. */
