import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Dice } from '../../scripts/eye/dice.ts'
import { readShard, shardsIn, writeShard } from '../../scripts/eye/shards.ts'

const SIDE = 16
const dice = new Dice(1)
const plane = (length: number): Uint8Array => Uint8Array.from({ length }, () => dice.whole(0, 255))
const scenes = [0, 1, 2].map(() => ({
  side: SIDE,
  photo: plane(3 * SIDE * SIDE),
  lines: plane(SIDE * SIDE),
  figure: plane(SIDE * SIDE),
}))
const folder = mkdtempSync(join(tmpdir(), 'fewline-scenes-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('shards', () => {
  it('give back what was written, and nothing of what is not whole', () => {
    const path = writeShard(folder, { side: SIDE, first: 70, scenes })
    expect(shardsIn(folder)).toEqual([path])
    expect(readdirSync(folder)).toHaveLength(1)
    const { side, first, scenes: found } = readShard(path)
    expect({ side, first }).toEqual({ side: SIDE, first: 70 })
    expect(found.map(({ photo }) => [...photo])).toEqual(scenes.map(({ photo }) => [...photo]))
    expect([...found[2]!.figure]).toEqual([...scenes[2]!.figure])
    expect([...found[1]!.lines]).toEqual([...scenes[1]!.lines])
  })

  it('refuse other files', () => {
    for (const [name, content] of [
      ['empty', ''],
      ['text', 'no scenes here, only words, words, words'],
    ] as const) {
      writeFileSync(join(folder, name), content)
      expect(() => readShard(join(folder, name))).toThrow('Expected a shard of scenes')
    }
  })
})
