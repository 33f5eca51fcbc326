import { expect, test } from 'vitest'
import { Log } from '../../src/cli/report.ts'
import type { Frame } from '../../src/drawing/request.ts'
import { randomView } from '../../src/views/view.ts'
import { random } from '../support/random.ts'
import { two } from '../support/strokes.ts'

const next = random(1)
const [front, side] = [randomView(next), randomView(next)]
const frame = (step: number, views: Frame['views'] = [], done = false): Frame => ({
  ...{
    step,
    steps: 100,
    strokes: two,
    loss: 1 / (step + 1),
    terms: { layer2: 1 / (step + 1) },
    views,
    tries: [],
    done,
  },
  ...{ encoder: 'RN50', device: 'cpu', precision: 'single', seed: 0, seeds: 1, way: { taken: step, total: 100 } },
  ...{ times: {}, frame: { x: 0, y: 0, width: 224, height: 224 }, warnings: [] },
})
const about = { photo: 'a.png', preset: 'standard', outputs: ['a.svg'], travel: undefined }

test('a drawing that settled has taken the steps that were seen, not those it might have', () => {
  const log = new Log()
  for (const step of [0, 10, 20]) log.note(frame(step))
  log.note(frame(10, [], true))
  expect(log.report(frame(10, [], true), about).iterations).toBe(20)
})

test('goes on from what was noted before, less the frame with which it stopped', () => {
  const whole = new Log()
  const before = new Log()
  for (const log of [whole, before]) for (const view of [front, side]) log.note(frame(1, [view]))
  before.note(frame(1))
  const after = new Log(before.past())
  expect(after.length).toBe(2)
  for (const log of [whole, after]) log.note(frame(2, [side]))
  const { history, views } = after.report(frame(2), about)
  expect(history.map((moment) => moment.views)).toEqual([[0], [1], [1]])
  expect(views).toEqual([front, side])
  expect([history, after.csv()]).toEqual([whole.report(frame(2), about).history, whole.csv()])
})
