import sharp from 'sharp'
import { expect, test } from 'vitest'
import { parseLength } from '../../src/export/length.ts'
import { toPng } from '../../src/export/png.ts'
import { toSvg } from '../../src/export/svg.ts'
import { CANVAS } from '../../src/units.ts'
import { furthest } from '../support/strokes.ts'

// One horizontal line of 4 units through the middle of a page of 3:2.
const frame = { x: 0, y: (CANVAS - 150) / 2, width: 225, height: 150 }
const line = { points: Float32Array.of(25, 112, 75, 112, 125, 112, 175, 112), widths: Float32Array.of(4) }
const strokes = { ...line, width: CANVAS, height: CANVAS }

test.each([
  ['90px', 90, 60],
  ['450px', 450, 300],
  ['2250px', 2250, 1500],
])('is as large as asked and crisp: %s', async (text, width, height) => {
  const { data, info } = await pixels(await toPng(toSvg(strokes, { frame }), parseLength(text)))
  expect([info.width, info.height, info.channels]).toEqual([width, height, 3])

  // Down a column through the line: white paper, at most two grey pixels at either edge, black in between.
  const column = Array.from({ length: height }, (_, y) => data[3 * (y * width + Math.round(width / 2))]!)
  const ink = column.reduce((sum, value) => sum + 1 - value / 255, 0)
  expect(ink).toBeCloseTo((4 * width) / 225, 1)
  expect(column.filter((value) => value > 3 && value < 252).length).toBeLessThanOrEqual(4)
  expect([data[0], column[height - 1]]).toEqual([255, 255])
})

test('a physical size is rendered at 300 dots per inch and says so', async () => {
  const png = await toPng(toSvg(strokes, { frame, size: parseLength('3in') }), parseLength('3in'))
  const { width, height, density } = await sharp(png).metadata()
  expect([width, height, density]).toEqual([900, 600, 300])
})

test('a drawing of a physical size has the pixels that it is asked for, once', async () => {
  const plain = await pixels(await toPng(toSvg(strokes, { frame }), parseLength('900px')))
  const sized = toSvg(strokes, { frame, size: parseLength('20in') })
  const { data, info } = await pixels(await toPng(sized, parseLength('900px')))
  expect([info.width, info.height]).toEqual([900, 600])
  expect(furthest(data, plain.data)).toBeLessThan(3)
})

test('without a size the longer side has 1024 pixels', async () => {
  const { info } = await pixels(await toPng(toSvg(strokes, { frame })))
  expect([info.width, info.height]).toEqual([1024, 683])
})

test('more pixels than a PNG should hold are refused', async () => {
  await expect(toPng(toSvg(strokes), parseLength('90in'))).rejects.toThrow(/at most 17000 pixels .* would have 27000/)
  const strip = toSvg(strokes, { frame: { ...frame, height: 0.5 } })
  await expect(toPng(strip, parseLength('17000px'))).resolves.toBeInstanceOf(Uint8Array)
})

function pixels(png: Uint8Array) {
  return sharp(png).raw().toBuffer({ resolveWithObject: true })
}
