import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { elementsOf, halvesOf, numbersOf } from '../../../src/onnx/elements.ts'
import { type AdamState, adam } from '../../../src/optimiser/adam.ts'
import { type Tensor, sizeOf } from '../../../src/tensor.ts'
import { Dice } from '../dice.ts'
import type { Parameter } from './graph.ts'

/** All that training remembers. Weights lie one behind the other in one array, in the order of the parameters. */
export interface TrainingState {
  /** Steps done. */
  step: number
  weights: Float32Array
  /** The mean of the weights over the last steps, which is what becomes the eye. */
  average: Float32Array
  adam: AdamState
}

export function begin(parameters: readonly Parameter[], seed: number): TrainingState {
  const dice = new Dice(seed)
  const weights = Float32Array.from(
    parameters.flatMap(({ shape, start }) =>
      Array.from({ length: sizeOf(shape) }, () => ('value' in start ? start.value : dice.normal(start.deviation))),
    ),
  )
  return { step: 0, weights, average: weights.slice(), adam: adam().init(weights.length) }
}

/** Each parameter of the array by its name. Shares the array's memory. */
export function byName(parameters: readonly Parameter[], weights: Float32Array): Record<string, Tensor> {
  let at = 0
  return Object.fromEntries(
    parameters.map(({ name, shape }) => [name, { data: weights.subarray(at, (at += sizeOf(shape))), shape }]),
  )
}

/** "EYES" and "EYEH": states as they are, and those with half as many bits. */
const MAGIC = { whole: 0x53455945, halved: 0x48455945 }
const HEADER = 16

/**
 * Writes a state to a file, all of it or nothing: a header of four little-endian unsigned 32-bit numbers (magic, steps
 * done, count of weights, 0), and then four arrays of so many float32: weights, their average, Adam's mean and its
 * square. `halved` writes float16 instead, and the root of the square, which fits that: for keeps, as whoever goes on from
 * there does not get quite the same weights.
 */
export function writeState(path: string, state: TrainingState, halved = false): void {
  const header = Buffer.alloc(HEADER)
  const magic = halved ? MAGIC.halved : MAGIC.whole
  for (const [i, number] of [magic, state.step, state.weights.length].entries()) header.writeUInt32LE(number, 4 * i)
  const { weights, average, adam } = state
  const arrays = [weights, average, adam.mean, halved ? adam.square.map(Math.sqrt) : adam.square].map((array) => {
    const { buffer, byteOffset, byteLength } = halved ? halvesOf(array) : array
    return Buffer.from(buffer, byteOffset, byteLength)
  })
  writeFileSync(`${path}.tmp`, Buffer.concat([header, ...arrays]))
  renameSync(`${path}.tmp`, path)
}

/** Reads what `writeState` has written. Throws when the file is no state of a net with so many weights. */
export function readState(path: string, count: number): TrainingState {
  const file = readFileSync(path)
  const [magic, step, held] = [0, 1, 2].map((i) => (file.length < HEADER ? 0 : file.readUInt32LE(4 * i)))
  const halved = magic === MAGIC.halved
  const size = (halved ? 2 : 4) * count
  if ((magic !== MAGIC.whole && !halved) || held !== count || file.length !== HEADER + 4 * size) {
    throw new Error(
      `Expected a training's state with ${count} weights, but ${path} is none: begin anew in another folder.`,
    )
  }
  const array = (i: number): Float32Array => {
    const bytes = new Uint8Array(file.subarray(HEADER + i * size, HEADER + (i + 1) * size))
    return Float32Array.from(
      numbersOf(halved ? 'float16' : 'float32', elementsOf(halved ? 'float16' : 'float32', bytes)),
    )
  }
  const square = halved ? array(3).map((root) => root * root) : array(3)
  return { step: step!, weights: array(0), average: array(1), adam: { step: step!, mean: array(2), square } }
}
