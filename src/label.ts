import type { EncoderOptions } from './encoder/encoder.ts'
import { joined } from './encoder/batches.ts'
import { likenesses, type Likeness } from './encoder/labels.ts'
import { openEncoder, readerNamed } from './encoder/open.ts'
import { resized } from './resize.ts'
import { openPhoto } from './photo/photo.ts'
import { renderStrokes } from './raster/raster.ts'
import type { Strokes } from './strokes/strokes.ts'
import { tensor, type Tensor } from './tensor.ts'

export interface LabelRequest extends EncoderOptions {
  /** What may be in the pictures: "a cat", "a dog", … */
  labels: readonly string[]
  /** A CLIP model by name or path; `auto` (when absent) is the first of the catalogue that is installed. */
  encoder?: string
}

/**
 * What photos (files or their bytes) and drawings show, of the things named: for each all labels, the likeliest first.
 * Throws a FewlineError when a photo can't be read, no CLIP model is installed, or there is no label.
 */
export async function label(
  pictures: readonly (string | Uint8Array | Strokes)[],
  { labels, encoder: name = 'auto', ...options }: LabelRequest,
): Promise<Likeness[][]> {
  const images: Tensor[] = []
  for (const picture of pictures) images.push(await imageOf(picture))
  const encoder = await openEncoder(readerNamed(name), options)
  try {
    const fitting = images.map((image) => resized(image, encoder.resolution).output)
    return await likenesses(encoder, joined(fitting), labels)
  } finally {
    await encoder.dispose()
  }
}

/** [1, 3, h, w] 0..1, as large as the canvas. */
async function imageOf(picture: string | Uint8Array | Strokes): Promise<Tensor> {
  if (typeof picture === 'string' || picture instanceof Uint8Array) {
    const { data, shape } = (await openPhoto(picture)).image
    return tensor([1, ...shape], data)
  }
  const { data, shape } = renderStrokes(picture).output
  const planes = shape.length === 3 ? [data] : [data, data, data]
  return tensor([1, 3, ...shape.slice(-2)], Float32Array.from(planes.flatMap((plane) => [...plane])))
}
