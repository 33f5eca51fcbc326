import { describe, expect, test } from 'vitest'
import { expectSentence, fewline, writePhoto } from './fewline.ts'
import { drawnByMany, folder, freePort, hasRedis } from './queue.ts'

describe.runIf(hasRedis)('many machines', () => {
  test(
    'draw photos once each, whoever of them dies; a bad one is a sentence and stops nobody',
    { timeout: 400_000 },
    () => drawnByMany(10),
  )

  test('says what is wrong with a call before anything is sent', async () => {
    await writePhoto(`${folder.path}/a.png`)
    const wrong = [
      ['--queue', 'http://127.0.0.1'],
      ['--queue', `redis://127.0.0.1:${await freePort()}`],
      ['--queue', 'redis://127.0.0.1', '--subject', 'the dog'],
      ['--queue', 'redis://127.0.0.1', '-o', '-'],
    ]
    for (const [i, args] of wrong.entries()) {
      const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', ...args])
      expect([i, code]).toEqual([i, i === 1 ? 1 : 2])
      expectSentence(stderr)
    }
    expect(folder.files()).toEqual(['a.png'])
  })
})
