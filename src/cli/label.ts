import type { Likeness } from '../index.ts'
import { find } from './find.ts'
import { pictureFrom } from './input.ts'
import { localPath } from './jobs.ts'
import { answerAsIs, jsonLines } from './say.ts'

/** Options of `fewline label`, as they were typed. */
export interface LabelOptions {
  encoder?: string
  threads?: number
  boxes?: true
  json?: true
  verbose?: true
}

/**
 * `fewline label`: prints how likely a picture shows each of the things named, the likeliest first, or with `boxes` where
 * they are, as `fewline find` does. Resolves to the exit code.
 */
export async function label(picture: string, labels: string[], { boxes, ...asked }: LabelOptions): Promise<number> {
  if (boxes) return find(picture, labels, asked)
  const { json, ...options } = asked
  const fewline = await import('../index.ts')
  const [likenesses] = await fewline.label([await pictureFrom(localPath(picture))], { ...options, labels })
  if (json) answerAsIs(...jsonLines({ picture, labels: likenesses }))
  else answerAsIs(...likenesses!.map(lineOf))
  return 0
}

/** " 97.1 %  a cat" */
export function lineOf({ label, probability }: Likeness): string {
  return `${(100 * probability).toFixed(1).padStart(5)} %  ${label}`
}
