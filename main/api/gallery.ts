import { z } from 'zod'
import { id, picture, title } from './values.ts'

/** The most drawings that the gallery keeps: those before the latest ones are let go of. */
export const MOST_DRAWINGS = 60

/** A drawing of the gallery. */
export const card = z.object({
  id,
  name: title,
  /** When it changed last, in milliseconds since 1970. */
  changed: z.number(),
  strokes: z.int().min(0),
  /** On its paper; absent when it can't be shown. */
  picture: picture.optional(),
  /** What is kept of it can't be read: it can only be deleted. */
  broken: z.boolean(),
})
export type Card = z.infer<typeof card>

/** The latest first. */
export const gallery = z.object({ drawings: z.array(card) })
