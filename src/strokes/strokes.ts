/**
 * Strokes, flat: the optimiser, the rasterizer and the border between processes share these arrays.
 * A stroke of s cubic Béziers has 3·s + 1 control points, and consecutive cubics share one.
 */
export interface Strokes {
  /** x y of every control point, stroke after stroke, in canvas units. */
  points: Float32Array
  /** Full width of each stroke in canvas units. */
  widths: Float32Array
  /** Cubics in each stroke; one each when absent. */
  segments?: Uint8Array
  /** At each control point, how hard the pen was pressed: the share of the stroke's width, 0..1; 1 everywhere when absent. */
  pressures?: Float32Array
  /** RGBA 0..1 of each stroke; black and opaque when absent. */
  colors?: Float32Array
  /** The canvas, in canvas units. */
  width: number
  height: number
}
