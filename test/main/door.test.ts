import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Command, commands, connect, decode, encode, type Port } from '../../main/api.ts'
import { answer, type Handlers } from '../../main/host/connection.ts'
import { browserShell } from '../../main/host/shell.ts'
import { memoryPorts, testStudio, type TestStudio } from './support/studio.ts'

let host: TestStudio
beforeAll(() => {
  host = testStudio()
})
afterAll(() => host.close())

/** A window's end of a port, without the checks of `connect`. */
function rawPort(): { port: Port; answers: unknown[]; closed: () => boolean } {
  const [near, far] = memoryPorts()
  host.studio.connect(far, browserShell)
  const answers: unknown[] = []
  let gone = false
  near.onMessage((bytes) => answers.push(decode(bytes)))
  near.onClose(() => (gone = true))
  return { port: near, answers, closed: () => gone }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('the host', () => {
  test('answers anything that looks like a command with a problem, and stays', async () => {
    const { port, answers, closed } = rawPort()
    const names = fc.oneof(fc.constantFrom(...Object.keys(commands)), fc.string(), fc.constant('__proto__'))
    // Requests that are objects of nothing sensible: each is refused, or does no more than an empty one may.
    const requests = fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.jsonValue()))
    const sent: number[] = []
    await fc.assert(
      fc.asyncProperty(names, requests, async (command, request) => {
        if (command === 'draw' || command === 'open') return
        let message
        try {
          message = encode({ id: sent.length, command, request })
        } catch {
          return // It can't be written as a message at all.
        }
        sent.push(sent.length)
        port.send(message)
      }),
    )
    await expect
      .poll(() => new Set(answers.map((each) => (each as { id?: number }).id)).size, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(sent.length)
    expect(closed()).toBe(false)
    port.close()
  })

  test('says which command it does not know, or did not understand', async () => {
    const { port, answers } = rawPort()
    port.send(encode({ id: 1, command: 'format-disk', request: {} }))
    port.send(encode({ id: 2, command: 'change', request: { settings: { strokes: -1 } } }))
    port.send(encode({ id: 3, command: 'edit', request: { drawing: { strokes: { points: new Float32Array(7) } } } }))
    await settled()
    // Of the earlier commands one may come to something only now, and windows are told of that.
    expect(answers.filter((each) => 'id' in (each as object))).toMatchObject([
      { id: 1, problem: { kind: 'call', came: '"format-disk" is none' } },
      { id: 2, problem: { kind: 'call', details: expect.stringContaining('strokes') } },
      { id: 3, problem: { kind: 'call' } },
    ])
    port.close()
  })

  test('closes the port to what is no message', async () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(255, 255, 255, 255), encode([1, 2]), encode({ id: -1 })]) {
      const { port, closed } = rawPort()
      port.send(bytes)
      await settled()
      expect(closed()).toBe(true)
    }
  })

  test.each([
    ['points that are not numbers', { points: Float32Array.of(NaN, ...new Array<number>(7).fill(1)) }],
    ['too few points', { points: new Float32Array(6) }],
    ['a width of nothing', { widths: Float32Array.of(0) }],
    ['colours of other strokes', { colors: new Float32Array(8) }],
    ['segments that do not add up', { segments: Uint8Array.of(2) }],
    ['another canvas', { width: 100 }],
  ])('refuses strokes with %s', (_name, wrong) => {
    const good = { points: new Float32Array(8), widths: Float32Array.of(3), width: 224, height: 224 }
    const parse = (strokes: unknown) => commands.edit.request.safeParse({ drawing: { strokes, locked: [] } }).success
    expect(parse(good)).toBe(true)
    expect(parse({ ...good, ...wrong })).toBe(false)
  })
})

describe('the window', () => {
  const doorTo = (handlers: Partial<Handlers>) => {
    const [near, far] = memoryPorts()
    answer(far, handlers as Handlers)
    return { door: connect(near), far, near }
  }

  test('refuses an answer that is not what was promised', async () => {
    const { door } = doorTo({ recent: () => ({ recent: [{ id: 7 }] }) as never })
    await expect(door.call('recent', {})).rejects.toMatchObject({ problem: { kind: 'internal' } })
  })

  test('learns what went wrong, with the details apart', async () => {
    const { door } = doorTo({
      recent: () => {
        throw new Error('secret path')
      },
    })
    const error = await door.call('recent', {}).catch((problem: unknown) => problem)
    expect(error).toMatchObject({ problem: { kind: 'internal', details: expect.stringContaining('secret path') } })
    expect((error as Error).message).not.toContain('secret path')
  })

  test('is told when the host is gone: what was asked is rejected', async () => {
    const { door, near } = doorTo({ recent: () => new Promise(() => undefined) })
    const asked = door.call('recent', {})
    near.close()
    await expect(asked).rejects.toThrow(/connection was closed/)
  })

  test('passes over events it does not know', async () => {
    const { door, far } = doorTo({ recent: () => ({ recent: [] }) })
    far.send(encode({ event: 'fireworks', data: {} }))
    expect(await door.call('recent', {})).toEqual({ recent: [] })
  })
})

test('every command says what it takes and what it gives', () => {
  for (const name of Object.keys(commands) as Command[]) {
    expect(commands[name].request.safeParse(undefined).success).toBe(false)
    expect(commands[name].reply.safeParse(undefined).success).toBe(false)
  }
})
