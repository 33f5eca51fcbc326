export type Side = 'settings' | 'edit' | 'export'
export type Tool = 'select' | 'pen' | 'hand' | 'point' | 'mask-add' | 'mask-remove' | 'lines-more' | 'lines-less'
/** Whether it paints where lines count more or less. */
export const weighsLines = (tool: Tool): boolean => tool === 'lines-more' || tool === 'lines-less'
/** Whether it paints that, or the mask. */
export const isBrush = (tool: Tool): boolean => tool === 'mask-add' || tool === 'mask-remove' || weighsLines(tool)

export type Overlay = 'none' | 'mask' | 'lines'

/** What the stage shows, and with which tool it is touched. */
export interface Look {
  side: Side
  /** A section of the settings that is to be opened and shown. */
  section: 'models' | 'shortcuts' | undefined
  tool: Tool
  overlay: Overlay
  /** The photo under the drawing, 0..1. */
  onion: number
  /** Where the photo ends and the sketch begins, 0..1 of the page; 0 shows the sketch alone. */
  divider: number
  /** Where the strokes began is shown, too. */
  beginning: boolean
  /** Brush radius in canvas units. */
  brush: number
}

/** Switches with no rules between them, that components set as they like. None is part of the document. */
export function createLook(): Look {
  const look: Look = $state({
    side: 'settings',
    section: undefined,
    tool: 'select',
    overlay: 'none',
    onion: 0,
    divider: 0,
    beginning: false,
    brush: 8,
  })
  return look
}
