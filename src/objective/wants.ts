import { likenessTo, targetOfSome } from '../encoder/batches.ts'
import type { ImageEncoder } from '../encoder/encoder.ts'
import { meanings } from '../encoder/sentences.ts'
import { rowsOf } from '../encoder/vectors.ts'
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

/** It should have the style of a picture [3, CANVAS, CANVAS]: shallow features and colours, wherever they lie. */
export function hasStyle(picture: Tensor, weight = 1): Want {
  return async ({ encoder, see }) => {
    const shown = see(picture, [undefined]).output
    const { layers } = await encoder.encode(shown)
    // A third of the way up an encoder still sees how something is painted, and not yet what it is.
    const shallow = Array.from({ length: Math.max(1, Math.floor(layers.length / 3)) }, (_, i) => i)
    const samples = { layers: Object.fromEntries(shallow.map((i) => [i, layers[i]!])), colours: shown }
    const style = sampled(samples)
    return () => styleLike(style, weight)
  }
}
