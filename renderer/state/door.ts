import type { Door, EventName, EventOf } from '../../main/api.ts'

/** Between two tries to connect again, in milliseconds: the first, and the longest. */
const PAUSE = { first: 300, longest: 5000 }

/**
 * A door that outlives its connection: when that ends it is opened again, until it is there, and everyone who listened
 * listens on. What was asked meanwhile is rejected by the door that closed. `tell.lost` is called at every end, and
 * `tell.opened` whenever there is hope again.
 */
export function lastingDoor(open: () => Door, tell: { lost(): void; opened(): void }): Door {
  const listening = new Set<(door: Door) => () => void>()
  const endings = new Map<unknown, () => void>()
  let pause = PAUSE.first
  let door = begin()

  function begin(): Door {
    const opened = open()
    for (const listen of listening) endings.set(listen, listen(opened))
    opened.onClose(() => {
      tell.lost()
      setTimeout(() => {
        door = begin()
        tell.opened()
      }, pause)
      pause = Math.min(PAUSE.longest, 2 * pause)
    })
    return opened
  }

  return {
    async call(command, request) {
      const reply = await door.call(command, request)
      pause = PAUSE.first
      return reply
    },
    on<E extends EventName>(event: E, listener: (data: EventOf<E>) => void) {
      const listen = (each: Door): (() => void) => each.on(event, listener)
      listening.add(listen)
      endings.set(listen, listen(door))
      return () => {
        listening.delete(listen)
        endings.get(listen)?.()
        endings.delete(listen)
      }
    },
    onClose: (listener) => door.onClose(listener),
  }
}
