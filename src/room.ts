import { encoderNamed, numbersIn } from './encoder/open.ts'
import { freeMemory, inGb } from './memory.ts'
import { listModels, locateModel } from './models/store.ts'

/** What is to be done, as far as it tells how much memory that takes. */
export interface Load {
  /** As a request names it; `auto` when absent. */
  encoder?: string | undefined
  /** A sentence is read: that takes a model of CLIP. */
  reads?: boolean
  /** Things are looked for by words: that takes a model besides. */
  finds?: boolean
  /** Who looks for them; `auto` when absent. */
  finder?: string | undefined
}

/*
 * What processes were measured to take at most, in bytes (docs/performance.md), and rounded up.
 */
/** By the built-in encoder, and by one of CLIP without its model. */
const BUILTIN = 300e6
const CLIP = 460e6
/**
 * For each number of a model of CLIP that sees, for each that a picture becomes in it, with its gradient, and for each that
 * reads.
 */
const EACH = { seeing: 7.2, seen: 18, reading: 4 }
/** Looking for things by words: by any finder but those whose models are larger. */
const FINDING = 1.3e9
/** The best first. Grounding DINO was not measured: four times its file. */
const LARGE_FINDERS = [
  { finder: 'grounding-dino', model: 'Grounding-DINO', takes: 2.8e9 },
  { finder: 'owlvit', model: 'OWLv2', takes: 1.7e9 },
]

/** What a process takes of memory that does this, in bytes. Throws a FewlineError when the model is not there, or none. */
export function takenBy({ encoder = 'auto', reads = false, finds = false, finder }: Load): number {
  const { seeing, seen, reading } = numbersIn(encoderNamed(encoder))
  const takes =
    seeing === 0 ? BUILTIN : CLIP + EACH.seeing * seeing + EACH.seen * seen + (reads ? EACH.reading * reading : 0)
  return Math.max(takes, finds ? takenToFind(finder) : 0)
}

function takenToFind(asked = 'auto'): number {
  const may = LARGE_FINDERS.filter(({ finder }) => asked === 'auto' || asked === finder)
  return may.find(({ model }) => locateModel(model) !== undefined)?.takes ?? FINDING
}

/**
 * What is to be said when memory may not suffice for something, with what fits instead; nothing when it does. `free`: bytes.
 * Whether it really does not, nobody knows before: so this refuses nothing. A model that can't be opened is told of by whoever
 * opens it.
 */
export function roomFor(load: Load, free = freeMemory()): { note?: string } {
  const takes = bytesOf(load)
  if (takes === undefined || takes <= free) return {}
  const what =
    load.finds && takes === takenToFind(load.finder)
      ? 'Looking for things by words'
      : encoderNamed(load.encoder ?? 'auto')
  const { todo } = insteadOf(load, free)
  return { note: `${what} takes about ${inGb(takes)} of memory, and ${inGb(free)} are free: ${todo}.` }
}

function bytesOf(load: Load): number | undefined {
  try {
    return takenBy(load)
  } catch {
    return undefined
  }
}

/** The best model that fits, else what makes room. */
function insteadOf(load: Load, free: number): { todo: string } {
  const models = listModels().filter(({ kind, installed }) => kind === 'encoder' && installed)
  const names = [...models.map(({ name }) => name), ...(load.reads ? [] : ['builtin'])]
  const fitting = names.find((encoder) => (bytesOf({ ...load, encoder }) ?? Infinity) <= free)
  if (fitting === undefined) return { todo: 'close other programs' }
  const takes = inGb(bytesOf({ ...load, encoder: fitting })!)
  return { todo: `choose the encoder ${fitting}, which takes ${takes}, or close other programs` }
}
