import { readFileSync } from 'node:fs'
import { FewlineError } from '../errors.ts'
import type { ValueInfo } from '../onnx/graph.ts'
import { readModel } from '../onnx/protobuf.ts'

/** What one ONNX file of a finder takes and gives, as it was published. A side that may have any length is undefined. */
interface Published {
  what: string
  inputs: Record<string, readonly (number | undefined)[]>
  outputs: readonly string[]
}

const any = undefined

/** The files that are run as they were published, by the architecture that the catalogue knows them by. */
const PUBLISHED: Readonly<Record<string, Published>> = {
  'sam-encoder': {
    what: 'the vision encoder of SAM',
    inputs: { pixel_values: [any, 3, 1024, 1024] },
    outputs: ['image_embeddings', 'image_positional_embeddings'],
  },
  'sam-decoder': {
    what: 'the mask decoder of SAM',
    inputs: {
      input_points: [any, any, any, 2],
      input_labels: [any, any, any],
      image_embeddings: [any, 256, 64, 64],
      image_positional_embeddings: [any, 256, 64, 64],
    },
    outputs: ['iou_scores', 'pred_masks'],
  },
  'grounding-dino': {
    what: 'Grounding DINO',
    inputs: {
      pixel_values: [any, 3, any, any],
      input_ids: [any, any],
      token_type_ids: [any, any],
      attention_mask: [any, any],
      pixel_mask: [any, any, any],
    },
    outputs: ['logits', 'pred_boxes'],
  },
}

/** Files of one kind of tokens: a vocabulary of word pieces, as BERT has it. */
export const TOKENIZER = 'bert-tokenizer'

/**
 * Which of the published files this is: an ONNX graph is told by what it gives, a tokenizer by its kind. Throws a FewlineError
 * of kind `model` for a graph of that kind that takes other inputs, and for any other file.
 */
export function publishedAs(path: string): string {
  const bytes = readFileSync(path)
  if (/\.json$/i.test(path)) return tokenizerIn(bytes, path)
  const { inputs, outputs } = readModel(bytes)
  const given = new Set(outputs.map(({ name }) => name))
  const found = Object.entries(PUBLISHED).find(([, published]) => published.outputs.every((name) => given.has(name)))
  if (!found) {
    const expected = 'the graph of a finder (SAM or Grounding DINO), or of a net that finds lines, with one output'
    throw refused(expected, `"${path}" gives ${listOf(outputs)}`, 'choose one')
  }
  const [architecture, { what, inputs: wanted }] = found
  for (const [name, sides] of Object.entries(wanted)) {
    const input = inputs.find((one) => one.name === name)
    const shape = input?.shape ?? []
    const fits =
      input !== undefined &&
      shape.length === sides.length &&
      sides.every((side, i) => side === any || typeof shape[i] !== 'number' || shape[i] === side)
    if (fits) continue
    const [is, should] = [shape, sides].map((list) => `[${list.map((side) => side ?? 'any').join(', ')}]`)
    const came = input ? `"${path}" has it as ${is!}` : `"${path}" has ${listOf(inputs)}`
    throw refused(`${what} with an input "${name}" ${should!}`, came, 'take the file that its authors published')
  }
  const more = inputs.find(({ name }) => !(name in wanted) && name !== 'input_boxes')
  if (!more) return architecture
  throw refused(
    `${what} with the inputs ${Object.keys(wanted).join(', ')}`,
    `"${path}" also wants "${more.name}"`,
    'take the file that its authors published',
  )
}

function tokenizerIn(bytes: Uint8Array, path: string): string {
  try {
    const { model } = JSON.parse(new TextDecoder().decode(bytes)) as { model?: { type?: unknown; vocab?: unknown } }
    if (model?.type === 'WordPiece' && typeof model.vocab === 'object') return TOKENIZER
  } catch {
    // Told below.
  }
  throw refused(
    'the tokenizer.json of Grounding DINO',
    `"${path}" is none`,
    'choose the file that lies beside its graph',
  )
}

function listOf(values: readonly ValueInfo[]): string {
  return values.map(({ name }) => `"${name}"`).join(', ')
}

function refused(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'model', expected, came, todo })
}
