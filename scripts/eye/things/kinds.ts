import type { Dice } from '../dice.ts'
import { beast, bird, fish, insect, snake } from './animals.ts'
import { boat, car, cycle, fruit, furniture, house, lamp, plane, plant, solids, tool, vessel } from './objects.ts'
import { person, portrait } from './people.ts'
import type { Thing } from './shape.ts'

export type ThingKind = (dice: Dice) => Thing

/** What photos are of, and how often. */
export const KINDS: readonly (readonly [number, ThingKind])[] = [
  [5, beast],
  [3, bird],
  [3, person],
  [1.6, portrait],
  [0.7, fish],
  [0.6, snake],
  [0.9, insect],
  [1.3, car],
  [0.8, cycle],
  [1.2, furniture],
  [0.8, lamp],
  [2, vessel],
  [1, fruit],
  [1.4, tool],
  [1.8, plant],
  [1.6, solids],
  [0.6, boat],
  [0.5, plane],
  [1, house],
]
