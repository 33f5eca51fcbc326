import { writeFileSync } from 'node:fs'
import { Queue, UnrecoverableError, Worker } from 'bullmq'
import { describe, expect, test } from 'vitest'
import { expectSentence, fewline, writePhoto } from './fewline.ts'
import { circle, drawnByMany, folder, freePort, hasRedis, killed, QUICK, startRedis, startWorker } from './queue.ts'

describe.runIf(hasRedis)('many machines', () => {
  test(
    'draw photos once each, whoever of them dies; a bad one is a sentence and stops nobody',
    { timeout: 400_000 },
    () => drawnByMany(10),
  )

  test('are asked again for what was lost while the server was away', async () => {
    const port = await freePort()
    const connection = { url: `redis://127.0.0.1:${port}` }
    const redis = await startRedis(port)
    await circle(1).toFile(`${folder.path}/a.png`)
    const call = fewline(folder.path, ['sketch', 'a.png', '--queue', connection.url, ...QUICK])
    const queue = new Queue('builtin', { connection, prefix: 'fewline' })
    queue.on('error', () => undefined)
    await expect.poll(() => queue.getWaitingCount()).toBe(1)
    await killed(redis)
    await startRedis(port)
    // As BullMQ says it of a job whose workers were lost.
    const lost = new Worker(
      'builtin',
      () => {
        void lost.close()
        throw new UnrecoverableError('job stalled more than allowable limit')
      },
      { connection, prefix: 'fewline' },
    )
    await new Promise((resolve) => lost.on('closed', () => resolve(undefined)))
    await startWorker(connection.url)
    expect(await call).toMatchObject({ code: 0, stderr: expect.stringContaining('1 of 1 photos were drawn.') })
    await queue.close()
  })

  test('says what is wrong with a call before anything is sent', async () => {
    await writePhoto(`${folder.path}/a.png`)
    const lines =
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="56"><path stroke="#000" d="M2 2L40 40"/></svg>'
    writeFileSync(`${folder.path}/lines.svg`, lines)
    const wrong = [
      ['--queue', 'http://127.0.0.1'],
      ['--queue', `redis://127.0.0.1:${await freePort()}`],
      ...[
        ['--subject', 'the dog'],
        ['--mask', 'a.png'],
        ['--from', 'lines.svg'],
      ].map((here) => ['--queue', 'redis://127.0.0.1', ...here]),
      ['--queue', 'redis://127.0.0.1', '-o', '-'],
    ]
    for (const [i, args] of wrong.entries()) {
      const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', ...args])
      expect([i, code]).toEqual([i, i === 1 ? 1 : 2])
      expectSentence(stderr)
      if (i > 1) expect(stderr).toMatch(new RegExp(`${args[2]!}.*--queue|--queue.*${args[2]!}|name files`))
    }
    expect(folder.files()).toEqual(['a.png', 'lines.svg'])
  })
})
