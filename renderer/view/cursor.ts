import type { Part } from '../state/box.ts'
import type { Tool } from '../state/look.svelte.ts'
import type { On } from './gestures.ts'

interface Hand {
  readonly tool: Tool
  readonly under: On
  readonly busy: boolean
}

/** How the pointer looks, in the terms of CSS: what it would do there. */
export function cursorFor({ tool, under, busy }: Hand): string {
  if (tool === 'hand') return busy ? 'grabbing' : 'grab'
  if (tool !== 'select') return 'crosshair'
  switch (under.kind) {
    case 'box':
      return forPart(under.part)
    case 'point':
    case 'line':
      return 'move'
    case 'paper':
      return 'default'
  }
}

function forPart(part: Part): string {
  if (part.kind === 'turn') return 'grab'
  if (part.x === 0) return 'ns-resize'
  if (part.y === 0) return 'ew-resize'
  return part.x === part.y ? 'nwse-resize' : 'nesw-resize'
}
