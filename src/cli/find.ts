import type * as Engine from '../index.ts'
import type { Box, Example, Findings, FindOptions as Asked } from '../index.ts'
import { WrongCall } from './complain.ts'
import { pictureFrom } from './input.ts'
import { localPath } from './jobs.ts'
import { checkOutputs, PIPE, write } from './output.ts'
import { tellRoom } from './room.ts'
import { answerAsIs, jsonLines, said, say } from './say.ts'

/** Options of `fewline find`, as they were typed. */
export interface FindOptions {
  output?: string
  finder?: string
  encoder?: string
  at?: number[][]
  box?: number[][]
  like?: Example[]
  device?: NonNullable<Asked['device']>
  threads?: number
  json?: true
  force?: true
  verbose?: true
}

/**
 * `fewline find`: prints what was found in a photo, and writes it as a mask or as outlines on the photo. Resolves to the exit
 * code: 1 when nothing was.
 */
export async function find(named: string, typed: string[], options: FindOptions): Promise<number> {
  const photo = localPath(named)
  const words = typed.map((phrase) => phrase.replace(GUARD, ''))
  const { output, json, like = [] } = options
  if (output !== undefined && output !== PIPE && !/\.png$/i.test(output)) {
    throw new WrongCall('-o to end in .png', `"${output}" does not`, 'name a PNG, or - for standard output')
  }
  if (output === PIPE && json) {
    throw new WrongCall('one thing on standard output', '-o - and --json came together', 'name a file for the mask')
  }
  const fewline = await import('../index.ts')
  if (output !== undefined)
    await checkOutputs(fewline, [output], [photo, ...like.map((one) => String(one.photo))], options)
  const picture = await pictureFrom(photo)
  if (words.length + like.length > 0)
    tellRoom(fewline, { encoder: options.encoder, finds: true, finder: options.finder })
  const findings = await fewline.find(picture, wanted(words, options), asked(options))
  for (const note of findings.notes) say(`Note: ${note}`)
  if (json) answerAsIs(...jsonOf(photo, findings, output))
  if (findings.things.length === 0)
    throw fewline.nothingFound(
      words.length > 0 ? words : [like.length > 0 ? 'the example' : 'a subject'],
      findings.misses,
    )
  if (output !== undefined) await write(fewline, output, await pictureOf(fewline, picture, findings, output), options)
  if (!json && output !== PIPE) answerAsIs(...findings.things.map(lineOf))
  return 0
}

function wanted(words: string[], { at = [], box = [], like = [] }: FindOptions) {
  const points = at.map(([x, y]) => ({ x: x!, y: y! }))
  const boxes = box.map(boxOf)
  return { words, points, boxes, examples: like }
}

function boxOf([x, y, width, height]: readonly number[]): Box {
  return { x: x!, y: y!, width: width!, height: height! }
}

/** `FILE`, or `FILE@x,y,w,h`: what is in that box of it. One after the other. */
export function likeOption(text: string, before: Example[] = []): Example[] {
  const [, file = text, numbers] = /^(.+)@((?:[\d.]+,){3}[\d.]+)$/.exec(text) ?? []
  const photo = localPath(file)
  return [...before, numbers === undefined ? { photo } : { photo, box: boxOf(numbers.split(',').map(Number)) }]
}

/** Stands before a phrase that would read as an option: `-the ball` is not `-t`. */
const GUARD = '\u0000'
const PHRASE = /^-\p{L}/u
const OPTION = /^-(?:[oh]|o.*\.png)$/i

/** The arguments of `fewline find`, so that phrases with `-` in front come through. */
export function guarded(args: readonly string[]): string[] {
  if (args[0] !== 'find') return [...args]
  return args.map((arg) => (PHRASE.test(arg) && !OPTION.test(arg) ? GUARD + arg : arg))
}

/** An option that was not given is left out, so that the engine's own default holds. */
function asked({ finder, encoder, device, threads }: FindOptions): Asked {
  return Object.fromEntries(
    Object.entries({ finder, encoder, device, threads }).filter(([, value]) => value !== undefined),
  )
}

async function pictureOf(fewline: typeof Engine, photo: string | Uint8Array, findings: Findings, output: string) {
  if (!/overlay\.png$/i.test(output)) return fewline.maskPng(findings.mask, findings)
  return fewline.overlayPng(await fewline.previewPhoto(photo), findings.things, findings)
}

/** " 83.2 %  the dog  at 12,40, 310 × 200" */
function lineOf({ words, score, box: { x, y, width, height } }: Findings['things'][number]): string {
  const whole = Math.round
  const place = said(`at ${whole(x)},${whole(y)}, ${whole(width)} × ${whole(height)}`)
  return `${(100 * score).toFixed(1).padStart(5)} %  ${words}  ${place}`
}

/** Everything but the masks, which are pictures. */
function jsonOf(photo: string, { things, misses, finder, notes, ...about }: Findings, output?: string): string[] {
  const { sourceWidth: width, sourceHeight: height } = about
  const found = things.map(({ words, score, box }) => ({ words, score, box }))
  const outputs = output === undefined || things.length === 0 ? [] : [output]
  return jsonLines({ photo, width, height, finder, things: found, misses, notes, outputs })
}
