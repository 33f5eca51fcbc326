import type { Weight } from '../../models/weight.ts'

/** How much larger than the last stage's the maps of a ResNet's stem are: in both directions by two, four times. */
const STEM = 4 ** 4

/**
 * How many numbers a picture becomes on its way through a model of CLIP: what all convolutions and products give, by the shapes of
 * their weights. A gradient needs them again.
 */
export function numbersSeen(tensors: ReadonlyMap<string, Pick<Weight, 'shape'>>): number {
  const pool = tensors.get('visual.attnpool.positional_embedding')
  const [tokens = 0] = (pool ?? tensors.get('visual.positional_embedding'))?.shape ?? []
  const placesOf = (path: string): number => {
    const [, stage] = /^visual\.layer(\d)\./.exec(path) ?? []
    if (stage !== undefined) return (tokens - 1) * 4 ** (4 - Number(stage))
    if (path.startsWith('visual.conv')) return (tokens - 1) * (pool ? STEM : 1)
    return path.startsWith('visual.transformer.') ? tokens : 0
  }
  const each = Array.from(tensors, ([path, { shape }]) => (shape.length < 2 ? 0 : shape[0]! * placesOf(path)))
  return each.reduce((sum, numbers) => sum + numbers, 0)
}
