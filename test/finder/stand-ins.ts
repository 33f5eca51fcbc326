import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import type { ElementType } from '../../src/onnx/elements.ts'
import { OPSET, type Graph } from '../../src/onnx/graph.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { tensor } from '../../src/tensor.ts'

type Side = number | string

/** A graph whose inputs have the published names and shapes, some sides open. */
function graph(inputs: Record<string, readonly [ElementType, readonly Side[]]>): GraphBuilder {
  const start: Graph = {
    name: 'stand-in',
    opsets: new Map([['', OPSET]]),
    inputs: Object.entries(inputs).map(([name, [type, shape]]) => ({ name, type, shape: [...shape] })),
    outputs: [],
    nodes: [],
    constants: new Map(),
  }
  return new GraphBuilder(start)
}

function write(path: string, g: GraphBuilder, outputs: Record<string, readonly [string, readonly number[]]>): void {
  const made = g.toGraph()
  const nodes = Object.entries(outputs).map(([name, [value]]) => ({
    ...{ op: 'Identity', domain: '', name, inputs: [value], outputs: [name] },
    attributes: new Map(),
  }))
  const given = Object.entries(outputs).map(([name, [, shape]]) => ({
    ...{ name, type: 'float32' as const },
    shape: shape.map((side) => (side < 0 ? 'n' : side)),
  }))
  writeFileSync(path, writeModel({ ...made, nodes: [...made.nodes, ...nodes], outputs: given }))
}

/** A SAM that sees colours: a click gives all that is of the colour there, as the second of three masks, the likeliest. */
export function writeSam(folder: string, side = 1024): { encoder: string; decoder: string } {
  const paths = { encoder: join(folder, 'vision_encoder.onnx'), decoder: join(folder, 'decoder.onnx') }
  const e = graph({ pixel_values: ['float32', ['b', 3, side, side]] })
  const kernel = tensor([256, 3, 1, 1])
  for (let c = 0; c < 3; c++) kernel.data[3 * c + c] = 1
  const small = e.op('AveragePool', ['pixel_values'], { kernel_shape: [16, 16], strides: [16, 16] })
  const colours = e.op('Conv', [small, e.constant(kernel)])
  write(paths.encoder, e, {
    image_embeddings: [colours, [-1, 256, 64, 64]],
    image_positional_embeddings: [e.op('Mul', [colours, e.scalar(0)]), [-1, 256, 64, 64]],
  })
  const d = graph({
    input_points: ['float32', ['b', 'p', 'n', 2]],
    input_labels: ['int64', ['b', 'p', 'n']],
    image_embeddings: ['float32', ['b', 256, 64, 64]],
    image_positional_embeddings: ['float32', ['b', 256, 64, 64]],
  })
  const flatPoints = d.op('Reshape', ['input_points', d.ints([-1, 2])])
  const first = d.op('Floor', [d.op('Mul', [d.op('Slice', [flatPoints, d.ints([0]), d.ints([1])]), d.scalar(1 / 16)])])
  const place = d.op(
    'Cast',
    [d.op('ReduceSum', [d.op('Mul', [first, d.constant(tensor([1, 2], Float32Array.of(1, 64)))])], { keepdims: 0 })],
    { to: 7 },
  )
  const places = d.op('Reshape', ['image_embeddings', d.ints([256, 4096])])
  const here = d.op('Reshape', [d.op('Gather', [places, place], { axis: 1 }), d.ints([256, 1])])
  const apart = d.op('Sub', [places, here])
  const square = d.op('ReduceSum', [d.op('Mul', [apart, apart]), d.ints([0])], { keepdims: 1 })
  const mask = d.op('Reshape', [
    d.op('Mul', [d.op('Sub', [d.scalar(0.5), square]), d.scalar(20)]),
    d.ints([1, 1, 1, 64, 64]),
  ])
  write(paths.decoder, d, {
    iou_scores: [d.constant(tensor([1, 1, 3], Float32Array.of(0.1, 0.9, 0.2))), [-1, -1, 3]],
    pred_masks: [d.op('Concat', [d.op('Neg', [mask]), mask, d.op('Neg', [mask])], { axis: 2 }), [-1, -1, 3, 64, 64]],
  })
  return paths
}

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '.', 'the', 'red', 'green', 'one']

/** A Grounding DINO that knows two words, and where what they mean lies: cx, cy, w, h as shares of the photo. */
export function writeDino(folder: string, boxes: Record<'red' | 'green', readonly number[]>) {
  const paths = { graph: join(folder, 'model.onnx'), tokenizer: join(folder, 'tokenizer.json') }
  const g = graph({
    pixel_values: ['float32', ['b', 3, 'h', 'w']],
    input_ids: ['int64', ['b', 't']],
    token_type_ids: ['int64', ['b', 't']],
    attention_mask: ['int64', ['b', 't']],
    pixel_mask: ['int64', ['b', 'h', 'w']],
  })
  const rows = (['red', 'green'] as const).map((word) => {
    const is = g.op('Cast', [g.op('Equal', ['input_ids', g.scalar(WORDS.indexOf(word), 'int64')])], { to: 1 })
    return g.op('Unsqueeze', [g.op('Sub', [g.op('Mul', [is, g.scalar(8)]), g.scalar(5)]), g.ints([1])])
  })
  write(paths.graph, g, {
    logits: [g.op('Concat', rows, { axis: 1 }), [-1, 2, -1]],
    pred_boxes: [g.constant(tensor([1, 2, 4], Float32Array.from([...boxes.red, ...boxes.green]))), [-1, 2, 4]],
  })
  const special = [0, 1, 2, 3].map((id) => ({
    ...{ id, content: WORDS[id], single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  }))
  const tokenizer = {
    version: '1.0',
    added_tokens: special,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    },
  }
  writeFileSync(paths.tokenizer, JSON.stringify(tokenizer))
  return paths
}
