import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CANVAS } from '../../main/api.ts'
import { lossCurve } from '../../renderer/panels/curve.ts'
import {
  DEFAULT_CHOICES,
  isByHand,
  isLength,
  needsRun,
  optionsOf,
  videoOptionsOf,
} from '../../renderer/panels/export.ts'
import { travelOf } from '../../renderer/panels/travel.ts'
import { brushed, evenly, weighed } from '../../renderer/state/mask.ts'
import { fitted, inSight, panned, toCanvas, toWindow, zoomed } from '../../renderer/state/viewport.ts'
import { NARROW } from '../../renderer/ui/query.ts'
import { exportOptions, videoOptions } from '../../main/api/exports.ts'
import { someStrokes } from './fake-door.ts'

const FRAME = { x: 0, y: 28, width: 224, height: 168 }
const AROUND = { side: 40, top: 40, foot: 40 }
const LOOKS = { paper: '#ffffff', look: 'fineliner' } as const

test('what is narrow to the program is narrow to the still before it', () => {
  const styles = readFileSync(join(import.meta.dirname, '../../renderer/styles/still.css'), 'utf8')
  expect(styles.match(/(?<=@media ).*(?= \{)/g)).toEqual([NARROW])
})

describe('the viewport', () => {
  test('shows the whole page in the middle', () => {
    const box = toWindow(fitted(FRAME, { width: 1000, height: 600 }, AROUND), FRAME)
    expect(box.x + box.width / 2).toBeCloseTo(500)
    expect(box.y + box.height / 2).toBeCloseTo(300)
    expect(Math.max(box.width / 920, box.height / 520)).toBeCloseTo(1)
  })

  test('leaves more room below it where more is asked for', () => {
    const box = toWindow(fitted(FRAME, { width: 390, height: 300 }, { side: 16, top: 16, foot: 44 }), FRAME)
    expect(box.y).toBeCloseTo(16)
    expect(box.y + box.height).toBeCloseTo(300 - 44)
    expect(box.x + box.width / 2).toBeCloseTo(195)
  })

  test('zooms around a point, which stays where it is', () => {
    const before = panned(fitted(FRAME, { width: 1000, height: 600 }, AROUND), 13, -7)
    const at = { x: 123, y: 456 }
    const after = zoomed(before, at, 1.7)
    expect(after.scale).toBeCloseTo(1.7 * before.scale)
    expect(toCanvas(after, at).x).toBeCloseTo(toCanvas(before, at).x)
    expect(toCanvas(after, at).y).toBeCloseTo(toCanvas(before, at).y)
  })

  test('never loses the page from sight', () => {
    const size = { width: 1000, height: 600 }
    for (const [dx, dy] of [
      [5000, 0],
      [-5000, -5000],
      [0, 5000],
    ] as const) {
      const box = toWindow(inSight(panned(fitted(FRAME, size, AROUND), dx, dy), FRAME, size, 60), FRAME)
      expect(Math.min(size.width, box.x + box.width) - Math.max(0, box.x)).toBeGreaterThan(59.99)
      expect(Math.min(size.height, box.y + box.height) - Math.max(0, box.y)).toBeGreaterThan(59.99)
    }
    const before = fitted(FRAME, size, AROUND)
    expect(inSight(before, FRAME, size, 60)).toEqual(before)
  })

  test('has bounds', () => {
    const viewport = fitted(FRAME, { width: 1000, height: 600 }, AROUND)
    expect(zoomed(viewport, { x: 0, y: 0 }, 1e9).scale).toBe(64)
    expect(zoomed(viewport, { x: 0, y: 0 }, 1e-9).scale).toBe(0.5)
    expect(fitted(FRAME, { width: 0, height: 0 }, AROUND).scale).toBe(0.5)
  })
})

describe('the mask brush', () => {
  const empty = new Uint8Array(CANVAS * CANVAS)
  const at = (mask: Uint8Array, x: number, y: number): number => mask[y * CANVAS + x]!

  test('paints a line as thick as it is, and takes it away again', () => {
    const painted = brushed(empty, { x: 20, y: 50 }, { x: 60, y: 50 }, 5, true)
    expect([at(painted, 40, 50), at(painted, 40, 54), at(painted, 40, 56), at(painted, 14, 50)]).toEqual([
      255, 255, 0, 0,
    ])
    const area = painted.filter((value) => value === 255).length
    expect(area).toBeGreaterThan(40 * 10)
    expect(area).toBeLessThan(40 * 10 + 90)
    const taken = brushed(painted, { x: 20, y: 50 }, { x: 60, y: 50 }, 5, false)
    expect(Math.max(...taken)).toBe(0)
  })

  test('leaves the mask before as it was, and stays on the canvas', () => {
    const mask = new Uint8Array(CANVAS * CANVAS)
    expect(brushed(mask, { x: -50, y: -50 }, { x: 400, y: 400 }, 9, true)).toHaveLength(CANVAS * CANVAS)
    expect(Math.max(...mask)).toBe(0)
  })
})

describe('the brush of weights', () => {
  test('goes a step up or down wherever it went, and no further than the last', () => {
    const here = new Uint8Array(CANVAS * CANVAS)
    here[7] = 255
    const steps = [true, true, false, false, false, true].reduce(
      (maps, more) => [...maps, weighed(maps.at(-1)!, here, more)],
      [evenly()],
    )
    expect(steps.map((map) => map[7])).toEqual([128, 255, 255, 128, 0, 0, 128])
    expect(steps.every((map) => map[8] === 128)).toBe(true)
  })
})

describe('the loss curve', () => {
  const moments = [8, 4, 2, 1].map((loss, step) => ({ step, seed: 0, loss, terms: {}, strokes: someStrokes(1) }))

  test('falls from the top to the bottom, equal factors equally far', () => {
    expect(lossCurve(moments, 30, 30)).toBe('M0.0 0.0L10.0 10.0L20.0 20.0L30.0 30.0')
  })

  test('is empty as long as there is nothing to compare', () => {
    expect(lossCurve(moments.slice(0, 1), 30, 30)).toBe('')
  })
})

describe('export', () => {
  test.each(['120mm', '8.5in', '800px', '1cm', '72pt'])('%s is a length', (text) => expect(isLength(text)).toBe(true))
  test.each(['', '120', 'mm', '-3mm', '1e3px', '12 mm'])('"%s" is none', (text) => expect(isLength(text)).toBe(false))

  test.each(['svg', 'png', 'pdf', 'animated-svg', 'lottie', 'gif', 'webp'] as const)(
    '%s is asked for as the host knows it',
    (format) => {
      const choices = { ...DEFAULT_CHOICES, size: '120mm', margin: '10', background: true }
      const options = optionsOf(choices, format, LOOKS)
      expect(exportOptions.parse(options)).toEqual(options)
      expect(options).not.toHaveProperty('margin')
    },
  )
  test.each(['mp4', 'webm'] as const)('%s is asked for as pictures, of no more pixels than a video has', (format) => {
    const options = videoOptionsOf({ ...DEFAULT_CHOICES, format, pixels: 8192 }, format, LOOKS)
    expect(videoOptions.parse(options)).toEqual(options)
    expect(options).toMatchObject({ pixels: 1920, background: '#ffffff', film: 'pen' })
  })

  test('a hand draws what moves, and what is in its order', () => {
    const by = (choices: Partial<typeof DEFAULT_CHOICES>) => isByHand({ ...DEFAULT_CHOICES, ...choices })
    const still = [by({}), by({ hand: true }), by({ hand: true, plotter: true }), by({ format: 'png', hand: true })]
    expect(still).toEqual([false, true, false, false])
    const moving = [by({ format: 'animated-svg' }), by({ format: 'gif' }), by({ format: 'gif', run: true })]
    expect(moving).toEqual([true, true, false])
    const choices = { ...DEFAULT_CHOICES, run: true, oneLine: true, hand: true, plotter: true }
    expect(optionsOf(choices, 'webp', LOOKS)).toMatchObject({ film: 'run', oneLine: true })
    expect(optionsOf(choices, 'pdf', LOOKS)).toMatchObject({ hand: false, plotter: true })
    const needy = [needsRun(choices, 'webp'), needsRun(choices, 'svg'), needsRun(DEFAULT_CHOICES, 'gif')]
    expect(needy).toEqual([true, false, false])
  })

  test('a sheet of paper has its own size', () => {
    const options = optionsOf({ ...DEFAULT_CHOICES, size: '120mm', paper: 'A4' }, 'pdf', LOOKS)
    expect(options).toMatchObject({ paper: 'A4', landscape: false })
    expect(options).not.toHaveProperty('size')
  })

  test('the pen travels from the end of each line to the start of the next', () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M 1 2 C 3 4 5 6 7 8"/><path d="M -1 .5 C 0 0 1 1 2 2 M 4 4 C 5 5 6 6 7 7"/></svg>`
    expect(travelOf(svg)).toEqual({ viewBox: '0 0 9 9', data: 'M7 8L-1 .5M2 2L4 4' })
  })
})
