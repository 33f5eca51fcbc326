import { writeFileSync } from 'node:fs'
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
