import { z } from 'zod'
import { problem } from './problem.ts'

/** Where models run. */
export const device = z.object({
  id: z.string(),
  /** For people: "Automatic", "CPU, 8 threads", "NVIDIA GeForce RTX 4070 (CUDA)". */
  name: z.string(),
  available: z.boolean(),
  /** Why it is not. */
  reason: z.string().optional(),
})
export type EquipmentDevice = z.infer<typeof device>

/** What looks at a drawing. */
export const encoder = z.object({
  id: z.string(),
  name: z.string(),
  /** One line of help. */
  about: z.string(),
  installed: z.boolean(),
  /** Whether it understands `settings.text`. */
  readsText: z.boolean(),
  /** The model to download for it, where there is one (Model.name). */
  model: z.string().optional(),
})
export type Encoder = z.infer<typeof encoder>

export const preset = z.object({ id: z.string(), name: z.string(), about: z.string(), iterations: z.int() })
export type PresetInfo = z.infer<typeof preset>

export const equipment = z.object({
  devices: z.array(device),
  encoders: z.array(encoder),
  presets: z.array(preset),
  /** How a photo can be edited by words. */
  modes: z.array(z.string()),
})
export type Equipment = z.infer<typeof equipment>

/** A model of the catalogue, or one that was imported. */
export const model = z.object({
  name: z.string(),
  /** An encoder looks at drawings; a finder finds things in photos by words, or by clicks; `lines` are found by a net. */
  kind: z.enum(['encoder', 'finder', 'lines']),
  about: z.string(),
  licence: z.string(),
  /** Size of the download. */
  bytes: z.number(),
  installed: z.boolean(),
  downloading: z.boolean(),
})
export type Model = z.infer<typeof model>

export const modelProgress = z.object({
  name: z.string(),
  phase: z.enum(['downloading', 'verifying', 'done', 'stopped', 'failed']),
  received: z.number(),
  /** 0 when unknown. */
  total: z.number(),
  problem: problem.optional(),
})
export type ModelProgress = z.infer<typeof modelProgress>
