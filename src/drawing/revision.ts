import type { Task } from './descent.ts'
import type { PhotoRequest } from './request.ts'
import { stagesFor, type Scene } from './scene.ts'
import { secondOpinion, type Revised } from './second-opinion.ts'
import type { Setting } from './setting.ts'
import { settled } from './settle.ts'
import { leader } from './tries.ts'
import { strokesFrom } from '../strokes/bezier.ts'
import { keepWithin } from '../strokes/bounds.ts'
import type { Cubic } from '../strokes/fit.ts'
import { nextStroke } from '../strokes/grow.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { toleranceFor } from '../strokes/trace.ts'
import { freshViews, viewsFromBank } from '../views/choice.ts'

/** Through so many views, besides the drawing as it is, a second look is taken. */
const VIEWS = 4

/**
 * What an encoder of meaning says of a number of strokes that was told from lines: see secondOpinion. What is behind the
 * subject stays. What is added finds its place by gradients, together with the others. Lines count as much as the encoder
 * finds them relevant, so that the next one of them is where that is highest and unexplained.
 */
export function revisionFor(
  scene: Scene,
  request: PhotoRequest,
  task: Pick<Task<Strokes>, 'canvas' | 'objectiveOf' | 'viewsAt'>,
): NonNullable<Setting['revised']> {
  return async ({ work, tries }, signal) => {
    const { bank, plan, chains, behind, photo, watch } = scene
    const best = leader(tries)!
    const objective = await task.objectiveOf(best)
    const views =
      bank.length > 0
        ? viewsFromBank(bank, VIEWS, best.seed, plan.iterations + 1)
        : freshViews(VIEWS, best.seed, plan.iterations + 1)
    const longer = (strokes: Strokes): Strokes | undefined => {
      const next = nextStroke(chains, cubicsOf(strokes), toleranceFor(strokes.widths.length))
      return next && keepWithin(withOneMore(strokes, next), photo.frame)
    }
    const revised = await secondOpinion(work, async (strokes) => (await objective(strokes, views)).each, longer, {
      isFixed: (index) => index < behind.count,
      isStopped: () => signal?.aborted === true,
    })
    watch.lap('second look')
    const dropped = work.widths.length - revised.kept.length
    if (signal?.aborted || (dropped === 0 && revised.added === 0)) return undefined
    const viewsAt = (step: number) => task.viewsAt(best.seed, plan.iterations + 2 + step)
    const drawing =
      revised.added > 0
        ? await settled(revised.strokes, { canvas: task.canvas, objective, rates: plan.rates, viewsAt, signal })
        : { work: revised.strokes, ...(await objective(revised.strokes, [])).plain }
    return {
      ...{ ...drawing, stages: stagesOfRevised(stagesFor(scene, request), revised) },
      note: `A second look left out ${dropped} of ${work.widths.length} strokes and added ${revised.added}.`,
    }
  }
}

/** Where the drawings end that a revised one grew from; what was added belongs to the last. */
function stagesOfRevised(stages: readonly number[], { kept, added }: Revised): number[] {
  const ends = stages.map((end) => kept.filter((index) => index < end).length)
  return [...ends.slice(0, -1), ends.at(-1)! + added]
}

function cubicsOf({ points, widths }: Strokes): Cubic[] {
  return Array.from(widths, (_, i) => [...points.subarray(8 * i, 8 * i + 8)] as Cubic)
}

/** The strokes and one more, which is like the last of them. */
function withOneMore(strokes: Strokes, cubic: Cubic): Strokes {
  const { points, widths, colors } = strokes
  return {
    ...strokes,
    points: Float32Array.from([...points, ...strokesFrom([cubic], 1, strokes.width).points]),
    widths: Float32Array.from([...widths, widths.at(-1)!]),
    ...(colors && { colors: Float32Array.from([...colors, ...colors.subarray(-4)]) }),
  }
}
