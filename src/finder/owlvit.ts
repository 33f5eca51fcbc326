import { normalised } from '../encoder/clip/preprocess.ts'
import { gelu, layerNorm, linear, transformer } from '../encoder/clip/transformer.ts'
import { patchTokens, transformerResolution } from '../encoder/clip/vit.ts'
import { dot, rowsOf, unit } from '../encoder/vectors.ts'
import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import { tensor, type Tensor } from '../tensor.ts'
import type { Picture } from '../photo/picture.ts'
import { apart, overlap, together } from './boxes.ts'
import type { Box, Finder, FinderOptions, Found, MaskMaker, Sight, Thing } from './finder.ts'
import { sorted } from './meaning.ts'
import { checkWeights, evened, openModel, phraseReader, remembered, sigmoid, type Model } from './model.ts'
import { planesOf, resampled } from './resample.ts'
import { smoothSquare } from './smooth.ts'

const TEMPLATE = 'a photo of a @'
/** Scores above these are taken: by words, and by example, as the authors do. */
const BY_WORDS = 0.1
const BY_EXAMPLE = 0.6
/** Of two boxes that share this much of both together the less likely goes. */
const SAME = 0.5
const SAME_BY_EXAMPLE = 0.3
/** Of the boxes in an example those count that share this much of what the best of them does with the whole. */
const AS_GOOD = 0.8

/** Where a finder of boxes departs from the published models: heads that share the width. */
export interface Heads {
  vision?: number
  text?: number
}

/** What OWL-ViT sees in a picture: a box at each of its places. */
export interface Places {
  /** cx, cy, width and height of each box, 0..1 of what was shown. [n, 4] */
  boxes: Tensor
  /** What is in each, not normalised. [n, d] */
  classes: Tensor
  /** A logit is (cosine + shift) × scale. */
  shift: Float32Array
  scale: Float32Array
}

/**
 * OWL-ViT (Minderer et al. 2022) and OWLv2 (2023): a box at every place of a picture, and what is in it in the space of the
 * texts. By words, and by example: what is in another picture is looked for.
 */
export async function owlFinder(
  path: string,
  masks: MaskMaker,
  options: FinderOptions,
  heads: Heads = {},
): Promise<Finder> {
  const model = await openOwl(path, options, heads)
  const look = remembered((sight: Sight) => placesIn(model, sight.picture, heads))
  const read = phraseReader(model, TEMPLATE)
  return {
    name: 'owlvit',
    notes: model.notes,
    async find(sight, { words = [], examples = [] }) {
      const { meant, others } = sorted(words)
      const queries = (await read([...meant, ...others])).map(unit)
      const places = await look(sight)
      const boxes = boxesIn(places.boxes, sight, model)
      const logits = queries.map((query) => logitsOf(places, query))
      const likeliest = boxes.map((_, k) =>
        logits.reduce((best, row, i) => (row[k]! > logits[best]![k]! ? i : best), 0),
      )
      const found: Found[] = []
      for (const [i, phrase] of meant.entries()) {
        const scores = Array.from(logits[i]!, (logit) => evened(sigmoid(logit), BY_WORDS))
        const candidates = boxes.map((box, k) => ({ words: phrase, score: likeliest[k] === i ? scores[k]! : 0, box }))
        const kept = apart(
          candidates.filter(({ score }) => score > 0.5),
          SAME,
          2,
        )
        const things: Thing[] = []
        for (const { box, score } of kept) things.push(await masks.thing(box, phrase, score, sight))
        found.push({ things, misses: things.length > 0 ? [] : [{ words: phrase, score: Math.max(...scores) }] })
      }
      for (const example of examples) {
        const query = queryOf(await placesIn(model, example, heads))
        const scores = Array.from(logitsOf(places, query), (logit) => evened(sigmoid(logit), BY_EXAMPLE))
        const candidates = boxes.map((box, k) => ({ words: 'like the example', score: scores[k]!, box }))
        const kept = apart(
          candidates.filter(({ score }) => score > 0.5),
          SAME_BY_EXAMPLE,
          2,
        )
        const things: Thing[] = []
        for (const { box, words: name, score } of kept) things.push(await masks.thing(box, name, score, sight))
        const misses = things.length > 0 ? [] : [{ words: 'like the example', score: Math.max(...scores) }]
        found.push({ things, misses })
      }
      return together(found)
    },
    async dispose() {
      await model.dispose()
      await masks.dispose()
    },
  }
}

/** Opens the weights of OWL-ViT or OWLv2. Throws a FewlineError of kind `model` for others. */
export async function openOwl(path: string, options: FinderOptions, { text }: Heads = {}): Promise<Model> {
  const model = await openModel(path, options, text === undefined ? {} : { heads: text })
  checkWeights(model, 'OWL-ViT or OWLv2', 'class_head.dense0.weight', 'box_head.dense0.weight', 'visual.conv1.weight')
  return model
}

/** OWLv2 has one more head, and is shown its pictures in another way. */
export function isSecond({ weights }: Model): boolean {
  return weights.has('objectness_head.dense0.weight')
}

/** What a model sees in a picture. */
export async function placesIn(model: Model, picture: Picture, heads: Heads = {}): Promise<Places> {
  const size = transformerResolution(model.weights.within('visual.'))
  const shown = isSecond(model)
    ? smoothSquare(picture, size)
    : tensor([1, 3, size, size], planesOf(resampled(picture, size, size, 'bicubic')))
  const write = (g: GraphBuilder): void => {
    const images = g.input('images', [1, 3, size, size])
    for (const [name, value] of Object.entries(owlGraph(g, images, model, heads))) g.output(name, value)
  }
  const { boxes, classes, shift, scale } = await model.run(`places ${size}`, write, { images: shown })
  return { boxes: boxes!, classes: classes!, shift: shift!.data, scale: scale!.data }
}

/** From pictures [1, 3, r, r] 0..1 to the values of `Places`. */
function owlGraph(g: GraphBuilder, images: Value, { weights }: Model, { vision }: Heads): Record<string, Value> {
  const visual = weights.within('visual.')
  const tokens = patchTokens(g, normalised(g, images), visual)
  const blocks = visual.within('transformer.resblocks.')
  const { layers } = transformer(g, tokens, blocks, vision === undefined ? {} : { heads: vision })
  const seen = layerNorm(g, layers.at(-1)!, visual, 'ln_post')
  const whole = g.op('Slice', [seen, g.ints([0]), g.ints([1]), g.ints([1])])
  const places = g.op('Slice', [seen, g.ints([1]), g.ints([2 ** 31 - 1]), g.ints([1])])
  const merged = layerNorm(g, g.op('Mul', [places, whole]), weights, 'layer_norm')
  const [, count, width] = g.shapes.of(merged) as [number, number, number]
  const flat = g.op('Reshape', [merged, g.ints([count, width])])
  const classHead = weights.within('class_head.')
  const line = (name: string): Value => linear(g, flat, classHead, `${name}.weight`, `${name}.bias`)
  return {
    boxes: boxHead(g, flat, weights, Math.round(Math.sqrt(count))),
    classes: line('dense0'),
    shift: line('logit_shift'),
    scale: g.op('Add', [g.op('Elu', [line('logit_scale')]), g.scalar(1)]),
  }
}

function boxHead(g: GraphBuilder, x: Value, weights: Model['weights'], side: number): Value {
  const head = weights.within('box_head.')
  const layer = (input: Value, i: number): Value => linear(g, input, head, `dense${i}.weight`, `dense${i}.bias`)
  const raw = layer(gelu(g, layer(gelu(g, layer(x, 0)), 1)), 2)
  return g.op('Sigmoid', [g.op('Add', [raw, g.constant(boxBias(side))])])
}

/** Each place begins with a box of its own: the lower right corner of its cell, and the cell's size, as logits. [n, 4] */
function boxBias(side: number): Tensor {
  const logit = (v: number): number => Math.log(v + 1e-4) - Math.log1p(-v + 1e-4)
  const bias = tensor([side * side, 4])
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [((i % side) + 1) / side, (Math.floor(i / side) + 1) / side]
    bias.data.set([logit(x), logit(y), logit(1 / side), logit(1 / side)], 4 * i)
  }
  return bias
}

/** How much what is at each place looks like a query (a unit vector). */
export function logitsOf({ classes, shift, scale }: Places, query: Float32Array): Float32Array {
  const wanted = normalisedRow(query)
  return Float32Array.from(rowsOf(classes), (row, i) => (dot(normalisedRow(row), wanted) + shift[i]!) * scale[i]!)
}

/** To unit length, as these models do it. */
function normalisedRow(row: Float32Array): Float32Array {
  const length = Math.sqrt(dot(row, row)) + 1e-6
  return row.map((value) => value / length)
}

/** The query that an example makes: of what fills it best, the place that is least like all the others. */
export function queryOf(places: Places): Float32Array {
  const rows = rowsOf(places.classes)
  const whole = { x: 0, y: 0, width: 1, height: 1 }
  const shares = rowsOf(places.boxes).map((box) => overlap(cornered(box), whole).ofBoth)
  const best = Math.max(...shares)
  const good = rows.filter((_, i) => shares[i]! >= AS_GOOD * best)
  const mean = rows.reduce(
    (sum, row) => sum.map((v, i) => v + row[i]! / rows.length),
    new Float32Array(rows[0]!.length),
  )
  return good.reduce((least, row) => (dot(row, mean) < dot(least, mean) ? row : least))
}

function cornered([cx, cy, width, height]: ArrayLike<number> & Iterable<number>): Box {
  return { x: cx! - width! / 2, y: cy! - height! / 2, width: width!, height: height! }
}

/** Boxes in pixels of the file, cut to the photo. OWLv2 was shown the photo in the corner of a square. */
function boxesIn(boxes: Tensor, { photo: { sourceWidth, sourceHeight } }: Sight, model: Model): Box[] {
  const longer = Math.max(sourceWidth, sourceHeight)
  const [across, down] = isSecond(model) ? [longer, longer] : [sourceWidth, sourceHeight]
  return rowsOf(boxes).map((row) => {
    const box = cornered(row)
    const [x, y] = [Math.max(0, box.x * across), Math.max(0, box.y * down)]
    const right = Math.min(sourceWidth, (box.x + box.width) * across)
    const bottom = Math.min(sourceHeight, (box.y + box.height) * down)
    return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
  })
}
