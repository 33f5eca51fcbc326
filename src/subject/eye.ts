import { resized } from '../resize.ts'
import { openLineNet } from '../models/line-net.ts'
import { installedLineNet } from '../models/store.ts'
import { continued, type Photo } from '../photo/photo.ts'
import { CANVAS } from '../units.ts'
import { regionContrast } from './contrast.ts'
import { whileOpen, withModel } from './model.ts'
import { linesFromNear } from './near.ts'

/** What lines seen from nearer have to say, next to those of the whole. */
const NEAR = 0.6

/** What the eye sees in a photo, each [CANVAS·CANVAS] 0..1. */
export interface Sight {
  /** How likely a person would draw a line there. */
  lines: Float32Array
  /** How likely the thing in front is there. */
  figure: Float32Array
}

/**
 * Looks at a photo: the figure is what Fewline's own eye sees, and so are the lines, unless the user has imported a net that
 * finds them.
 */
export async function lookAtPhoto(photo: Photo, look: Look): Promise<Sight> {
  const net = installedLineNet()
  // The photo's border is continued into its padding, as in training.
  const sight = await look(continued(photo.image, photo.frame).data)
  return net === undefined ? sight : { ...sight, lines: await linesBy(net, photo) }
}

/**
 * The same, with lines that were looked for from nearer, too, where thin ones are clearer, and with those that part regions, which
 * the eye knows less of than of things. As it is where a net of the user's finds the lines.
 */
export async function lookCloser(photo: Photo, sight: Sight, look: Look): Promise<Sight> {
  if (installedLineNet() !== undefined) return sight
  const lines = await withNear(photo, sight.lines, look)
  const contrast = regionContrast(photo)
  return { ...sight, lines: lines.map((line, i) => agreed(line, contrast[i]!)) }
}

/** Lines, and those that are seen from nearer, where the photo is large enough for that. */
async function withNear({ detail, frame }: Photo, lines: Float32Array, look: Look): Promise<Float32Array> {
  if (!detail) return lines
  const near = await linesFromNear(detail, frame, look)
  return lines.map((line, i) => line + NEAR * (near[i]! - line))
}

/** What two witnesses of a line, each 0..1, say together: half of either, and more where they agree. */
function agreed(a: number, b: number): number {
  return Math.min(1, (a + b) / 2 + a * b)
}

/** Looks at a picture [3, CANVAS, CANVAS] 0..1 with the eye. */
export type Look = (picture: Float32Array) => Promise<Sight>

/**
 * Fewline's own eye (resources/eye): a small net that was trained on made scenes, where lines and figure are known exactly. It
 * takes `image` [1, 3, CANVAS, CANVAS] 0..1 and gives `lines` and `figure` [1, 1, CANVAS, CANVAS] 0..1.
 */
export function withEye<T>(use: (look: Look) => Promise<T>): Promise<T> {
  return withModel(['eye', 'eye.onnx'], (eye) =>
    use(async (data) => {
      const { lines, figure } = await eye.run({ image: { data, shape: [1, 3, CANVAS, CANVAS] } })
      return { lines: lines!.data, figure: figure!.data }
    }),
  )
}

/** The lines that a net of the user's finds. */
function linesBy(path: string, { image, frame }: Photo): Promise<Float32Array> {
  return whileOpen(openLineNet(path), async (net) => {
    const lines = await net.lines(resized(continued(image, frame), net.side).output)
    return resized(lines, CANVAS).output.data
  })
}
