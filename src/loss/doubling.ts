import type { Tensor } from '../tensor.ts'

/**
 * Ink on ink: the area that strokes would cover apart, in pixels, less what they cover together, as a share of the
 * canvas. It is next to nothing for strokes that keep clear of each other, however long, and grows where one doubles
 * another, runs into it or folds back on itself. `drawn` is the drawing, grey 0..1 on white.
 */
export function doubling(apart: number, drawn: Tensor): { loss: number; ofApart: number; ofDrawn: number } {
  const each = 1 / drawn.data.length
  let together = 0
  for (let i = 0; i < drawn.data.length; i++) together += 1 - drawn.data[i]!
  return { loss: each * (apart - together), ofApart: each, ofDrawn: each }
}
