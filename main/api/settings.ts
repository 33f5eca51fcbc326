import { z } from 'zod'
import { LOOK_NAMES } from '../../src/looks/looks.ts'
import { colour, paper } from './values.ts'
import { asking, NOTHING_ASKED } from './words.ts'

/** What a drawing is asked for, and how it looks. Saved with a project; those last used are offered for the next photo. */
export const settings = z.object({
  strokes: z.int().min(1).max(512),
  /** As many strokes as it takes, instead; and how much of the photo they are to draw. */
  auto: z.boolean(),
  detail: z.number().min(0).max(1),
  /** A preset's id (Equipment). */
  preset: z.string().max(64),
  /** Instead of the preset's; null: the preset's. */
  iterations: z.int().min(1).max(1_000_000).nullable(),
  /** An encoder's id (Equipment); `auto` is the best that is installed. */
  encoder: z.string().max(1000),
  /** A device's id (Equipment). */
  device: z.string().max(64),
  /** Full stroke width in canvas units. */
  width: z.number().min(0.1).max(64),
  /** The ink and the paper. Frames have no colours of their own: the window paints them in this one. */
  colour,
  paper,
  /** What it is drawn with. */
  look: z.enum(LOOK_NAMES),
  /** How many drawings to make, of which the best is kept, and the first one's seed. */
  seeds: z.int().min(1).max(100),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /** What the drawing should show, in words; '' for none. Only with an encoder that reads text. */
  text: z.string().max(1000),
  /** What is asked for in words alone. */
  words: asking,
  /** A frame is shown every so many steps. */
  frameEvery: z.int().min(1).max(1000),
})
export type Settings = z.infer<typeof settings>

export const DEFAULT_SETTINGS: Settings = {
  strokes: 16,
  auto: true,
  detail: 0.5,
  preset: 'standard',
  iterations: null,
  encoder: 'auto',
  device: 'auto',
  width: 3,
  colour: '#000000',
  paper: '#ffffff',
  look: 'fineliner',
  seeds: 1,
  seed: 0,
  text: '',
  words: NOTHING_ASKED,
  frameEvery: 1,
}

/** What belongs to the program and not to a drawing. */
export const appSettings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Of menus and messages of the system; left out as long as no window has told. */
  language: z.enum(['en', 'de', 'zh']).optional(),
})
export type AppSettings = z.infer<typeof appSettings>
