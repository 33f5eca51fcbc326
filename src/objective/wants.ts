import { joined, likenessTo, targetOfSome, within } from '../encoder/batches.ts'
import type { ImageEncoder } from '../encoder/encoder.ts'
import { directionBetween, meanings } from '../encoder/sentences.ts'
import { rowsOf } from '../encoder/vectors.ts'
import { directional } from '../loss/direction.ts'
import { keeping } from '../loss/keeping.ts'
import { likeness } from '../loss/likeness.ts'
import { meaning } from '../loss/meaning.ts'
import { sampled, styleLike } from '../loss/style.ts'
import type { SeenLoss } from '../loss/seen.ts'
import { tensor, type Step, type Tensor } from '../tensor.ts'
import type { Lens } from '../views/look.ts'

/** Who looks, and through what. */
export interface Eye {
  encoder: ImageEncoder
  /** A picture through lenses, as large as the encoder wants it. */
  see(picture: Tensor, lenses: readonly Lens[]): Step<Tensor, Tensor>
  /** Through which pictures will be seen again and again, the first of them nothing. */
  lenses: readonly Lens[]
}

/** Through what a drawing is looked at in one step: lenses and, where they are all the eye's own, their places there. */
export interface Looks {
  lenses: readonly Lens[]
  places?: readonly number[]
}

/** A want made ready: the loss of a drawing that is looked at in some way. */
export type Ready = (looks: Looks) => SeenLoss | Promise<SeenLoss>

/** Something that is wanted of a drawing. What it takes to judge that is found out once, when it is made ready. */
export type Want = (eye: Eye) => Promise<Ready>

/** It should look like a picture: [CANVAS, CANVAS] or [3, CANVAS, CANVAS], 0..1. */
export function looksLike(picture: Tensor): Want {
  return async ({ encoder, see, lenses: bank }) => {
    const known = await encoder.prepare(see(picture, bank).output)
    return async ({ lenses, places }) =>
      places
        ? likenessTo(targetOfSome(known, places))
        : likeness(await encoder.encode(see(picture, lenses).output), known.weights)
  }
}

/** It should be a picture of what a sentence says, and not of what others say. */
export function means(prompt: string, weight = 1, against: readonly string[] = []): Want {
  return async ({ encoder }) => {
    const [text, ...others] = rowsOf(await meanings(encoder, [prompt, ...against])).map((row) =>
      tensor([1, row.length], row),
    )
    return () => meaning(text!, weight, others)
  }
}

/** A way this long between two embeddings is well worth going. */
const LEAST_WAY = 0.1
/** How much it counts that features and colours stay, next to going where a sentence leads. */
const KEEPING = { content: 0.5, change: 1 }

/** The way from one text to another as an encoder understands them, [1, d] of length 1. */
export type Way = (encoder: ImageEncoder) => Promise<Tensor>

/** The way from what one sentence means to what another does, read once however many want to go it. */
export function wayFrom(source: string, target: string, templates?: readonly string[]): Way {
  let known: Promise<Tensor> | undefined
  return (encoder) => (known ??= directionBetween(encoder, source, target, templates))
}

/**
 * A picture [(3,) side, side] should become another as one sentence becomes the other: that way, and a good deal. What has
 * come to within `threshold` of that need not go further.
 */
export function goesFrom(picture: Tensor, way: Way, weight = 1, threshold = 0): Want {
  return async ({ encoder, see, lenses: bank }) => {
    const direction = await way(encoder)
    const known = await encoder.prepare(see(picture, bank).output)
    return async ({ lenses, places }) => {
      const before = places
        ? chosenOf(known.embedding!, places)
        : (await encoder.encode(see(picture, lenses).output)).embedding!
      return directional(before, direction, weight, threshold, LEAST_WAY)
    }
  }
}

/** It should keep what a picture [(3,) side, side] shows: shallow features of an encoder, and colours. */
export function keeps(picture: Tensor, weight = 1, { content, change } = KEEPING): Want {
  return async ({ encoder, see, lenses: bank }) => {
    const { weights } = await encoder.prepare(see(picture, [undefined]).output)
    const shallow = shallowOf(weights.layers.length).at(-1)!
    const only = { layers: weights.layers.map((_, i) => Number(i === shallow)), embedding: 0 }
    const shown = see(picture, bank).output
    const known = await encoder.prepare(shown, only)
    const { data } = known.layers[shallow]!
    // As a share of what is there, so that every encoder minds alike.
    const share = data.length / data.reduce((sum, value) => sum + value * value, 0)
    const weighed = { content: weight * content * share, change: weight * change }
    return async ({ lenses, places }) => {
      const images = places ? chosenOf(shown, places) : see(picture, lenses).output
      const features = places
        ? chosenOf(known.layers[shallow]!, places)
        : (await encoder.encode(images)).layers[shallow]!
      return keeping({ images, features }, shallow, weighed)
    }
  }
}

/** Some of what was seen, as one batch. */
function chosenOf(batch: Tensor, places: readonly number[]): Tensor {
  return joined(places.map((place) => within(batch, [place, place + 1])))
}

/** A third of the way up an encoder still sees how something is painted, and not yet what it is. */
function shallowOf(layers: number): number[] {
  return Array.from({ length: Math.max(1, Math.floor(layers / 3)) }, (_, i) => i)
}

/** What is wanted of the picture as it is alone, or of what is seen of it through views alone. */
export function only(seen: 'itself' | 'views', want: Want): Want {
  const itself: Looks = { lenses: [undefined], places: [0] }
  return async (eye) => {
    // What is wanted of the picture alone is held against one picture, and it need not be found out through views.
    const ready = await want(seen === 'itself' ? { ...eye, lenses: itself.lenses } : eye)
    return async (looks) => {
      const { key, wanted, terms } = await ready(seen === 'itself' ? itself : looks)
      const shares = looks.lenses.map((lens) => Number((lens === undefined) === (seen === 'itself')))
      return {
        key: `only ${key}`,
        wanted: { ...wanted, shares: tensor([shares.length], Float32Array.from(shares)) },
        terms: (g, sight, { shares, ...others }) =>
          Object.fromEntries(
            Object.entries(terms(g, sight, others)).map(([name, each]) => [name, g.op('Mul', [each, shares!])]),
          ),
      }
    }
  }
}

/** It should have the style of a picture [3, CANVAS, CANVAS]: shallow features and colours, wherever they lie. */
export function hasStyle(picture: Tensor, weight = 1): Want {
  return async ({ encoder, see }) => {
    const shown = see(picture, [undefined]).output
    const { layers } = await encoder.encode(shown)
    const shallow = shallowOf(layers.length)
    const samples = { layers: Object.fromEntries(shallow.map((i) => [i, layers[i]!])), colours: shown }
    const style = sampled(samples)
    return () => styleLike(style, weight)
  }
}
