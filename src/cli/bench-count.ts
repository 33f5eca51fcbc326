import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type * as Engine from '../index.ts'
import { PHOTO } from './measure.ts'
import { answer } from './say.ts'

/** `fewline bench count`: how many strokes `auto` draws of each sample, and with the least and the most detail. */
export async function benchCount({ inspect }: typeof Engine): Promise<void> {
  const folder = dirname(PHOTO)
  const samples = (await readdir(folder)).filter((name) => /\.(jpg|png)$/.test(name)).sort()
  const widest = Math.max(...samples.map(({ length }) => length))
  for (const name of samples) {
    const { counts } = await inspect({ photo: join(folder, name) })
    const [least, auto, most] = [counts[0]!, counts[counts.length >> 1]!, counts.at(-1)!]
    answer(`count: ${name.padEnd(widest)}  ${String(auto).padStart(3)} strokes, ${least} to ${most} by detail`)
  }
}
