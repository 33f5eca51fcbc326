import { resized } from '../resize.ts'
import { openLineNet } from '../models/line-net.ts'
import { installedLineNet } from '../models/store.ts'
import { continued, type Photo } from '../photo/photo.ts'
import { CANVAS } from '../units.ts'
import { withModel } from './model.ts'
import { linesFromNear } from './near.ts'

/** What lines seen from nearer have to say, next to those of the whole. */
const NEAR = 0.6

/** What the eye sees in a photo, each [CANVAS·CANVAS] 0..1. */
export interface Sight {
  /** How likely a person would draw a line there. */
  lines: Float32Array
  /** The same, looked at from nearer, where that was done: thin lines are clearer, and much else is one. */
  closer?: Float32Array
  /** How likely the thing in front is there. */
  figure: Float32Array
}

/**
 * Looks at a photo: the figure is what Fewline's own eye sees, and so are the lines, unless the user has imported a net that
 * finds them.
 */
export async function lookAtPhoto(photo: Photo): Promise<Sight> {
  const net = installedLineNet()
  const sight = await ownSight(photo)
  return net === undefined ? sight : { figure: sight.figure, lines: await linesBy(net, photo) }
}

/**
 * Looks at a photo with Fewline's own eye (resources/eye): a small net that was trained on made scenes, where
 * lines and figure are known exactly. It takes `image` [1, 3, CANVAS, CANVAS] 0..1 and gives `lines` and `figure`
 * [1, 1, CANVAS, CANVAS] 0..1. The photo's border is continued into its padding, as in training. Lines are looked for from
 * nearer, too; what a figure is, is seen in the whole.
 */
async function ownSight({ image, frame, detail }: Photo): Promise<Sight> {
  return withModel(['eye', 'eye.onnx'], async (eye) => {
    const look = async (data: Float32Array): Promise<Sight> => {
      const { lines, figure } = await eye.run({ image: { data, shape: [1, 3, CANVAS, CANVAS] } })
      return { lines: lines!.data, figure: figure!.data }
    }
    const whole = await look(continued(image, frame).data)
    if (!detail) return whole
    const near = await linesFromNear(detail, frame, look)
    return { ...whole, closer: whole.lines.map((line, i) => line + NEAR * (near[i]! - line)) }
  })
}

/** The lines that a net of the user's finds. */
async function linesBy(path: string, { image, frame }: Photo): Promise<Float32Array> {
  const net = await openLineNet(path)
  try {
    const lines = await net.lines(resized(continued(image, frame), net.side).output)
    return resized(lines, CANVAS).output.data
  } finally {
    await net.dispose()
  }
}
