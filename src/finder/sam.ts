import type { Feed } from '../onnx/session.ts'
import { onCanvas } from '../subject/lab.ts'
import { tensor, type Tensor } from '../tensor.ts'
import type { Box, Finder, FinderOptions, MaskMaker, Point, Sight, Thing } from './finder.ts'
import { IMAGENET } from './imagenet.ts'
import { boxOf } from './mask.ts'
import { remembered, sigmoid } from './model.ts'
import { patchesOf } from './patches.ts'
import { openPublished } from './published.ts'
import { nameOfBox, nameOfPoint } from './region.ts'
import { planesOf, resampled } from './resample.ts'

/** The side of the square that it is shown, the photo in its upper left corner. */
const SIZE = 1024
/** What a point says. */
const [NOT_HERE, HERE] = [0, 1]
/** Where there is no input for boxes, points this far outside a box say where its thing ends, as a share of its sides. */
const OUTSIDE = 0.04

export type Sam = Finder & MaskMaker

/** What it saw in a photo, once; a click after that only needs the small decoder. */
interface Look {
  embeddings: Tensor
  positions: Tensor
}

/** SAM (Kirillov et al. 2023) as SlimSAM published it: masks from clicks and boxes. */
export async function samFinder(encoder: string, decoder: string, options: FinderOptions): Promise<Sam> {
  const published = await openPublished([encoder, decoder], options)
  const look = remembered(async (sight: Sight): Promise<Look> => {
    const { image_embeddings, image_positional_embeddings } = await published.run(0, { pixel_values: shown(sight) })
    return { embeddings: image_embeddings!, positions: image_positional_embeddings! }
  })
  const takesBoxes = published.inputs(1).includes('input_boxes')

  const thingFor = async (
    sight: Sight,
    words: string,
    points: readonly Point[],
    labels: number[],
    box?: Box,
  ): Promise<Thing> => {
    const { embeddings, positions } = await look(sight)
    const scale = scaleOf(sight)
    const feeds: Record<string, Feed> = {
      input_points: tensor(
        [1, 1, points.length, 2],
        Float32Array.from(points.flatMap(({ x, y }) => [x * scale, y * scale])),
      ),
      input_labels: { data: BigInt64Array.from(labels, BigInt), shape: [1, 1, labels.length] },
      image_embeddings: embeddings,
      image_positional_embeddings: positions,
    }
    if (takesBoxes) {
      const corners = box ? [box.x, box.y, box.x + box.width, box.y + box.height].map((side) => side * scale) : []
      feeds['input_boxes'] = tensor([1, box ? 1 : 0, 4], Float32Array.from(corners))
    }
    const { iou_scores, pred_masks } = await published.run(1, feeds)
    const [best, score] = iou_scores!.data.reduce(
      ([i, most], value, k) => (value > most ? [k, value] : [i, most]),
      [0, -Infinity],
    )
    const side = pred_masks!.shape.at(-1)!
    const logits = tensor([side, side], pred_masks!.data.subarray(best * side * side, (best + 1) * side * side))
    const mask = onCanvas(onPhotoFrom(logits, sight, box), sight.photo)
    const found = boxOf(mask, sight.photo) ?? box ?? { ...points[0]!, width: 1, height: 1 }
    return { words, score: Math.min(1, Math.max(0, score)), box: found, mask }
  }
  const inBox = (box: Box, words: string, sight: Sight): Promise<Thing> => {
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    if (takesBoxes) return thingFor(sight, words, [centre], [HERE], box)
    const [dx, dy] = [OUTSIDE * box.width, OUTSIDE * box.height]
    const around = [
      { x: box.x - dx, y: centre.y },
      { x: box.x + box.width + dx, y: centre.y },
      { x: centre.x, y: box.y - dy },
      { x: centre.x, y: box.y + box.height + dy },
    ]
    return thingFor(sight, words, [centre, ...around], [HERE, ...around.map(() => NOT_HERE)], box)
  }
  return {
    name: 'sam',
    notes: published.notes,
    async find(sight, { points = [], boxes = [] }) {
      const things: Thing[] = []
      for (const point of points) things.push(await thingFor(sight, nameOfPoint(point), [point], [HERE]))
      for (const box of boxes) things.push(await inBox(box, nameOfBox(box), sight))
      return { things, misses: [] }
    },
    async thing(box, words, score, sight) {
      return { ...(await inBox(box, words, sight)), box, score }
    },
    dispose: () => published.dispose(),
  }
}

/** Pixels of what it is shown for one of the file. */
function scaleOf({ photo }: Sight): number {
  return SIZE / Math.max(photo.sourceWidth, photo.sourceHeight)
}

/** The photo as it is shown: its longer side fills the square, the rest is nothing. */
function shown({ picture }: Sight): Tensor {
  const scale = SIZE / Math.max(picture.width, picture.height)
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ]
  const planes = planesOf(resampled(picture, width, height, 'bilinear'), IMAGENET.mean, IMAGENET.deviation)
  const square = tensor([1, 3, SIZE, SIZE])
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      square.data.set(planes.subarray((c * height + y) * width, (c * height + y + 1) * width), (c * SIZE + y) * SIZE)
    }
  }
  return square
}

/** A mask over the square, as logits, on the photo's own part of the canvas; nothing outside the box, where there is one. */
function onPhotoFrom({ data, shape: [side = 0] }: Tensor, sight: Sight, box?: Box): Float32Array {
  const { width, height } = patchesOf(sight).lab
  const { sourceWidth, sourceHeight } = sight.photo
  const scale = (scaleOf(sight) * side) / SIZE
  const plane = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const sourceY = ((y + 0.5) * sourceHeight) / height
    for (let x = 0; x < width; x++) {
      const sourceX = ((x + 0.5) * sourceWidth) / width
      const outside =
        box && !(sourceX >= box.x && sourceX <= box.x + box.width && sourceY >= box.y && sourceY <= box.y + box.height)
      if (outside) continue
      const [u, v] = [sourceX, sourceY].map((at) => Math.min(side - 1, Math.max(0, at * scale - 0.5))) as [
        number,
        number,
      ]
      const [i, j] = [Math.floor(u), Math.floor(v)]
      const at = (p: number, q: number): number => data[Math.min(side - 1, q) * side + Math.min(side - 1, p)]!
      const top = (1 - (u - i)) * at(i, j) + (u - i) * at(i + 1, j)
      const bottom = (1 - (u - i)) * at(i, j + 1) + (u - i) * at(i + 1, j + 1)
      plane[y * width + x] = sigmoid((1 - (v - j)) * top + (v - j) * bottom)
    }
  }
  return plane
}
