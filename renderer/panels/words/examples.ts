import type { Verb } from '../../../main/api.ts'

/** Sentences to begin with. English in every language of the window: CLIP has learned little else. */
export const EXAMPLES = {
  draw: ['a red fox in the snow', 'a sailing boat at sunset', 'a bowl of oranges', 'a lighthouse in a storm'],
  edit: ['at golden hour', 'a cold winter morning', 'a faded postcard', 'deep night'],
  move: ['a smiling cat', 'a sleeping cat', 'a cat made of wire'],
} as const satisfies Record<Verb, readonly string[]>
