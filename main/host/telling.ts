import { encode, type EventName, type EventOf, type Port } from '../api.ts'
import type { Document } from './document.ts'
import type { Waiting } from './long.ts'
import type { Shell } from './shell.ts'

/** A port with a window behind it, which may be slow. */
export interface WindowPort extends Port {
  /** Bytes that are on their way. */
  readonly waiting?: number
}

/** A window as the host sees it. */
export interface Window {
  /** What it shows. */
  document: Document
  readonly shell: Shell
  /** What takes long. */
  readonly waiting: Waiting
}

/** A window that can be told. */
export interface OpenWindow extends Window {
  readonly port: WindowPort
}

/** A window that has this much on its way gets no more frames until it has caught up. */
const BUSY = 2 ** 20

/**
 * Tells windows of an event, written once for all, or already written as `message`. A window that is slow gets the frames
 * that end a run, and others when it has caught up.
 */
export function tell<E extends EventName>(
  windows: readonly OpenWindow[],
  event: E,
  data: EventOf<E>,
  message?: Uint8Array,
): void {
  for (const { shell } of windows) shell.watch?.(event, data)
  const mayWait = event === 'frame' && !(data as EventOf<'frame'>).order
  const ready = windows.filter(({ port }) => !mayWait || (port.waiting ?? 0) < BUSY)
  if (ready.length === 0) return
  const bytes = message ?? encode({ event, data })
  for (const { port } of ready) port.send(bytes)
}
