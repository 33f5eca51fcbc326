import type { ImageEncoder } from '../encoder/encoder.ts'
import { softmax } from '../encoder/labels.ts'
import { meanings } from '../encoder/sentences.ts'
import { dot, rowsOf, unit } from '../encoder/vectors.ts'

/** What a phrase is put into before CLIP reads it. */
const TEMPLATES = ['{}', 'a photo of {}', 'there is {} in the scene']
/** Everything else: words that mean nothing in particular (the "other" of LSeg, Li et al. 2022). */
const OTHER = ['other', 'something else', 'a thing', 'stuff']

/** How likely what is seen, in the space of the texts, is each of the phrases that were read. */
export interface Meaning {
  /** 0..1 for each phrase; what is missing from 1 is something else. */
  of(seen: Float32Array): number[]
}

/**
 * Reads phrases and keeps what they mean, so that one that was read before costs nothing. Everything else counts for so many
 * labels as `others` says: CLIP is a few logits surer of the right word than of words that mean nothing, and of a wrong one
 * hardly.
 */
export function reader(encoder: ImageEncoder, others: number): (phrases: readonly string[]) => Promise<Meaning> {
  const known = new Map<string, Float32Array>()
  return async (phrases) => {
    const fresh = [...new Set([...phrases, ...OTHER])].filter((phrase) => !known.has(phrase))
    if (fresh.length > 0) {
      const directions = rowsOf(await meanings(encoder, fresh, TEMPLATES))
      fresh.forEach((phrase, i) => known.set(phrase, directions[i]!))
    }
    const labels = [...phrases, ...OTHER].map((phrase) => known.get(phrase)!)
    const scale = encoder.textScale ?? 100
    const prior = Math.log(others / OTHER.length)
    return {
      of(seen) {
        const direction = unit(seen)
        const logits = labels.map((label, i) => scale * dot(direction, label) + (i < phrases.length ? 0 : prior))
        return softmax(logits).slice(0, phrases.length)
      },
    }
  }
}

/** Phrases that are meant, and those that are not, without their `-`. */
export function sorted(words: readonly string[]): { meant: string[]; others: string[] } {
  const meant = words.filter((phrase) => !phrase.startsWith('-'))
  const others = words.filter((phrase) => phrase.startsWith('-')).map((phrase) => phrase.slice(1).trim())
  return { meant, others }
}
