/** Numbers with a shape, in row-major order: the one currency between the steps of a drawing. */
export interface Tensor {
  data: Float32Array
  shape: number[]
}

/** How many numbers a shape holds; a scalar's shape is `[]` and holds one. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}

/** A tensor around `data`, or of zeros. Throws a RangeError when data and shape disagree. */
export function tensor(shape: readonly number[], data: Float32Array = new Float32Array(sizeOf(shape))): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`a tensor of shape [${shape.join(', ')}] holds ${sizeOf(shape)} numbers, not ${data.length}`)
  }
  return { data, shape: [...shape] }
}

/**
 * One differentiable step: what it made, and how a gradient of that goes back to what it was made from.
 * Every step of a drawing has this shape, so that the chain forward and the chain backward read alike.
 */
export interface Step<Output, InputGradient, OutputGradient = Output> {
  output: Output
  pullback(gradientOfOutput: OutputGradient): InputGradient
}
