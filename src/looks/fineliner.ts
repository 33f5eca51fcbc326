import type { Line, Look, Mark } from './mark.ts'
import { ribbon, spineOf } from './spine.ts'

/** An even black line: the stroke itself, or what a pen's pressure makes of it. */
export const fineliner: Look = {
  reach: 0.5,
  marks: (line) =>
    line.pressure ? outlined(line) : [{ paths: [Array.from(line.points)], width: line.width, opacity: 1 }],
}

/** The same as an area: what programs and cutters need that know no line of changing width. */
export function outlined(line: Line): Mark[] {
  const spine = spineOf(line)
  return [{ paths: ribbon(spine, (k) => (spine.pressure[k]! * line.width) / 2), opacity: 1 }]
}
