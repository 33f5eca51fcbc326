import { FewlineError } from '../errors.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { meaning } from '../loss/meaning.ts'
import { within } from './batches.ts'
import { checkedBatch, checkText } from './checks.ts'
import { relevanceMap } from './clip/relevance.ts'
import type { ImageEncoder } from './encoder.ts'
import { placesGraph, relevanceGraph, textGraph } from './graphs.ts'
import { maskOf, rowsFor } from './row.ts'
import { wordsIn } from './segments.ts'
import type { Sessions } from './sessions.ts'
import type { TextTower, Tower } from './tower.ts'
import { rowsOf } from './vectors.ts'

/** Tokens. Texts are mostly short, so that there is a graph for rows of short ones. */
const SHORT = 32

/** What an encoder can do with texts, when its tower reads; `often` keeps what it reads with. */
export function reading(
  tower: Tower,
  sessions: Sessions,
  judge: ImageEncoder['judge'],
  often = false,
): Partial<ImageEncoder> {
  const { text } = tower
  if (!text) return {}
  return {
    textScale: text.scale,
    async readable(prompt) {
      const words = wordsIn(prompt)
      // What stands behind a word belongs to it.
      const beginning = (count: number): string => prompt.slice(0, words[count]?.from)
      const fits = async (count: number) => (await text.tokenize([beginning(count)]))[0]!.length <= text.context
      // No word is less than a token, so that what is far too long need not be looked at whole.
      const most = Math.min(words.length, text.context)
      if (most === words.length && (await fits(most))) return prompt
      let [count, over] = [0, most]
      while (over - count > 1) {
        const half = (count + over) >> 1
        if (await fits(half)) count = half
        else over = half
      }
      return count === 0 ? '' : beginning(count).trimEnd()
    },
    encodeText: textReader({ ...tower, text }, sessions, often),
    async compareText(sketch, wanted) {
      checkText(wanted, checkedBatch(sketch, tower))
      return judge(sketch, [meaning(wanted)])
    },
  }
}

/** What an encoder sees in single places, when its tower can tell. */
export function placing(tower: Tower, sessions: Sessions): Partial<ImageEncoder> {
  const { stride } = tower
  if (!tower.places || !stride) return {}
  return {
    stride,
    async encodePlaces({ data, shape }) {
      const [height, width] = shape.slice(-2) as [number, number]
      if (shape[0] !== 1 || shape[1] !== 3 || height % stride !== 0 || width % stride !== 0) {
        throw new FewlineError({
          kind: 'call',
          expected: `a picture of shape [1, 3, h, w] with sides that ${stride} divides`,
          came: `its shape is [${shape.join(', ')}]`,
          todo: 'resize it',
        })
      }
      const key = `places ${height} ${width}`
      const { places } = await sessions.run(key, () => placesGraph(tower, height, width), { images: { data, shape } })
      return tensor([height / stride, width / stride, places!.shape.at(-1)!], places!.data)
    },
  }
}

/** Turns texts into embeddings [n, d], several at a time; `often` keeps what it reads with. */
export function textReader(
  tower: Pick<Tower, 'precision'> & { text: TextTower },
  sessions: Sessions,
  often = false,
): (prompts: string[]) => Promise<Tensor> {
  const { text } = tower
  let embedder: ReturnType<TextTower['embedder']> | undefined
  return async (prompts) => {
    if (prompts.length === 0) throw noText()
    const texts = await text.tokenize(prompts)
    texts.forEach((tokens, i) => checkLength(tokens, prompts[i]!, text))
    const embed = embedder ?? text.embedder()
    if (often) embedder = embed
    const read: Float32Array[] = []
    for (const row of rowsFor(texts, [SHORT, text.context])) {
      const { count } = row
      const feeds = { tokens: embed(row), mask: maskOf(row) }
      const { embeddings } = await sessions.run(textKey(count), () => textGraph(tower, text, count), feeds)
      const each = rowsOf(embeddings!)
      for (const { index, start, tokens } of row.texts) read[index] = each[start + tokens.length - 1]!
    }
    if (!often) for (const count of [SHORT, text.context]) await sessions.release(textKey(count))
    return tensor([read.length, read[0]!.length], Float32Array.from(read.flatMap((one) => [...one])))
  }
}

/** Where an encoder looks, when its tower has attention. */
export function attending(tower: Tower, sessions: Sessions): Partial<ImageEncoder> {
  if (!tower.attends) return {}
  return {
    async relevance(photo) {
      checkedBatch(photo, tower)
      const images = within(photo, [0, 1])
      const { relevance } = await sessions.run('relevance', () => relevanceGraph(tower), { images })
      await sessions.release('relevance')
      return relevanceMap(relevance!, tower.resolution)
    },
  }
}

const textKey = (count: number): string => `text ${count}`

function checkLength(tokens: readonly number[], prompt: string, { context }: TextTower): void {
  if (tokens.length <= context) return
  throw new FewlineError({
    kind: 'call',
    expected: `a text of at most ${context - 2} tokens (about ${Math.floor(context / 2)} words)`,
    came: `"${prompt.slice(0, 30)}…" has ${tokens.length - 2}`,
    todo: 'say it in fewer words',
  })
}

function noText(): FewlineError {
  return new FewlineError({ kind: 'call', expected: 'a text', came: 'there is none', todo: 'give one' })
}
