import { z } from 'zod'
import { batchChange } from './batch.ts'
import { snapshot } from './document.ts'
import { runState, seedResult } from './drawing.ts'
import { modelProgress } from './equipment.ts'
import { frame } from './frame.ts'
import { appSettings } from './settings.ts'
import { title } from './values.ts'
import { editing } from './words.ts'

/** What the host tells of by itself, to every window that shows the document (or to all, where it has none). */
export const events = {
  /** Where the strokes are now. Frames that a slow window could not take are left out; the last one never is. */
  frame,
  /** A run has begun, was paused, goes on, or is over. */
  run: runState,
  /** A seed is done: all seeds of the run so far. */
  seeds: z.object({ seeds: z.array(seedResult) }),
  /** The document is another one now: opened from the menu, from outside, or by another window that shows it. */
  opened: snapshot,
  /** Work that an earlier session left is being brought back, which may take a while; the answer to `hello` has it. */
  restoring: z.object({ title }),
  /** How far the film is that is being made. */
  progress: z.object({ share: z.number().min(0).max(1) }),
  /** How far the edit is that is being made. */
  editing,
  /** What has changed of the batch; told to all windows. */
  batch: batchChange,
  model: modelProgress,
  /** One line to the user: the engine was restarted, a file that was to be opened is gone, … */
  notice: z.object({
    about: z.enum(['engine', 'file', 'model', 'autosave', 'batch']),
    level: z.enum(['info', 'warning']),
    text: z.string(),
    details: z.string().optional(),
  }),
  /** Chosen in the desktop app's menu. */
  menu: z.object({
    item: z.enum([
      ...(['undo', 'redo', 'save', 'saveAs', 'export', 'toggleRun', 'stop', 'continue', 'copySvg', 'copyPng'] as const),
      ...(['delete', 'selectAll', 'zoomIn', 'zoomOut', 'zoomFit', 'models', 'shortcuts', 'open', 'new'] as const),
      ...(['diagnostics', 'batch', 'gallery', 'play'] as const),
    ]),
  }),
  app: appSettings,
} satisfies Record<string, z.ZodType>

export type EventName = keyof typeof events
export type EventOf<E extends EventName> = z.infer<(typeof events)[E]>
