import { readFile } from 'node:fs/promises'
import { rowsOf } from '../encoder/vectors.ts'
import { FewlineError } from '../errors.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { apart, together } from './boxes.ts'
import type { Box, Finder, FinderOptions, Found, MaskMaker, Sight, Thing } from './finder.ts'
import { IMAGENET } from './imagenet.ts'
import { sorted } from './meaning.ts'
import { evened, remembered, sigmoid } from './model.ts'
import { openPublished } from './published.ts'
import { planesOf, resampled } from './resample.ts'

/** It is shown pictures whose shorter side is so long, unless the longer one would be more than this. */
const SHORTER = 800
const LONGER = 1333
/** Scores above this are taken. */
const YES = 0.3
/** Of two boxes that share this much of both together the less likely goes. */
const SAME = 0.6
/** It tells so many tokens apart. */
const MOST_TOKENS = 256

/** Grounding DINO (Liu et al. 2023) as it was published: boxes for several phrases at once. */
export async function dinoFinder(
  graph: string,
  tokenizerFile: string,
  masks: MaskMaker,
  options: FinderOptions,
): Promise<Finder> {
  // Only now: nobody else needs it.
  const { Tokenizer } = (await import('@huggingface/tokenizers')) as unknown as Tokenizers
  const tokenizer = new Tokenizer(JSON.parse(await readFile(tokenizerFile, 'utf8')) as object, {})
  const published = await openPublished([graph], options)
  const look = remembered(async (sight: Sight) => shown(sight))
  return {
    name: 'grounding-dino',
    notes: published.notes,
    async find(sight, { words = [] }) {
      const { meant, others } = sorted(words)
      const phrases = [...meant, ...others]
      const { ids, spans } = tokensOf(phrases, tokenizer)
      const pixels = await look(sight)
      const [, , height, width] = pixels.shape as [number, number, number, number]
      const whole = (values: number[]) => ({ data: BigInt64Array.from(values, BigInt), shape: [1, values.length] })
      const { logits, pred_boxes } = await published.run(0, {
        pixel_values: pixels,
        input_ids: whole(ids),
        token_type_ids: whole(ids.map(() => 0)),
        attention_mask: whole(ids.map(() => 1)),
        pixel_mask: { data: new BigInt64Array(height * width).fill(1n), shape: [1, height, width] },
      })
      const boxes = boxesIn(pred_boxes!, sight)
      const [, count, tokens] = logits!.shape as [number, number, number]
      const scores = rowsOf(tensor([count, tokens], logits!.data)).map((row) =>
        spans.map(([from, to]) => evened(sigmoid(Math.max(...row.subarray(from, to))), YES)),
      )
      const found: Found[] = []
      for (const [i, phrase] of meant.entries()) {
        const own = scores.map((row, k) => ({ score: Math.max(...row) > row[i]! ? 0 : row[i]!, box: boxes[k]! }))
        const things: Thing[] = []
        const kept = apart(
          own.filter(({ score }) => score > 0.5),
          SAME,
          2,
        )
        for (const { box, score } of kept) things.push(await masks.thing(box, phrase, score, sight))
        const nearest = Math.max(...scores.map((row) => row[i]!))
        found.push({ things, misses: things.length > 0 ? [] : [{ words: phrase, score: nearest }] })
      }
      return together(found)
    },
    async dispose() {
      await published.dispose()
      await masks.dispose()
    },
  }
}

/** What is used of `@huggingface/tokenizers`, whose own types this compiler can't follow. */
interface Tokenizers {
  Tokenizer: new (tokenizer: object, config: object) => WordPieces
}

interface WordPieces {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
  token_to_id(token: string): number | undefined
}

/** All phrases as one text, "a cat. a dog.", and from where to where each one's tokens lie in it. */
function tokensOf(phrases: readonly string[], tokenizer: WordPieces): { ids: number[]; spans: [number, number][] } {
  const encoded = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids
  const [start, end] = ['[CLS]', '[SEP]'].map((token) => tokenizer.token_to_id(token))
  if (start === undefined || end === undefined) {
    throw new FewlineError({
      kind: 'model',
      expected: 'the tokenizer of Grounding DINO',
      came: 'the installed one has no [CLS] and [SEP]',
      todo: 'import its tokenizer.json again',
    })
  }
  const ids = [start]
  const spans = phrases.map((phrase): [number, number] => {
    const own = encoded(phrase.toLowerCase().replace(/[.]+$/, ''))
    const from = ids.length
    ids.push(...own, ...encoded('.'))
    return [from, from + own.length]
  })
  ids.push(end)
  if (ids.length <= MOST_TOKENS) return { ids, spans }
  throw new FewlineError({
    kind: 'call',
    expected: `phrases of ${MOST_TOKENS} tokens in all`,
    came: `they have ${ids.length}`,
    todo: 'name fewer things',
  })
}

/** The photo in its own shape around ImageNet's mean, [1, 3, h, w]. */
function shown({ picture }: Sight): Tensor {
  const [shorter, longer] = [Math.min(picture.width, picture.height), Math.max(picture.width, picture.height)]
  const scale = Math.min(SHORTER / shorter, LONGER / longer)
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ]
  const small = resampled(picture, width, height, 'bilinear')
  return tensor([1, 3, height, width], planesOf(small, IMAGENET.mean, IMAGENET.deviation))
}

/** Boxes in pixels of the file, cut to the photo. */
function boxesIn({ data, shape }: Tensor, { photo: { sourceWidth, sourceHeight } }: Sight): Box[] {
  return rowsOf(tensor([shape[1]!, 4], data)).map(([cx, cy, w, h]) => {
    const [x, y] = [Math.max(0, (cx! - w! / 2) * sourceWidth), Math.max(0, (cy! - h! / 2) * sourceHeight)]
    const right = Math.min(sourceWidth, (cx! + w! / 2) * sourceWidth)
    const bottom = Math.min(sourceHeight, (cy! + h! / 2) * sourceHeight)
    return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
  })
}
