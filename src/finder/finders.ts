import type { ImageEncoder } from '../encoder/encoder.ts'
import { openEncoder } from '../encoder/open.ts'
import { FewlineError } from '../errors.ts'
import { bestInstalled, locateFiles, locateModel } from '../models/store.ts'
import { clipFinder } from './clip.ts'
import { clipsegFinder } from './clipseg.ts'
import { cropsFinder } from './crops.ts'
import { dinoFinder } from './grounding-dino.ts'
import type { Finder, FinderOptions, MaskMaker } from './finder.ts'
import { groupvitFinder } from './groupvit.ts'
import { owlFinder } from './owlvit.ts'
import { RANDOM_OWL } from './random.ts'
import { regionFinder } from './region.ts'
import { samFinder, type Sam } from './sam.ts'
import { thingInBox } from './things.ts'

/** A way to find things, before it is opened. */
export interface Kind {
  readonly name: string
  /** What it can be asked by. */
  readonly takes: 'words' | 'clicks'
  /** The model that it needs, as the catalogue names it; nothing when absent. */
  readonly needs?: string
  /** Its weights, where they are installed; undefined when they are not, or none are needed. */
  located(options: FinderOptions): string | undefined
  open(options: FinderOptions): Promise<Finder>
}

/** CLIP models as they are good for finding: the closer one looks, the better. */
const CLOSE = ['ViT-B/16', 'ViT-B/32']

/** OWLv2 finds more than OWL-ViT, and takes longer. */
const OWLS = ['OWLv2', 'OWL-ViT']

/** The best first: what `auto` takes, of those that are installed. */
export const KINDS: readonly Kind[] = [
  {
    name: 'grounding-dino',
    takes: 'words',
    needs: 'Grounding-DINO',
    located: () => locateFiles('Grounding-DINO')?.[0],
    async open(options) {
      const [graph, tokenizer] = locateFiles('Grounding-DINO')!
      return dinoFinder(graph!, tokenizer!, await maskMaker(options), options)
    },
  },
  {
    name: 'owlvit',
    takes: 'words',
    needs: 'OWLv2',
    located: ({ encoder }) =>
      encoder === RANDOM_OWL ? encoder : OWLS.map(locateModel).find((path) => path !== undefined),
    open: async (options) => owlFinder(located('owlvit', options), await maskMaker(options), options),
  },
  {
    name: 'clipseg',
    takes: 'words',
    needs: 'CLIPSeg',
    located: () => locateModel('CLIPSeg'),
    open: async (options) => clipsegFinder(located('clipseg', options), options),
  },
  { name: 'clip', takes: 'words', needs: 'ViT-B/16', located: clipFor, open: withClip(clipFinder) },
  {
    name: 'groupvit',
    takes: 'words',
    needs: 'GroupViT',
    located: () => locateModel('GroupViT'),
    open: async (options) => groupvitFinder(located('groupvit', options), options),
  },
  { name: 'crops', takes: 'words', needs: 'ViT-B/16', located: clipFor, open: withClip(cropsFinder) },
  {
    name: 'sam',
    takes: 'clicks',
    needs: 'SlimSAM',
    located: () => locateFiles('SlimSAM')?.[0],
    open: (options) => samOf(options),
  },
  { name: 'region', takes: 'clicks', located: () => '', open: async () => regionFinder() },
]

export const FINDERS: readonly string[] = KINDS.map(({ name }) => name)

/** Which finder will look, and why not a better one. */
export interface Choice {
  kind: Kind
  notes: string[]
}

/**
 * The finder of that name, or with `auto` the best that is installed for words or clicks. Throws a FewlineError of kind
 * `call` for a name that means nothing or can't be asked so, and of kind `model` when what it needs is not installed.
 */
export function chosenFinder(name: string, by: Kind['takes'], options: FinderOptions): Choice {
  const able = KINDS.filter(({ takes }) => takes === by)
  if (name === 'auto') {
    const kind = able.find((one) => one.located(options) !== undefined)
    if (!kind) throw noneInstalled()
    const better = able.slice(0, able.indexOf(kind)).map((one) => one.name)
    return { kind, notes: better.length > 0 ? [instead(kind, better)] : [] }
  }
  const kind = KINDS.find((one) => one.name === name)
  if (!kind) throw wrong(`a finder (auto, ${FINDERS.join(', ')})`, `"${name}" is none`, 'choose one of these')
  if (kind.takes !== by) {
    const [asked, taken] = by === 'words' ? ['words', 'clicks and boxes'] : ['clicks or boxes', 'words']
    throw wrong(
      `a finder that takes ${asked}`,
      `${name} takes ${taken}`,
      `choose ${able.map((one) => one.name).join(' or ')}`,
    )
  }
  if (kind.located(options) !== undefined) return { kind, notes: [] }
  throw new FewlineError({
    kind: 'model',
    expected: `${kind.needs!} to be installed for the finder ${name}`,
    came: 'it is not',
    todo: 'see "fewline models list"',
  })
}

function instead({ name }: Kind, better: readonly string[]): string {
  const are = better.length === 1 ? 'is' : 'are'
  return `Found by ${name}: ${better.join(', ')} would find more, and ${are} not installed (see "fewline models list").`
}

function samOf(options: FinderOptions): Promise<Sam> {
  const [encoder, decoder] = locateFiles('SlimSAM')!
  return samFinder(encoder!, decoder!, options)
}

/** What makes a thing of a box: SAM where it is installed, else what differs from its surroundings. */
async function maskMaker(options: FinderOptions): Promise<MaskMaker> {
  if (!locateFiles('SlimSAM')) return { thing: thingInBox, dispose: async () => undefined }
  const sam = await samOf(options)
  return { thing: sam.thing, dispose: sam.dispose }
}

function located(name: string, options: FinderOptions): string {
  return KINDS.find((kind) => kind.name === name)!.located(options)!
}

function clipFor({ encoder }: FinderOptions): string | undefined {
  if (encoder?.startsWith('random:')) return encoder
  if (encoder !== undefined && encoder !== 'auto') return locateModel(encoder)
  return CLOSE.find((name) => locateModel(name) !== undefined) ?? bestInstalled()
}

function withClip(finder: (encoder: ImageEncoder) => Finder): Kind['open'] {
  return async (options) => {
    const { encoder: asked, ...rest } = options
    const name = asked !== undefined && asked !== 'auto' ? asked : clipFor(options)!
    const encoder = await openEncoder(name, { ...rest, readsOften: true })
    if (encoder.encodeText && encoder.encodePlaces) return finder(encoder)
    await encoder.dispose()
    throw wrong('an encoder that can read (CLIP)', `${encoder.name} can't`, 'choose another with --encoder')
  }
}

function noneInstalled(): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: 'a model that understands words',
    came: 'none is installed',
    todo: 'get one with "fewline models download ViT-B/16"',
  })
}

function wrong(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
