import type { Likeness } from '../index.ts'

/** Options of `fewline label`, as they were typed. */
export interface LabelOptions {
  encoder?: string
  threads?: number
  json?: true
  verbose?: true
}

/** `fewline label`: prints how likely a picture shows each of the things named, the likeliest first. */
export async function label(picture: string, labels: string[], { json, ...options }: LabelOptions): Promise<void> {
  const fewline = await import('../index.ts')
  const [likenesses] = await fewline.label([picture], { ...options, labels })
  console.log(json ? JSON.stringify({ picture, labels: likenesses }, undefined, 2) : likenesses!.map(lineOf).join('\n'))
}

/** " 97.1 %  a cat" */
export function lineOf({ label, probability }: Likeness): string {
  return `${(100 * probability).toFixed(1).padStart(5)} %  ${label}`
}
