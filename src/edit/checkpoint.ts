import { z } from 'zod'
import { attemptAt, device, floats, FORMAT, origin, parsed, past, type Past } from '../drawing/checkpoint.ts'
import type { Try } from '../drawing/tries.ts'
import type { Groups } from '../optimiser/groups.ts'
import { MODES, type EditRequest } from './request.ts'

/** An edit that was left before it was done: with it, it becomes what it would have been. */
export interface EditCheckpoint {
  /** Absent with a generator, which is in the request by its paths. */
  photo?: { path: string; sha256: string }
  /** What was asked, without the photo. The region, if any, is a path. */
  request: Omit<EditRequest, 'photo' | 'tries' | 'region' | 'generator'> & {
    region?: string
    generator?: { files: string[]; latent: string }
  }
  tries: readonly Try<Groups>[]
  past?: Past
}

/** Reads what `writeCheckpoint` wrote of an edit. Throws a FewlineError of kind `call` for anything else. */
export function readEdit(text: string): EditCheckpoint {
  return parsed(EDIT, text)
}

const request = z.object({
  text: z.string(),
  generator: z.object({ files: z.array(z.string()), latent: z.string() }).optional(),
  source: z.string().optional(),
  mode: z.enum(MODES).optional(),
  strokes: z.number().optional(),
  keep: z.number().optional(),
  region: z.string().optional(),
  where: z.array(z.string()).optional(),
  finder: z.string().optional(),
  encoder: z.string().optional(),
  iterations: z.number().optional(),
  seed: z.number().optional(),
  device: device.optional(),
  threads: z.number().optional(),
  frameEvery: z.number().optional(),
})

const attempt = attemptAt<Groups>(z.record(z.string(), floats), (parameters, name) => parameters[name]?.length)

const EDIT: z.ZodType<EditCheckpoint> = z
  .object({
    checkpoint: z.literal(FORMAT),
    photo: origin.optional(),
    request,
    tries: z.array(attempt),
    past: past.optional(),
  })
  .transform(({ photo, request, tries, past }) => ({
    ...(photo && { photo }),
    request,
    tries,
    ...(past && { past }),
  }))
