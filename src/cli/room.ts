import type * as Engine from '../index.ts'
import { say } from './say.ts'

/** Says before anything is done when memory may not suffice for it. */
export function tellRoom({ roomFor }: Pick<typeof Engine, 'roomFor'>, load: Engine.Load): void {
  const { note } = roomFor(load)
  if (note !== undefined) say(`Note: ${note}`)
}
