import type { WeightType } from './numbers.ts'

/** One tensor of a weight file, read when it is asked for. */
export interface Weight {
  readonly shape: readonly number[]
  readonly type: WeightType
  /** Its numbers as float32, row-major, read from the file now. Throws a FewlineError of kind `model`. */
  read(): Float32Array
}

/** An archive's tensors by the path of attributes that leads to them, and what tells its content from any other's. */
export interface Archive {
  readonly tensors: ReadonlyMap<string, Weight>
  /** Bytes to hash: those of the directory, with the checksum of every tensor. */
  readonly content: Uint8Array
}
