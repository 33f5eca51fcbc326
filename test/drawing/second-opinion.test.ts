import { describe, expect, test } from 'vitest'
import { secondOpinion } from '../../src/drawing/second-opinion.ts'
import { strokesFrom } from '../../src/strokes/bezier.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'

/** Strokes that are known by the x of their first points. */
const drawing = (...names: number[]): Strokes =>
  strokesFrom(
    names.map((x) => [x, 0, x, 10, x, 20, x, 30]),
    3,
    224,
  )
const namesOf = ({ points, widths }: Strokes): number[] => Array.from(widths, (_, i) => points[8 * i]!)

/** Five looks, each of which sees a stroke a little differently: what a stroke is worth, and how much looks differ about it. */
const judgeOf = (worth: (name: number) => [value: number, noise: number]) => (strokes: Strokes) =>
  Promise.resolve(
    [-2, -1, 0, 1, 2].map((look) =>
      namesOf(strokes).reduce((loss, name) => loss - worth(name)[0] - look * worth(name)[1], 100 + 7 * look),
    ),
  )
const nothing = () => undefined

describe('a second opinion', () => {
  test('drops what moves the loss by less than the noise between looks, and nothing else', async () => {
    const judge = judgeOf((name) => (name < 10 ? [0.01, 0.5] : name < 20 ? [1, 0.5] : [-0.2, 0]))
    const { strokes, kept, added } = await secondOpinion(drawing(11, 3, 12, 25, 4, 13), judge, nothing)
    expect(namesOf(strokes)).toEqual([11, 12, 13])
    expect([kept, added]).toEqual([[0, 2, 5], 0])
  })

  test('drops one of two that do the same, and lets fixed ones be', async () => {
    // Strokes 1 and 2 draw the same line: one of them is worth 5, both no more.
    const judge = (strokes: Strokes) => {
      const names = namesOf(strokes)
      const worth = (names.includes(1) || names.includes(2) ? 5 : 0) + (names.includes(3) ? 2 : 0)
      return Promise.resolve([-1, 0, 1].map((look) => 50 + look - worth - 0.1 * look * names.length))
    }
    const twice = drawing(3, 1, 2)
    expect((await secondOpinion(twice, judge, nothing)).strokes.widths).toHaveLength(2)
    expect(namesOf((await secondOpinion(twice, judge, nothing)).strokes)).toContain(3)
    const fixed = await secondOpinion(twice, judge, nothing, { isFixed: () => true })
    expect(fixed).toMatchObject({ kept: [0, 1, 2], added: 0 })
  })

  test('adds strokes as long as that helps, and no more than some', async () => {
    const judge = judgeOf((name) => (name < 14 ? [1, 0.2] : [0.1, 0.5]))
    const longer = (strokes: Strokes) => drawing(...namesOf(strokes), 10 + strokes.widths.length)
    const { strokes, added } = await secondOpinion(drawing(10), judge, longer)
    expect([namesOf(strokes), added]).toEqual([[10, 11, 12, 13], 3])
    const endless = await secondOpinion(
      drawing(0),
      judgeOf(() => [1, 0]),
      longer,
    )
    expect(endless.added).toBe(8)
  })

  test('stops when it is told to, and always leaves a stroke', async () => {
    let looks = 0
    const worthless = judgeOf(() => [-1, 0.1])
    const judge = (strokes: Strokes) => (looks++, worthless(strokes))
    expect((await secondOpinion(drawing(1, 2, 3), judge, nothing)).strokes.widths).toHaveLength(1)
    looks = 0
    const stopped = await secondOpinion(drawing(1, 2, 3), judge, nothing, { isStopped: () => looks >= 2 })
    expect([stopped.kept, looks]).toEqual([[0, 1, 2], 2])
  })
})
