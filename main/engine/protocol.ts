import type { Problem } from '../../src/index.ts'
import type { Streams } from './streams.ts'
import type { Work } from './work.ts'

/** What the host says to the engine's process. `id` names a piece of work, or a stream, from here on. */
export type ToEngine =
  | { id: number; do: 'work'; name: keyof Work; input: unknown }
  | { id: number; do: 'stream'; name: keyof Streams; input: unknown }
  | { id: number; do: 'pause' | 'resume' | 'stop' }

/** What the engine's process says: an outcome, or one more item of a stream, which ends with `result` undefined. */
export type FromEngine = { id: number } & ({ result: unknown } | { failure: Failure } | { item: unknown })

/** Errors cross between processes as data. */
export interface Failure {
  /** Absent when it is an error of Fewline's own. */
  problem?: Problem
  details: string
}

/** A process that runs `engine/child.ts`, however it was started. */
export interface EngineProcess {
  post(message: ToEngine): void
  onMessage(listener: (message: FromEngine) => void): void
  /** It is gone: crashed, killed, or closed by us. Called once. */
  onExit(listener: () => void): void
  kill(): void
}
