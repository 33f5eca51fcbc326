import type { SeenLoss } from '../loss/seen.ts'
import type { Precision } from '../onnx/half.ts'
import type { Tensor } from '../tensor.ts'

export type { Precision }
export type Device = 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'

export interface EncoderOptions {
  device?: Device
  /** When absent, half where the device was tried with it and is right and faster, else single. */
  precision?: Precision
  threads?: number
  /** How many pictures at once, where memory is short. */
  most?: number
  /** Texts will be read again and again: what reads them stays ready, at the price of memory. */
  readsOften?: boolean
}

/** How much each layer, and the embedding, counts in `compare`. */
export interface CompareWeights {
  layers: number[]
  embedding: number
}

/** What a photo looks like to one encoder, computed once. Opaque to everyone else. */
export interface Target {
  readonly encoder: string
  readonly layers: readonly Tensor[]
  readonly embedding?: Tensor
  readonly weights: CompareWeights
  /** Which of the pictures are meant, in this order; all of them when absent. */
  readonly chosen?: readonly number[]
}

export interface Features {
  layers: Tensor[]
  /** [n, d], not normalised. */
  embedding?: Tensor
}

export interface Comparison {
  /** Mean over the batch. */
  loss: number
  terms: Record<string, number>
  /** The terms of each picture; the loss of one is their sum. */
  each: Record<string, number>[]
  /** Of the loss in the sketch; same shape as the sketch. */
  gradient: Tensor
}

/**
 * An eye: it looks at pictures, and says how far a sketch looks from a photo.
 * Pictures are [n, 3, r, r] with values 0..1, r being its resolution, before any mean and deviation.
 */
export interface ImageEncoder {
  readonly name: string
  readonly resolution: number
  readonly device: string
  /** Single when absent. */
  readonly precision?: Precision
  /** What a drawing should be compared with: the photo's lines, or the photo itself. */
  readonly sees: 'lines' | 'photo'
  /** How many pictures it looks at at once; 8 when absent. */
  readonly atOnce?: number
  /** What its owner should know about where it computes, in plain sentences. */
  readonly notes?: readonly string[]
  encode(images: Tensor): Promise<Features>
  prepare(photo: Tensor, weights?: CompareWeights): Promise<Target>
  compare(sketch: Tensor, photo: Tensor | Target, weights?: CompareWeights): Promise<Comparison>
  /** How far pictures are from all that is wanted of them, by one look. Each loss holds for all of them or for each. */
  judge(pictures: Tensor, losses: readonly SeenLoss[]): Promise<Comparison>
  /** A picture's cosines with texts, times this, are the logits of which text fits. */
  readonly textScale?: number
  /** As much of a prompt, in whole words, as can be read. */
  readable?(prompt: string): Promise<string>
  /** [n, d]: one embedding a prompt. */
  encodeText?(prompts: string[]): Promise<Tensor>
  /** loss: mean of 1 − cos between each picture and the text. */
  compareText?(sketch: Tensor, text: Tensor): Promise<Comparison>
  /** The side of the squares that `encodePlaces` tells apart, in pixels. */
  readonly stride?: number
  /**
   * What single places of a picture [1, 3, h, w] show, [h / stride, w / stride, d], in the space of the texts. Its sides may
   * be any multiples of the stride.
   */
  encodePlaces?(picture: Tensor): Promise<Tensor>
  /** [r, r] 0..1: where the encoder looks. */
  relevance?(photo: Tensor): Promise<Tensor>
  dispose(): Promise<void>
}
