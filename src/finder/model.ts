import { dirname } from 'node:path'
import { textTower } from '../encoder/clip/clip.ts'
import { named, type Named } from '../encoder/clip/named.ts'
import type { TextManner } from '../encoder/clip/text.ts'
import { openTokenizer } from '../encoder/clip/vocabulary.ts'
import { deviceOf, graphCache } from '../encoder/open.ts'
import { textReader } from '../encoder/senses.ts'
import { openSessions, type Sessions } from '../encoder/sessions.ts'
import { rowsOf } from '../encoder/vectors.ts'
import { FewlineError } from '../errors.ts'
import { modelsFolder } from '../models/folder.ts'
import { openWeights } from '../models/weights.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Feed } from '../onnx/session.ts'
import type { Tensor } from '../tensor.ts'
import type { FinderOptions } from './finder.ts'
import { RANDOM_OWL, randomOwl } from './random.ts'

/** A model that was made of CLIP and more, as graphs that are written from its weights when they are first needed. */
export interface Model {
  readonly weights: Named
  readonly notes: readonly string[]
  /** Runs the graph called `key`, which `write` writes. Where a device fails, the processor goes on. */
  run(key: string, write: (g: GraphBuilder) => void, feeds: Record<string, Feed>): Promise<Record<string, Tensor>>
  /** [n, d]: what each text means, not normalised. */
  encodeText(texts: string[]): Promise<Tensor>
  dispose(): Promise<void>
}

/** Opens the weights at `path`. `text` says where its reading side departs from CLIP's. Throws as `openWeights` does. */
export async function openModel(
  path: string,
  { device: asked, threads }: FinderOptions,
  text: TextManner = {},
): Promise<Model> {
  const weights = path === RANDOM_OWL ? randomOwl() : openWeights(path)
  const all = named(weights.tensors)
  const { device, notes } = await deviceOf(path, asked)
  const said = [...notes]
  const kept = { cache: graphCache(), identity: weights.identity }
  const sessionsOn = (where: string): Sessions =>
    openSessions({ device: where, kept, ...(threads !== undefined && { threads }) })
  let on = device
  let sessions = sessionsOn(on)

  const insist = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      const gaveOut = error instanceof FewlineError && ['device', 'memory'].includes(error.problem.kind)
      if (!gaveOut || on === 'cpu') throw error
      said.push(`The device ${on} failed: the processor goes on from there.`)
      await sessions.dispose()
      sessions = sessionsOn((on = 'cpu'))
      return work()
    }
  }
  const tokenizer = () => openTokenizer([dirname(path), modelsFolder()])
  const tower = { text: textTower(all, tokenizer, text) }
  // Reads with whichever sessions are open now.
  const current: Sessions = {
    open: (key, write) => sessions.open(key, write),
    run: (key, write, feeds) => sessions.run(key, write, feeds),
    release: (key) => sessions.release(key),
    dispose: () => sessions.dispose(),
  }
  const encodeText = textReader(tower, current, true)
  return {
    weights: all,
    notes: said,
    run: (key, write, feeds) =>
      insist(() =>
        sessions.run(
          key,
          () => {
            const g = new GraphBuilder()
            write(g)
            return g.toGraph()
          },
          feeds,
        ),
      ),
    encodeText: (texts) => insist(() => encodeText(texts)),
    async dispose() {
      await sessions.dispose()
      weights.close()
    },
  }
}

/** Throws a FewlineError of kind `model` where weights are not those of the model that they should be. */
export function checkWeights({ weights }: Model, name: string, ...needed: readonly string[]): void {
  const missing = needed.find((one) => !weights.has(one))
  if (missing === undefined) return
  throw new FewlineError({
    kind: 'model',
    expected: `the weights of ${name}`,
    came: `these are of another model ("${missing}" is missing)`,
    todo: 'import the right file',
  })
}

/**
 * Reads phrases, each without its article put into a template where that says @, and keeps what they mean (not normalised), so
 * that one that was read before costs nothing.
 */
export function phraseReader(
  { encodeText }: Pick<Model, 'encodeText'>,
  template?: string,
): (phrases: readonly string[]) => Promise<Float32Array[]> {
  const known = new Map<string, Float32Array>()
  const sentence = (phrase: string): string =>
    template === undefined ? phrase : template.replace('@', () => phrase.replace(/^(?:an?|the) /i, ''))
  return async (phrases) => {
    const fresh = phrases.filter((phrase) => !known.has(phrase))
    const rows = fresh.length > 0 ? rowsOf(await encodeText(fresh.map(sentence))) : []
    fresh.forEach((phrase, i) => known.set(phrase, rows[i]!))
    return phrases.map((phrase) => known.get(phrase)!)
  }
}

/** What was computed for each key; what failed may be tried again. */
export function remembered<Key extends object, Value>(
  work: (key: Key) => Promise<Value>,
): (key: Key) => Promise<Value> {
  const known = new WeakMap<Key, Promise<Value>>()
  return (key) => {
    const before = known.get(key)
    if (before) return before
    const value = work(key)
    known.set(key, value)
    value.catch(() => known.delete(key))
    return value
  }
}

/** A score that is `threshold` where one would say "yes" as soon as "no", so that it is ½ there. 0..1. */
export function evened(score: number, threshold: number): number {
  const [yes, no] = [score * (1 - threshold), (1 - score) * threshold]
  return yes / (yes + no)
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}
