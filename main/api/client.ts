import { commands, type Command, type ReplyOf, type RequestOf } from './commands.ts'
import { type EventName, type EventOf, events } from './events.ts'
import { told } from './messages.ts'
import type { Port } from './port.ts'
import { type Problem, StudioError } from './problem.ts'
import { decode, encode } from './wire.ts'

/** The door as the window sees it. */
export interface Door {
  /** Gives a command. Rejects with a StudioError that says what to do. */
  call<C extends Command>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>>
  /** Listens to an event; the function that comes back stops listening. */
  on<E extends EventName>(event: E, listener: (data: EventOf<E>) => void): () => void
  /** The host is gone; what was asked and not answered is rejected first, and what is asked later at once. */
  onClose(listener: () => void): void
}

interface Waiting {
  command: Command
  resolve(reply: unknown): void
  reject(error: Error): void
}

/** The door at the other end of a port. */
export function connect(port: Port): Door {
  const waiting = new Map<number, Waiting>()
  const listeners = new Map<EventName, Set<(data: never) => void>>()
  let count = 0
  let closed = false

  port.onMessage((bytes) => {
    const message = told.parse(decode(bytes))
    if ('event' in message) tell(message.event, message.data)
    else answer(message)
  })
  port.onClose(() => {
    closed = true
    for (const { reject } of waiting.values()) reject(new StudioError(GONE))
    waiting.clear()
  })

  function answer(message: { id: number; reply?: unknown } | { id: number; problem: Problem }): void {
    const asker = waiting.get(message.id)
    waiting.delete(message.id)
    if (!asker) return
    if ('problem' in message) asker.reject(new StudioError(message.problem))
    else settle(asker, message.reply)
  }

  function settle({ command, resolve, reject }: Waiting, reply: unknown): void {
    const parsed = commands[command].reply.safeParse(reply)
    if (parsed.success) resolve(parsed.data)
    else reject(new StudioError(misunderstood(`the answer to "${command}"`, parsed.error.message)))
  }

  /** Events of a newer host are passed over. */
  function tell(event: string, data: unknown): void {
    if (!isEvent(event)) return
    const parsed = events[event].parse(data) as never
    for (const listener of listeners.get(event) ?? []) listener(parsed)
  }

  return {
    call(command, request) {
      if (closed) return Promise.reject(new StudioError(GONE))
      return new Promise((resolve, reject) => {
        const id = ++count
        waiting.set(id, { command, resolve, reject })
        port.send(encode({ id, command, request }))
      })
    },
    on(event, listener) {
      const those = listeners.get(event) ?? new Set()
      listeners.set(event, those.add(listener))
      return () => those.delete(listener)
    },
    onClose: (listener) => port.onClose(listener),
  }
}

const GONE: Problem = {
  kind: 'internal',
  expected: 'an answer from Fewline',
  came: 'the connection was closed',
  todo: 'reload the window; nothing is lost',
}

function misunderstood(what: string, details: string): Problem {
  return {
    kind: 'internal',
    expected: `${what} in a known form`,
    came: 'it was not understood',
    todo: 'reload the window',
    details,
  }
}

function isEvent(name: string): name is EventName {
  return Object.hasOwn(events, name)
}
