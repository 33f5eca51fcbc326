import type { DrawRequest, Frame, Problem } from '../../src/index.ts'
import type { Work } from './work.ts'

/** What the host says to the engine's process. `id` names a piece of work, or a drawing, from here on. */
export type ToEngine =
  | { id: number; do: 'work'; name: keyof Work; input: unknown }
  | { id: number; do: 'draw'; request: DrawRequest }
  | { id: number; do: 'pause' | 'resume' | 'stop' }

/** What the engine's process says: an outcome, or one more frame. A drawing ends with `result` undefined. */
export type FromEngine =
  { id: number; result: unknown } | { id: number; failure: Failure } | { id: number; frame: Frame }

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
