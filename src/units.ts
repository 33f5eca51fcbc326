/**
 * The canvas is always this many units wide and high, whatever resolution an encoder wants;
 * one unit is one pixel of the drawing as the optimiser sees it. Figures of the method
 * (stroke width, step sizes, learning rate) are in these units.
 */
export const CANVAS = 224

/** Full width of a stroke in canvas units. (diffvg's and the paper's 1.5 is a radius.) */
export const STROKE_WIDTH = 3
