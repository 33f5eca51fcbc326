import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { fromSvg } from '../../src/export/read-svg.ts'
import { LOOK_NAMES } from '../../src/looks/looks.ts'
import { stockOf } from '../../src/looks/stocks.ts'
import { expectSentence, fewline, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()
const place = (name: string): string => join(folder.path, name)
const read = (name: string): string => readFileSync(place(name), 'utf8')

const LINES = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 149.33" fill="none" stroke="#000" stroke-width="6">
  <path d="M20 30C60 0 90 60 130 30"/><path d="M20 75C70 75 150 75 200 75"/><path d="M40 100C40 160 180 160 180 100"/></svg>`

/** The same lines in every picture: what differs is how they look. */
async function sketched(to: string, ...args: string[]) {
  const calls = ['sketch', 'a.png', '--from', 'lines.svg', '--iterations', '0', '--size', '448px', '-o', to]
  return fewline(folder.path, [...calls, ...args])
}

/** Grey of every pixel, 0..255. */
const greyOf = (file: string | Buffer): Promise<Buffer> =>
  sharp(file).flatten().resize(448).greyscale().raw().toBuffer()

/** How far two pictures are from each other, in shades of grey a pixel. */
const apart = (a: Buffer, b: Buffer): number => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length

test('every look and paper is in the SVG and in the PNG, which show the same', async () => {
  await writePhoto(place('a.png'))
  writeFileSync(place('lines.svg'), LINES)
  const pictures: Buffer[] = []
  for (const look of LOOK_NAMES) {
    const files = [`${look}.svg`, `${look}.png`] as const
    const outcomes = await Promise.all(files.map((file) => sketched(file, '--look', look, '--paper', 'kraft')))
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
    const strokes = fromSvg(read(files[0]))
    expect(strokes.widths).toHaveLength(3)
    const { data, info } = await sharp(place(files[1])).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([448, 299])
    const corner = [...data.subarray(0, 3)].map((value) => value.toString(16).padStart(2, '0')).join('')
    expect(apart(Buffer.from(corner, 'hex'), Buffer.from(stockOf('kraft').colour.slice(1), 'hex'))).toBeLessThan(12)
    const [vector, pixels] = await Promise.all(files.map((file) => greyOf(place(file))))
    expect(apart(vector!, pixels!), look).toBeLessThan(1)
    pictures.push(pixels!)
  }
  pictures.forEach((one, i) => pictures.slice(i + 1).forEach((other) => expect(apart(one, other)).toBeGreaterThan(0.5)))

  // For a cutter a line is what it covers.
  expect(await sketched('cut.svg', '--outline', '--paper', 'kraft')).toMatchObject({ code: 0 })
  expect(read('cut.svg').match(/ d="[^"]+Z"/g)).toHaveLength(3)
  expect(read('fineliner.svg')).not.toContain('Z"')
  const [cut, line] = await Promise.all(['cut.svg', 'fineliner.svg'].map((file) => greyOf(place(file))))
  expect(apart(cut!, line!)).toBeLessThan(0.5)
  expect(fromSvg(read('cut.svg')).widths).toEqual(fromSvg(read('fineliner.svg')).widths)

  for (const wrong of [
    ['--look', 'crayon'],
    ['--paper', 'vellum'],
  ]) {
    const { code, stderr } = await sketched('x.svg', ...wrong)
    expect(code).toBe(2)
    expectSentence(stderr)
  }
  expect(folder.files()).not.toContain('x.svg')
}, 240_000)
