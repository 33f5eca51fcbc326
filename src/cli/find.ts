import type { Findings } from '../index.ts'
import { WrongCall } from './complain.ts'
import { pictureFrom } from './input.ts'
import { localPath } from './jobs.ts'
import { checkOutputs, PIPE, write } from './output.ts'
import { answer, jsonLines, say } from './say.ts'

/** Options of `fewline find`, as they were typed. */
export interface FindOptions {
  output?: string
  json?: true
  force?: true
  verbose?: true
}

/** `fewline find`: prints what was found in a photo, and writes it as a mask. Resolves to the exit code. */
export async function find(named: string, options: FindOptions): Promise<number> {
  const photo = localPath(named)
  const { output } = options
  if (output !== undefined && output !== PIPE && !/\.png$/i.test(output)) {
    throw new WrongCall('-o to end in .png', `"${output}" does not`, 'name a PNG, or - for standard output')
  }
  if (output === PIPE && options.json) {
    throw new WrongCall('one thing on standard output', '-o - and --json came together', 'name a file for the mask')
  }
  const fewline = await import('../index.ts')
  if (output !== undefined) await checkOutputs(fewline, [output], [photo], options)
  const findings = await fewline.find(await pictureFrom(photo))
  for (const note of findings.notes) say(`Note: ${note}`)
  if (output !== undefined) await write(fewline, output, await fewline.maskPng(findings.mask, findings), options)
  if (output !== PIPE) answer(...(options.json ? jsonOf(photo, findings, output) : findings.things.map(lineOf)))
  return 0
}

/** " 83.2 %  the dog  at 12,40, 310 × 200" */
function lineOf({ words, score, box: { x, y, width, height } }: Findings['things'][number]): string {
  const whole = Math.round
  const place = `at ${whole(x)},${whole(y)}, ${whole(width)} × ${whole(height)}`
  return `${(100 * score).toFixed(1).padStart(5)} %  ${words}  ${place}`
}

/** Everything but the masks, which are pictures. */
function jsonOf(photo: string, { things, misses, finder, notes, ...about }: Findings, output?: string): string[] {
  const { sourceWidth: width, sourceHeight: height } = about
  const found = things.map(({ words, score, box }) => ({ words, score, box }))
  const outputs = output === undefined ? [] : [output]
  return jsonLines({ photo, width, height, finder, things: found, misses, notes, outputs })
}
