import type { Engine } from '../engine/engine.ts'
import type { Work } from './kept.ts'

/** The longer side of a picture in the gallery. */
const PIXELS = 320

/** The drawing of a document on its paper, as a PNG. */
export async function paintedBy(engine: Engine, { title, drawing, settings, seen }: Work): Promise<Uint8Array> {
  const { strokes, painted } = drawing!
  const frame = painted ? undefined : seen?.shown.frame
  const { paper: background, look } = settings
  const options = { format: 'png', pixels: PIXELS, background, look } as const
  const { content } = await engine.work('export', { options, strokes, moments: [], title, frame })
  return content
}
