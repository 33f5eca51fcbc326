import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeEach, describe, expect, test } from 'vitest'
import { expectSentence, fewline, useFolder } from './fewline.ts'

const folder = useFolder()
const place = (name: string) => join(folder.path, name)

/** A dark disc on white, lying on its side in the file: upright it is 200 wide, 300 high, the disc at 140, 60. */
beforeEach(async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#fff"/>
    <circle cx="60" cy="60" r="40" fill="#333"/></svg>`
  writeFileSync(place('a.jpg'), await sharp(Buffer.from(svg)).jpeg().withMetadata({ orientation: 6 }).toBuffer())
})

interface Answer {
  width: number
  height: number
  finder: string
  things: { words: string; score: number; box: { x: number; y: number; width: number; height: number } }[]
}

describe('fewline find without words', () => {
  test('writes the subject white on black, in the upright shape of the photo, and says where it is', async () => {
    const { code, stdout } = await fewline(folder.path, ['find', 'a.jpg', '-o', 'mask.png', '--json'])
    expect(code).toBe(0)
    const { width, height, finder, things } = JSON.parse(stdout) as Answer
    expect([width, height, finder]).toEqual([200, 300, 'subject'])
    const [{ box }] = things as [Answer['things'][number]]
    for (const [side, at] of Object.entries({ x: 100, y: 20, width: 80, height: 80 })) {
      expect(Math.abs(box[side as keyof typeof box] - at)).toBeLessThan(4)
    }
    const { data, info } = await sharp(place('mask.png')).greyscale().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([200, 300])
    expect(data[60 * 200 + 140]).toBeGreaterThan(250)
    expect(data[200 * 200 + 60]).toBeLessThan(5)
  })

  test('replaces its own mask, and no file of others', async () => {
    expect(await fewline(folder.path, ['find', 'a.jpg', '-o', 'mask.png'])).toMatchObject({ code: 0 })
    expect(await fewline(folder.path, ['find', 'a.jpg', '-o', 'mask.png'])).toMatchObject({ code: 0 })
    writeFileSync(place('mine.png'), 'not ours')
    const { code, stderr } = await fewline(folder.path, ['find', 'a.jpg', '-o', 'mine.png'])
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(readFileSync(place('mine.png'), 'utf8')).toBe('not ours')
  })

  test.each([
    ['a photo that is not there', ['find', 'nothing.jpg'], 1],
    ['a mask that is no PNG', ['find', 'a.jpg', '-o', 'mask.jpg'], 2],
    ['two things on standard output', ['find', 'a.jpg', '-o', '-', '--json'], 2],
    ['a mask over the photo', ['find', 'a.png', '-o', 'a.png'], 2],
  ])('refuses %s in a sentence', async (_, args, expected) => {
    const { code, stderr } = await fewline(folder.path, args)
    expect(code).toBe(expected)
    expectSentence(stderr)
  })
})
