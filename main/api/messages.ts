import { z } from 'zod'
import { problem } from './problem.ts'

/** The longest JSON that a window sends, in bytes: a drawing of very many strokes has a twentieth of that. */
export const MOST_ASKED = 2 ** 18

/** What a window sends: one command, with a number that its answer will carry. */
export const asked = z.object({ id: z.int().min(0), command: z.string(), request: z.unknown().optional() })
export type Asked = z.infer<typeof asked>

/** What a host sends: an answer, good or bad, or an event. What is in `reply` and `data` has its own schema. */
export const told = z.union([
  z.object({ event: z.string(), data: z.unknown() }),
  z.object({ id: z.int().min(0), problem }),
  z.object({ id: z.int().min(0), reply: z.unknown() }),
])
export type Told = z.infer<typeof told>
