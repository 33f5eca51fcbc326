import type { AdamState } from '../optimiser/adam.ts'
import type { Canvas } from '../objective/canvas.ts'
import type { Want } from '../objective/wants.ts'
import type { GroupOptimiser, Groups } from '../optimiser/groups.ts'
import type { View } from '../views/view.ts'
import type { Region } from './region.ts'
import type { EditFrame } from './request.ts'

/** An edit about to be made, of a photo or of a generator's picture. */
export interface Setting {
  mode: EditFrame['mode']
  canvas: Canvas<Groups>
  /** Where a try begins. */
  begin(seed: number): Groups
  /** As many steps as are usual, and what moves the parameters in so many. */
  iterations: number
  optimiser(iterations: number): GroupOptimiser<[AdamState, number]>
  /** Random views that it is looked at through in each step, … */
  views: number
  /** … of these, which come again and again. */
  bank: readonly View[]
  wants(text: string): Want[]
  /** Where a photo may change; everywhere when absent. */
  region?: Region
  /** What its owner should know, in plain sentences. */
  notes: readonly string[]
  dispose(): Promise<void>
}
