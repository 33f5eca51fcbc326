import type { Point } from './mask.ts'

export type Side = 'settings' | 'edit' | 'words' | 'export'
export type Tool =
  'select' | 'pen' | 'eraser' | 'hand' | 'point' | 'mask-add' | 'mask-remove' | 'lines-more' | 'lines-less'
/** Whether it paints where lines count more or less. */
export const weighsLines = (tool: Tool): boolean => tool === 'lines-more' || tool === 'lines-less'
/** Whether it paints that, or the mask. */
export const isBrush = (tool: Tool): boolean => tool === 'mask-add' || tool === 'mask-remove' || weighsLines(tool)

/** The one that a pointer has now. */
export const inHand = ({ tool, held }: Pick<Look, 'tool' | 'held'>): Tool => held ?? tool

export type Overlay = 'none' | 'mask' | 'lines'

/** What the stage shows, and with which tool it is touched. */
export interface Look {
  side: Side
  /** Which panel is open, in a window that has no room for both. */
  drawer: 'left' | 'right' | undefined
  /** A section of the settings that is to be opened and shown. */
  section: 'models' | 'shortcuts' | 'diagnostics' | undefined
  /** The drawings of late, over all else. */
  gallery: boolean
  tool: Tool
  /** Instead of it, as long as its key is held down. */
  held: Tool | undefined
  overlay: Overlay
  /** Where a menu for what lies there is open: pixels of the window, and the place on the page. */
  menu: { readonly x: number; readonly y: number; readonly at: Point } | undefined
  /** The photo under the drawing, 0..1. */
  onion: number
  /** Where the photo ends and the sketch begins, 0..1 of the page; 0 shows the sketch alone. */
  divider: number
  /** Where the photo ends and the edited one begins, 0..1 of the page; 0 shows that alone. */
  compare: number
  /** Where the strokes began is shown, too. */
  beginning: boolean
  /** Brush radius in canvas units, and that of the eraser. */
  brush: number
  eraser: number
}

/** Takes a tool, or lays it down when it is taken already. */
export function toggleTool(look: Look, tool: Tool): void {
  look.tool = look.tool === tool ? 'select' : tool
}

/** Switches with no rules between them, that components set as they like. None is part of the document. */
export function createLook(): Look {
  const look: Look = $state({
    side: 'settings',
    drawer: undefined,
    section: undefined,
    gallery: false,
    tool: 'select',
    held: undefined,
    menu: undefined,
    overlay: 'none',
    onion: 0,
    divider: 0,
    compare: 0.5,
    beginning: false,
    brush: 8,
    eraser: 4,
  })
  return look
}
