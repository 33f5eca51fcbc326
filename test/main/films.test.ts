import { expect, test } from 'vitest'
import { createFilms } from '../../main/host/films.ts'
import type { EngineProcess, FromEngine, ToEngine } from '../../main/engine/protocol.ts'
import { two } from '../support/strokes.ts'

/** Processes that answer when they are told to. */
function fakeProcesses() {
  const all: { asked: ToEngine[]; killed: boolean; say(message: object): void; exit(): void }[] = []
  const start = (): EngineProcess => {
    const asked: ToEngine[] = []
    let hear: (message: FromEngine) => void = () => undefined
    let gone: () => void = () => undefined
    const own = {
      asked,
      killed: false,
      say: (message: object) => hear({ id: 1, ...message } as FromEngine),
      exit: () => gone(),
    }
    all.push(own)
    return {
      post: (message) => void asked.push(message),
      onMessage: (listener) => (hear = listener),
      onExit: (listener) => (gone = listener),
      kill: () => (own.killed = true),
    }
  }
  return { all, start }
}

const order = (pixels: number) => ({
  options: { format: 'gif' as const, pixels },
  strokes: two,
  moments: [],
  title: 'a film',
})
const file = { content: Uint8Array.of(1), mediaType: 'image/gif', summary: { bytes: 1 } }
const never = new AbortController().signal
const soon = () => new Promise((resolve) => setTimeout(resolve, 5))

test('the same film is made once, however often it is asked for, and all who wait are told how far it is', async () => {
  const { all, start } = fakeProcesses()
  const films = createFilms(start)
  const told: string[] = []
  const made = ['a', 'b', 'c'].map((name) =>
    films.make('film', order(64), never, (share) => told.push(`${name}${share}`)),
  )
  await soon()
  expect(all).toHaveLength(1)
  all[0]!.say({ item: { share: 0.5 } })
  expect(told).toEqual(['a0.5', 'b0.5', 'c0.5'])
  all[0]!.say({ item: { made: file } })
  expect(await Promise.all(made)).toEqual([file, file, file])
  expect(all[0]!.killed).toBe(true)
  expect(await films.make('film', order(64), never, () => undefined)).toBe(file)
  expect(all).toHaveLength(1)
  void films.make('film', order(65), never, () => undefined)
  await soon()
  expect(all).toHaveLength(2)
})

test('a film ends at once when nobody waits for it, and no other does', async () => {
  const { all, start } = fakeProcesses()
  const films = createFilms(start)
  const [one, other] = [new AbortController(), new AbortController()]
  const first = films.make('film', order(64), one.signal, () => undefined)
  const second = films.make('film', order(64), other.signal, () => undefined)
  const third = films.make('film', order(32), never, () => undefined)
  await soon()
  expect(all).toHaveLength(2)
  one.abort(new Error('cancelled'))
  await expect(first).rejects.toThrow('cancelled')
  expect(all[0]!.killed).toBe(false)
  other.abort(new Error('cancelled, too'))
  await expect(second).rejects.toThrow('cancelled, too')
  await soon()
  expect(all.map(({ killed }) => killed)).toEqual([true, false])
  all[1]!.say({ item: { made: file } })
  expect(await third).toEqual(file)
})

test('what went wrong is told, and tried anew when it is asked for again', async () => {
  const { all, start } = fakeProcesses()
  const films = createFilms(start)
  const lost = films.make('film', order(64), never, () => undefined)
  await soon()
  all[0]!.exit()
  await expect(lost).rejects.toThrow(/it stopped again and again/)
  const again = films.make('film', order(64), never, () => undefined)
  await soon()
  all[1]!.say({ item: { made: file } })
  expect(await again).toEqual(file)
  const closed = films.make('film', order(16), never, () => undefined)
  await soon()
  films.close()
  await expect(closed).rejects.toThrow()
  expect(all[2]!.killed).toBe(true)
})
