import { describe, expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../src/drawing/checkpoint.ts'
import { FewlineError } from '../../src/errors.ts'
import { randomView } from '../../src/views/view.ts'
import { random } from '../support/random.ts'

const next = random(1)
const floats = (count: number) => Float32Array.from({ length: count }, () => 300 * (next() - 0.5))
const strokes = () => ({ points: floats(16), widths: floats(2).map(Math.abs), width: 224, height: 224 })
const checkpoint: Checkpoint = {
  photo: { path: '/photos/cat.jpg', sha256: 'a'.repeat(64) },
  request: { strokes: 2, preset: 'paper', text: 'a cat', from: strokes(), locked: [1], seed: 7 },
  tries: [
    {
      ...{ seed: 7, step: 12, start: strokes(), work: strokes(), losses: [0.1 + 0.2, 1e-300], over: false },
      memory: { points: [{ step: 12, mean: floats(16), square: floats(16) }, 12] },
      best: { step: 10, work: strokes(), loss: 1 / 3, terms: { layer2: 1 / 7, text: 0.1 } },
    },
  ],
  past: {
    history: [{ seed: 7, step: 0, loss: 0.1 + 0.2, terms: { layer2: 1 / 3 }, views: [0] }],
    views: [randomView(next)],
  },
}
const text = writeCheckpoint(checkpoint, '1.2.3')

describe('a checkpoint', () => {
  test('is read as it was written, to the last bit', () => {
    expect(readCheckpoint(text)).toEqual(checkpoint)
  })

  test('need not tell what was seen', () => {
    const { past, ...rest } = checkpoint
    expect(past).toBeDefined()
    expect(readCheckpoint(writeCheckpoint(rest, '1.2.3'))).toEqual(rest)
  })

  test('begins with who wrote it', () => {
    expect(text).toMatch(/^\{\s*"fewline": "1.2.3",\s*"checkpoint": 2,/)
  })

  const parsed = () =>
    JSON.parse(text) as { tries: { memory: { points: [{ mean: string }] }; work: { points: string } }[] }
  test.each([
    ['nothing', ''],
    ['no JSON', text.slice(0, -50)],
    ['another file', '{"fewline": "1.2.3", "photo": "cat.jpg"}'],
    ['another format', text.replace('"checkpoint": 2', '"checkpoint": 1')],
    ['an unknown preset', text.replace('"paper"', '"glue"')],
    ['points that are none', text.replace(parsed().tries[0]!.work.points, '?')],
    ['half a number', text.replace(parsed().tries[0]!.work.points, 'AAAA')],
    ['too few points', text.replace(parsed().tries[0]!.work.points, 'AAAAAAAAAAA=')],
    ['no finite number', text.replace(parsed().tries[0]!.work.points, Buffer.alloc(64, 0xff).toString('base64'))],
    ['a history of words', text.replace('"seed": 7,\n    "step": 0', '"seed": 7,\n    "step": "0"')],
    ['a memory of what strokes have not', text.replace('"memory": {\n    "points"', '"memory": {\n    "width"')],
    ['a memory of other strokes', text.replace(parsed().tries[0]!.memory.points[0].mean, 'AAAAAAAAAAA=')],
  ])('is refused when it is %s', (_, damaged) => {
    expect(damaged).not.toBe(text)
    expect(() => readCheckpoint(damaged)).toThrow(FewlineError)
    expect(() => readCheckpoint(damaged)).toThrow(/^Expected a checkpoint of Fewline, but .+: choose the file/)
  })
})
