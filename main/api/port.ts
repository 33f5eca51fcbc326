/**
 * What carries the messages: a preload port in the desktop app (`window.fewline`), a WebSocket in a browser.
 * One call to `send` is one message at the other end, whole and in order.
 */
export interface Port {
  send(message: Uint8Array): void
  onMessage(listener: (message: Uint8Array) => void): void
  /** The other side is gone: the page should say so, and connect again. */
  onClose(listener: () => void): void
  close(): void
  /** The path of a file dropped on the window; the desktop app has one. */
  pathOf?(file: unknown): string
}

/** The parts of a WebSocket, the browser's or Node's, that a port needs. */
interface Socket {
  binaryType: string
  readonly readyState: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(): void
  addEventListener(type: 'open' | 'close', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

/** A port over a WebSocket. What is sent before it is open waits for that. */
export function socketPort(socket: Socket): Port {
  const early: Uint8Array<ArrayBuffer>[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => {
    for (const message of early.splice(0)) socket.send(message)
  })
  return {
    send(message) {
      const bytes = message as Uint8Array<ArrayBuffer>
      if (socket.readyState === CONNECTING) early.push(bytes)
      else socket.send(bytes)
    },
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) listener(new Uint8Array(data))
      }),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  }
}

/** WebSocket.CONNECTING */
const CONNECTING = 0
