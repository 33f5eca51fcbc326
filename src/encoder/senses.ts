import { FewlineError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { meaning } from '../loss/meaning.ts'
import { joined, within } from './batches.ts'
import { checkedBatch, checkText } from './checks.ts'
import { relevanceMap } from './clip/relevance.ts'
import type { ImageEncoder } from './encoder.ts'
import { relevanceGraph, textGraph } from './graphs.ts'
import type { Sessions } from './sessions.ts'
import type { TextTower, Tower } from './tower.ts'

/** Tokens. Texts are mostly short, so that there is a graph for short ones. */
const SHORT = 16

/** What an encoder can do with texts, when its tower reads. */
export function reading(tower: Tower, sessions: Sessions, judge: ImageEncoder['judge']): Partial<ImageEncoder> {
  const { text } = tower
  if (!text) return {}
  return {
    textScale: text.scale,
    async encodeText(prompts) {
      if (prompts.length === 0) throw noText()
      const texts = await text.tokenize(prompts)
      texts.forEach((tokens, i) => checkLength(tokens, prompts[i]!, text))
      const embed = text.embedder()
      const embeddings: Tensor[] = []
      for (const tokens of texts) {
        const count = tokens.length <= SHORT ? Math.min(SHORT, text.context) : text.context
        const feeds = {
          tokens: embed(tokens, count),
          last: { data: BigInt64Array.of(BigInt(tokens.length - 1)), shape: [1] },
        }
        const { embedding } = await sessions.run(textKey(count), () => textGraph(tower, text, count), feeds)
        embeddings.push(embedding!)
      }
      for (const count of [SHORT, text.context]) await sessions.release(textKey(count))
      return joined(embeddings)
    },
    async compareText(sketch, wanted) {
      checkText(wanted, checkedBatch(sketch, tower))
      return judge(sketch, [meaning(wanted)])
    },
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
