import type { EncoderOptions } from '../encoder/encoder.ts'
import type { Photo } from '../photo/photo.ts'
import type { Picture } from '../photo/picture.ts'
import type { Tensor } from '../tensor.ts'

/** A place in a photo, in upright pixels of its file; (0, 0) is the corner of the first pixel. */
export interface Point {
  x: number
  y: number
}

/** A rectangle in a photo, in upright pixels of its file. */
export interface Box extends Point {
  width: number
  height: number
}

/** What is looked for in a photo. */
export interface Wanted {
  /** Phrases; one with `-` in front is not meant, and is compared with those that are. */
  words?: readonly string[]
  points?: readonly Point[]
  boxes?: readonly Box[]
  /** Things of that kind in other photos. */
  examples?: readonly Example[]
}

/** A thing in another photo. */
export interface Example {
  /** A picture file, or its bytes. */
  photo: string | Uint8Array
  /** Where it is, in upright pixels of the file; all of the photo when absent. */
  box?: Box
}

/** What a finder is asked for: as is wanted, the examples as pictures that they fill. */
export interface Sought extends Omit<Wanted, 'examples'> {
  examples?: readonly Picture[]
}

/** Something that was found. */
export interface Thing {
  /** The phrase that it answers to, or how it was asked for. */
  words: string
  /** 0..1: how sure the finder is. */
  score: number
  box: Box
  /** [CANVAS, CANVAS] 0..1, 0 in the padding. */
  mask: Tensor
}

/** What came closest to a phrase of which nothing was found. */
export interface Miss {
  words: string
  score: number
}

/** What a finder says of a photo: the things, the likeliest first, and how far the other phrases were. */
export interface Found {
  things: Thing[]
  misses: Miss[]
}

/** A photo as finders look at it. A finder knows it again by its identity, and keeps what it saw in it. */
export interface Sight {
  photo: Photo
  /** Its pixels, as fine as any model wants them. */
  picture: Picture
}

/** Looks for what is wanted in a photo, as long as it is open. */
export interface Finder {
  readonly name: string
  /** What its owner should know, in plain sentences. */
  readonly notes: readonly string[]
  find(sight: Sight, wanted: Sought): Promise<Found>
  dispose(): Promise<void>
}

export interface FinderOptions extends Omit<EncoderOptions, 'most' | 'readsOften'> {
  /** A CLIP model by its name or path, for the finders that work with any; when absent, the best for it that is installed. */
  encoder?: string
}

/** Makes a thing, with its mask, of a box in which it is. */
export interface MaskMaker {
  thing(box: Box, words: string, score: number, sight: Sight): Thing | Promise<Thing>
  dispose(): Promise<void>
}
