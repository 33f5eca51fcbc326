import fc from 'fast-check'
import { expect, test } from 'vitest'
import { framesOf } from '../../renderer/panels/video.ts'

test('pages become pictures thirty times a second, none lost in time', () => {
  const picture = new Uint8Array(1)
  const pages = fc.array(
    fc.record({ picture: fc.constant(picture), seconds: fc.double({ min: 1e-3, max: 2, noNaN: true }) }),
  )
  fc.assert(
    fc.property(pages, (shown) => {
      const frames = framesOf(shown)
      const whole = shown.reduce((sum, { seconds }) => sum + seconds, 0)
      expect(frames.reduce((sum, { count }) => sum + count, 0)).toBe(Math.round(30 * whole))
      frames.forEach(({ first, count }, i) => {
        expect(count).toBeGreaterThan(0)
        expect(first).toBe(i === 0 ? 0 : frames[i - 1]!.first + frames[i - 1]!.count)
      })
    }),
  )
  const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)]
  expect(
    framesOf([
      { picture: a, seconds: 0.1 },
      { picture: b, seconds: 2.1 },
    ]),
  ).toEqual([
    { picture: a, first: 0, count: 3 },
    { picture: b, first: 3, count: 63 },
  ])
})
