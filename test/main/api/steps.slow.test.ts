import { expect, test } from 'vitest'
import { CANVAS, type Drawing, packSteps, unpackSteps } from '../../../main/api.ts'
import { packedSteps } from '../../../main/api/steps.ts'

/** A drawing of equal strokes, each of so many segments, told from others by its width. */
function drawingOf(width: number, count: number, segments: number): Drawing {
  const strokes = {
    points: new Float32Array(2 * count * (3 * segments + 1)),
    widths: new Float32Array(count).fill(width),
    segments: new Uint8Array(count).fill(segments),
    ...({ width: CANVAS, height: CANVAS } as const),
  }
  return { strokes, locked: [0], importance: [...strokes.widths] }
}
const NOTHING = { past: [], future: [] }
const widthOf = ({ strokes }: Drawing) => strokes.widths[0]

test('the fifty steps on each side are kept, as they are', () => {
  const drawings = Array.from({ length: 60 }, (_, i) => drawingOf(i + 1, 3, 2))
  const { past, future } = unpackSteps(packSteps({ past: drawings, future: drawings, asked: NOTHING }))
  expect(past).toEqual(drawings.slice(10))
  expect(future).toEqual(drawings.slice(0, 50))
})

test('what was asked of the photo is kept too, as plain data, as far as there is room for its masks', () => {
  const grey = (value: number) => new Uint8Array(CANVAS * CANVAS).fill(value)
  const chosen = new Set(['a thing'])
  const past = Array.from({ length: 10 }, (_, i) => ({ mode: 'painted', mask: grey(i), emphasis: grey(128) }) as const)
  const future = [{ mode: 'auto' } as const]
  const asked = { past: past.map((one) => ({ ...one, chosen })), future }
  const { length } = packSteps({ ...NOTHING, asked })
  expect(length).toBeLessThan(2 ** 20)
  expect(unpackSteps(packSteps({ ...NOTHING, asked })).asked).toEqual({ past: past.slice(2), future })
})

test('of very large drawings as many are kept as there is room for, those next to the present', () => {
  const drawings = Array.from({ length: 20 }, (_, i) => drawingOf(i + 1, 512, 60))
  const packed = packSteps({ past: drawings, future: drawings, asked: NOTHING })
  expect(packedSteps.safeParse(packed).success).toBe(true)
  const { past, future } = unpackSteps(packed)
  expect(widthOf(past.at(-1)!)).toBe(20)
  expect(past.length).toBeGreaterThan(2)
  expect(past.length).toBeLessThan(20)
  expect(widthOf(future[0]!)).toBe(1)
})

test('what can not be read is nothing to undo', () => {
  const packed = packSteps({ past: [drawingOf(1, 2, 1)], future: [], asked: NOTHING })
  const none = { ...NOTHING, asked: NOTHING }
  for (const broken of [new Uint8Array(), packed.slice(0, -4), Uint8Array.from(packed, (byte) => byte ^ 1)]) {
    expect(unpackSteps(broken)).toEqual(none)
  }
})

test('more than there is room for is refused', () => {
  expect(packedSteps.safeParse(new Uint8Array(2 ** 24)).success).toBe(false)
})
