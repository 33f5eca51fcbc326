import { FewlineError } from '../errors.ts'
import type { SeenLoss } from '../loss/seen.ts'
import type { Tensor } from '../tensor.ts'
import { picturesIn } from './batches.ts'
import type { CompareWeights, Target } from './encoder.ts'
import type { Tower } from './tower.ts'

/** How many pictures there are. */
export function checkedBatch({ shape, data }: Tensor, { resolution }: Tower): number {
  const [batch = 0, channels, height, width] = shape
  const fits = shape.length === 4 && batch > 0 && channels === 3 && height === resolution && width === resolution
  if (fits && data.length === batch * 3 * resolution ** 2) return batch
  throw new FewlineError({
    kind: 'call',
    expected: `pictures of shape [n, 3, ${resolution}, ${resolution}]`,
    came: `they have shape [${shape.join(', ')}]`,
    todo: "resize them to the encoder's resolution",
  })
}

/** Something has to count. The weight of an embedding that an encoder doesn't have doesn't. */
export function checkWeights(weights: CompareWeights, tower: Tower): void {
  const layers = tower.weights.layers.length
  const someCount = weights.layers.some((w) => w > 0) || countsEmbedding(weights, tower)
  if (weights.layers.length === layers && someCount) return
  const embeds = tower.weights.embedding > 0
  throw new FewlineError({
    kind: 'call',
    expected: `${layers} layer weights for ${tower.name}, not all of them 0${embeds ? ' unless its embedding counts' : ''}`,
    came: `[${weights.layers.join(', ')}] came${embeds ? '' : ', and it has no embedding'}`,
    todo: 'give one weight for each layer',
  })
}

function countsEmbedding({ embedding }: CompareWeights, tower: Tower): boolean {
  return embedding > 0 && tower.weights.embedding > 0
}

/** A target holds for all pictures, or is of as many, and holds all that counts. */
export function checkTarget(target: Target, used: CompareWeights, batch: number, tower: Tower): void {
  const { name } = tower
  const { layers, encoder, weights } = target
  const count = picturesIn(target)
  const noEmbedding = countsEmbedding(used, tower) && !(weights.embedding > 0)
  const missing = noEmbedding || layers.some((_, i) => used.layers[i] && !weights.layers[i])
  if (encoder === name && (count === 1 || count === batch) && !missing) return
  const other = encoder === name ? `it is of ${count} pictures` : `it is of ${encoder}`
  throw new FewlineError({
    kind: 'call',
    expected: `a target of ${name}, of one picture or of ${batch}`,
    came: missing ? 'it was prepared for other layers' : other,
    todo: 'prepare it from the photo again',
  })
}

/** Embeddings of texts: one for all pictures, or one for each. */
export function checkText({ shape, data }: Tensor, batch: number): void {
  const [count, width = 0] = shape
  if (shape.length === 2 && (count === 1 || count === batch) && data.length === count * width) return
  throw new FewlineError({
    kind: 'call',
    expected: `the embedding of one text or of ${batch}`,
    came: `its shape is [${shape.join(', ')}]`,
    todo: 'take it from encodeText',
  })
}

/** Something has to be wanted, and what pictures are held against is one for all of them or one for each. */
export function checkLosses(losses: readonly SeenLoss[], batch: number): void {
  const counts = losses.flatMap(({ wanted }) => Object.values(wanted).map(({ shape }) => shape[0] ?? 0))
  if (losses.length > 0 && counts.every((count) => count === 1 || count === batch)) return
  throw new FewlineError({
    kind: 'call',
    expected: `something wanted of ${batch} pictures, one for all or one for each`,
    came: losses.length > 0 ? `there are ${counts.join(', ')}` : 'nothing is wanted',
    todo: 'say what they should be like',
  })
}
