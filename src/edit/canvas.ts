import type { Canvas } from '../objective/canvas.ts'
import { added, type Groups } from '../optimiser/groups.ts'
import { photoPixels, type Frame, type PixelBox } from '../photo/photo.ts'
import { tensor, type Tensor } from '../tensor.ts'
import type { Transform } from './transform.ts'

/** What a transform changes: the photo alone, without its padding, [3, h, w]. */
export function photoIn(image: Tensor, frame: Frame): Tensor {
  return within(image, photoPixels(frame, image.shape.at(-1)))
}

/** A photo [3, side, side] as a transform changes it, where `region` [side, side] 0..1 lets it; its padding stays as it is. */
export function photoCanvas(transform: Transform, image: Tensor, frame: Frame, region?: Tensor): Canvas<Groups> {
  const box = photoPixels(frame, image.shape.at(-1))
  const photo = within(image, box)
  const shares = region && within(region, box).data
  const mixed = (i: number, was: number, is: number): number => was + shares![i % shares!.length]! * (is - was)
  return {
    async show(parameters) {
      const { output, terms, pullback } = await transform.apply(parameters, photo)
      if (shares)
        for (let i = 0; i < output.data.length; i++) output.data[i] = mixed(i, photo.data[i]!, output.data[i]!)
      return {
        output: placed(image, output, box),
        terms,
        pullback(gradient) {
          const ofOutput = within(gradient, box)
          if (shares) for (let i = 0; i < ofOutput.data.length; i++) ofOutput.data[i] = mixed(i, 0, ofOutput.data[i]!)
          return pullback(ofOutput)
        },
      }
    },
    parametersOf: (parameters) => parameters,
    moved(parameters, change) {
      const moved = added(parameters, change)
      return transform.held?.(moved, photo) ?? moved
    },
  }
}

/** What lies in a box of planes of a canvas, [c, h, w]. */
export function within({ data, shape }: Tensor, { left, top, right, bottom }: PixelBox): Tensor {
  const side = shape.at(-1)!
  const [width, height, planes] = [right - left, bottom - top, data.length / side ** 2]
  const part = tensor([planes, height, width])
  for (let c = 0, to = 0; c < planes; c++) {
    for (let y = top; y < bottom; y++, to += width) {
      const from = (c * side + y) * side
      part.data.set(data.subarray(from + left, from + right), to)
    }
  }
  return part
}

/** Planes of a canvas with others in a box of them. */
export function placed(canvas: Tensor, { data, shape }: Tensor, { left, top, bottom }: PixelBox): Tensor {
  const output = canvas.data.slice()
  const side = canvas.shape.at(-1)!
  const width = shape[2]!
  for (let c = 0, from = 0; c < shape[0]!; c++) {
    for (let y = top; y < bottom; y++, from += width) {
      output.set(data.subarray(from, from + width), (c * side + y) * side + left)
    }
  }
  return tensor(canvas.shape, output)
}
