import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { afterLoss, drawApart } from '../../../src/drawing/apart/apart.ts'
import type { DrawRequest, Frame } from '../../../src/drawing/request.ts'

const folder = mkdtempSync(join(tmpdir(), 'fewline-apart-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that draws as told by `code`, which is given the request and how to tell what comes of it. */
function program(name: string, code: string): string {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(
    path,
    `const tell = (news) => new Promise((done) => process.send(news, undefined, undefined, done))
     const frame = (step, tries) => tell({ frame: { step, tries, warnings: ['its own'] } })
     process.on('message', async ({ draw, stop }) => { ${code} })`,
  )
  return path
}

async function framesOf(request: Partial<DrawRequest>, path: string, signal?: AbortSignal): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of drawApart({ photo: 'x.png', ...request }, signal, { program: path })) frames.push(frame)
  return frames
}

describe('a drawing in a process of its own', () => {
  test('gives its frames, in order, to the last', async () => {
    const path = program(
      'fine',
      `for (let i = 0; i < 50; i++) await frame(i, draw.photo); await tell({ end: true }); process.disconnect()`,
    )
    const frames = await framesOf({}, path)
    expect(frames.map(({ step }) => step)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(frames[0]).toMatchObject({ tries: 'x.png', warnings: ['its own'] })
  })

  test('goes on from its last frame when the process is lost, ever more carefully, and says so', async () => {
    const path = program(
      'crash',
      `const from = draw.tries ?? 0
       await frame(from + 1, from + 1)
       if (draw.device !== 'cpu') process.kill(process.pid, 'SIGKILL')
       await frame(draw.most, from + 1); await tell({ end: true }); process.disconnect()`,
    )
    const frames = await framesOf({ device: 'webgpu' }, path)
    expect(frames.map(({ step }) => step)).toEqual([1, 2, 3, 1])
    expect(frames.map(({ warnings }) => warnings.length)).toEqual([1, 2, 3, 3])
    expect(frames.at(-1)!.warnings).toEqual([
      'its own',
      'The drawing’s process was lost: it goes on with one picture at a time.',
      'The drawing’s process was lost again: the processor goes on from there.',
    ])
  })

  test('is given up when process after process is lost', async () => {
    await expect(framesOf({}, program('hopeless', `process.kill(process.pid, 'SIGKILL')`))).rejects.toMatchObject({
      problem: { kind: 'device', came: 'the process that makes it was lost three times' },
    })
  })

  test('fails as it would have failed here', async () => {
    const problem = { kind: 'photo', expected: 'a', came: 'b', todo: 'c' }
    const path = program('fail', `await tell({ failure: { message: '', problem: ${JSON.stringify(problem)} } })`)
    await expect(framesOf({}, path)).rejects.toMatchObject({ name: 'FewlineError', problem })
  })

  test('is told to stop', async () => {
    const path = program(
      'stop',
      `if (draw) return frame(1); await frame(2); await tell({ end: true }); process.disconnect()`,
    )
    const stop = new AbortController()
    const steps: number[] = []
    for await (const { step } of drawApart({ photo: 'x.png' }, stop.signal, { program: path })) {
      steps.push(step)
      stop.abort()
    }
    expect(steps).toEqual([1, 2])
  })
})

test('each loss makes what follows more careful, until the processor does it alone', () => {
  const careful = [1, 2, 3].map((losses) => afterLoss(losses).change)
  expect(careful).toEqual([{ most: 1 }, { most: 1, device: 'cpu' }, { most: 1, device: 'cpu' }])
})
