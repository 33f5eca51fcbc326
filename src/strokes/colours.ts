import { kMeans } from '../kmeans.ts'
import type { Strokes } from './strokes.ts'

/** Red, green and blue, 0..1. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** So many colours stand for a picture. */
const COLOURS = 8

/** The colours that stand for a picture [3, h, w]. */
export function coloursOf({ data, shape }: { data: Float32Array; shape: readonly number[] }): Rgb[] {
  const pixels = shape[1]! * shape[2]!
  const step = Math.max(1, Math.floor(pixels / 4096))
  const samples: Rgb[] = []
  for (let i = 0; i < pixels; i += step) samples.push([data[i]!, data[pixels + i]!, data[2 * pixels + i]!])
  return clustered(samples, COLOURS)
}

/** Strokes in at most so many colours, those that stand for their own; how opaque they are stays. */
export function inPens(strokes: Strokes, pens: number): Strokes {
  const colors = strokes.colors ?? []
  const own = Array.from({ length: colors.length / 4 }, (_, i): Rgb => {
    return [colors[4 * i]!, colors[4 * i + 1]!, colors[4 * i + 2]!]
  })
  return own.length === 0 ? strokes : inPalette(strokes, clustered(own, pens))
}

/** The means of groups of like colours, at most so many. */
function clustered(samples: readonly Rgb[], count: number): Rgb[] {
  const { data } = kMeans({ data: Float32Array.from(samples.flat()), dimensions: 3 }, count)
  return Array.from({ length: data.length / 3 }, (_, i): Rgb => [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!])
}

function nearest(palette: readonly Rgb[], colour: Rgb): number {
  return palette.reduce((best, one, i) => (apart(one, colour) < apart(palette[best]!, colour) ? i : best), 0)
}

function apart(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
}

/** Each stroke in the colour of the palette that is nearest to its own; how opaque it is stays. */
export function inPalette(strokes: Strokes, palette: readonly Rgb[]): Strokes {
  const { colors } = strokes
  if (!colors || palette.length === 0) return strokes
  const next = colors.slice()
  for (let i = 0; i < next.length; i += 4) {
    next.set(palette[nearest(palette, [next[i]!, next[i + 1]!, next[i + 2]!])]!, i)
  }
  return { ...strokes, colors: next }
}
