/** What the stage shows, and with which tool it is touched. Nothing here is part of the document. */
export type Side = 'settings' | 'edit' | 'export'
export type Tool = 'select' | 'pen' | 'hand' | 'mask-add' | 'mask-remove'
export type Overlay = 'none' | 'mask' | 'lines'

/** Plain switches with no rules between them, so components bind to them. */
export class Look {
  side = $state<Side>('settings')
  tool = $state<Tool>('select')
  overlay = $state<Overlay>('none')
  /** The photo under the drawing, 0..1. */
  onion = $state(0)
  /** Where the photo ends and the sketch begins, 0..1 of the page; 0 shows the sketch alone. */
  divider = $state(0)
  /** Where the strokes began. */
  beginning = $state(false)
  /** Brush radius in canvas units. */
  brush = $state(8)
}
