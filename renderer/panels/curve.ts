import type { Moment } from '../../main/api.ts'

/** As many points as a curve of this size can show. */
const MOST_POINTS = 160

/** What n strokes draw of a photo's lines, n from 1 to the last of `gains`, as a path in a box of `width` × `height`. */
export function gainPath(gains: readonly number[], width: number, height: number): string {
  const most = gains.at(-1) ?? 0
  if (gains.length < 3 || most <= 0) return ''
  const x = (n: number): string => (((n - 1) * width) / (gains.length - 2)).toFixed(1)
  const places = gains.slice(1).map((gain, i) => `${x(i + 1)} ${(height * (1 - gain / most)).toFixed(1)}`)
  return `M${places.join('L')}`
}

/** The losses of a run as a path in a box of `width` × `height`: the lowest at the bottom, on a logarithmic scale. */
export function lossCurve(moments: readonly Moment[], width: number, height: number): string {
  if (moments.length < 2) return ''
  const stride = Math.max(1, Math.floor(moments.length / MOST_POINTS))
  const losses = moments.flatMap(({ loss }, i) => (i % stride === 0 ? [Math.log(Math.max(loss, 1e-12))] : []))
  const low = Math.min(...losses)
  const range = Math.max(...losses) - low || 1
  const x = (i: number): string => ((i * width) / (losses.length - 1)).toFixed(1)
  const y = (loss: number): string => (height - ((loss - low) / range) * height).toFixed(1)
  return `M${losses.map((loss, i) => `${x(i)} ${y(loss)}`).join('L')}`
}
