import { FewlineError } from '../errors.ts'
import { find, type Findings } from '../find.ts'
import { union } from '../finder/mask.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { weightOf, weightsOf } from './emphasis.ts'
import type { DrawRequest, PhotoRequest } from './request.ts'

/** So many near misses are named. */
const NEAREST = 3

/** What the words of a request come to. */
export interface Understood {
  /** What to draw, [CANVAS, CANVAS]; as the request's mask says when absent. */
  mask?: Tensor
  /** 0..1: how sure it is that this is what was meant. */
  confidence: number
  /** [CANVAS, CANVAS]: what lines count for there, next to 1; everywhere 1 when absent. */
  emphasis?: Tensor
  notes: string[]
}

/**
 * Looks for what a request names. Throws a FewlineError of kind `photo` when nothing of its subject is found, of kind `call`
 * when a mask was given as well, and as `find` does.
 */
export async function understood(request: PhotoRequest): Promise<Understood> {
  const { photo, subject, more = [], less = [], encoder, device, threads, finder, emphasis: painted } = request
  const words = [...(subject ?? []), ...more, ...less]
  if (words.length === 0) return { confidence: 1, ...(painted && { emphasis: weightsOf(painted) }), notes: [] }
  checkMask(request)
  const reads = encoder === 'builtin' ? undefined : encoder
  const look = (asked: readonly string[]): Promise<Findings> =>
    find(photo, asked, { ...(finder && { finder }), ...(reads && { encoder: reads }), ...options({ device, threads }) })
  const notes: string[] = []
  const wanted = subject && chosen(await look(subject), subject, request.thing)
  if (wanted) notes.push(...wanted.notes)
  const factors = painted ? weightsOf(painted).data : new Float32Array(CANVAS * CANVAS).fill(1)
  for (const [phrases, step] of [
    [more, 1],
    [less, -1],
  ] as const) {
    for (const phrase of phrases) {
      const { mask, things } = await look([phrase])
      if (things.length === 0) notes.push(`Nothing like "${phrase}" was found: lines count the same everywhere for it.`)
      mask.data.forEach((value, i) => (factors[i]! *= weightOf(step * value)))
    }
  }
  const weighs = painted !== undefined || more.length + less.length > 0
  return {
    ...(wanted && { mask: wanted.mask }),
    confidence: wanted?.confidence ?? 1,
    ...(weighs && { emphasis: tensor([CANVAS, CANVAS], factors) }),
    notes,
  }
}

/** All the things, or the one that was asked for. */
function chosen({ things, misses, notes }: Findings, subject: readonly string[], which?: number) {
  const meant = which === undefined ? things : things.slice(which, which + 1)
  if (meant.length === 0) throw nothingFound(subject, misses)
  const confidence = Math.min(...meant.map(({ score }) => score))
  return { mask: union(meant.map(({ mask }) => mask)), confidence, notes }
}

/** What to say when nothing of what is meant was found. */
export function nothingFound(words: readonly string[], misses: Findings['misses']): FewlineError {
  const meant = words.filter((phrase) => !phrase.startsWith('-')).map((phrase) => `"${phrase}"`)
  const near = misses.slice(0, NEAREST).map(({ words: miss, score }) => `"${miss}" ${Math.round(100 * score)} %`)
  return new FewlineError({
    kind: 'photo',
    expected: `${meant.join(' or ')} in the photo`,
    came: `nothing like it was found${near.length > 0 ? ` (nearest: ${near.join(', ')})` : ''}`,
    todo: 'say it in other words, or paint a mask',
  })
}

function checkMask({ subject, mask = 'auto' }: DrawRequest): void {
  if (!subject || mask === 'auto') return
  throw new FewlineError({
    kind: 'call',
    expected: 'one thing that says what to draw',
    came: 'a subject and a mask came together',
    todo: 'leave one of them out',
  })
}

function options<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>
}
