import { randomAt } from '../random.ts'
import { brush } from './brush.ts'
import { charcoal } from './charcoal.ts'
import { fineliner, outlined } from './fineliner.ts'
import { marker } from './marker.ts'
import type { Line, Look, Mark } from './mark.ts'
import { pencil } from './pencil.ts'

/** What a drawing can be drawn with. The first is the line as it is. */
export const LOOKS = { fineliner, marker, brush, pencil, charcoal } as const satisfies Record<string, Look>
export type LookName = keyof typeof LOOKS
export const LOOK_NAMES = Object.keys(LOOKS) as [LookName, ...LookName[]]

/**
 * What is painted of a stroke. The same stroke looks the same wherever it lies, and a grain stays while its line moves: it
 * is told by the stroke's index alone. `outline`: lines as areas, where the look has one.
 */
export function marksOf(look: LookName, line: Line, index: number, outline = false): Mark[] {
  if (outline && look === 'fineliner') return outlined(line)
  return LOOKS[look].marks(line, randomAt(SEED, index))
}

const SEED = 17
