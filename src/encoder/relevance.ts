import { locateModel } from '../models/store.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { ImageEncoder } from './encoder.ts'
import { openEncoder } from './open.ts'
import { resized } from '../resize.ts'

/** Models that say where they look, the one that CLIPasso asks first. */
const ATTENTIVE = ['ViT-B/32', 'ViT-B/16']

/**
 * How relevant each place of a picture [3, CANVAS, CANVAS] is, [CANVAS·CANVAS] 0..1: as the encoder says, or another
 * one that is installed where this one can't (a ResNet has no attention). Undefined when there is none.
 */
export async function relevanceOf(picture: Tensor, encoder: ImageEncoder): Promise<Float32Array | undefined> {
  if (encoder.relevance) return relevanceBy(encoder, picture)
  const name = ATTENTIVE.find((model) => locateModel(model) !== undefined)
  if (name === undefined) return undefined
  const attentive = await openEncoder(name, { device: 'cpu' })
  try {
    return await relevanceBy(attentive, picture)
  } finally {
    await attentive.dispose()
  }
}

async function relevanceBy(encoder: ImageEncoder, { data, shape }: Tensor): Promise<Float32Array | undefined> {
  const { output } = resized(tensor([1, ...shape], data), encoder.resolution)
  const map = await encoder.relevance?.(output)
  return map && resized(map, CANVAS).output.data
}
