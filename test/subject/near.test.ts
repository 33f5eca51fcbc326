import { expect, test } from 'vitest'
import { DETAIL, fit } from '../../src/photo/photo.ts'
import { linesFromNear } from '../../src/subject/near.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

/** Sees a line wherever a picture is dark, and counts how often it looked. */
function darkness(): { look: (picture: Float32Array) => Promise<{ lines: Float32Array }>; looks: () => number } {
  let looks = 0
  const look = (picture: Float32Array): Promise<{ lines: Float32Array }> => {
    looks++
    return Promise.resolve({ lines: picture.slice(0, CANVAS * CANVAS).map((value) => 1 - value) })
  }
  return { look, looks: () => looks }
}

/** A white picture with one black line, a pixel of the detail wide, along this row and this column of the canvas. */
function crossed(row: number, column: number): ReturnType<typeof tensor> {
  const detail = tensor([3, DETAIL, DETAIL])
  detail.data.forEach((_, i) => {
    const [x, y] = [i % DETAIL, Math.floor(i / DETAIL) % DETAIL]
    detail.data[i] = x === Math.floor(column * 1.5) || y === Math.floor(row * 1.5) ? 0 : 1
  })
  return detail
}

test.each([
  ['square', 900, 900, 4],
  ['wide', 900, 600, 2],
  ['tall', 500, 900, 2],
  ['a little wide', 900, 700, 4],
  ['a strip', 900, 20, 2],
])('a photo that is %s is seen whole from near, thin lines where they are', async (_, width, height, parts) => {
  const { look, looks } = darkness()
  const frame = fit(width, height)
  const lines = await linesFromNear(crossed(112, 100), frame, look)
  expect(looks()).toBe(parts)
  const across = Array.from(
    lines.subarray(112 * CANVAS + Math.ceil(frame.x) + 1, 112 * CANVAS + frame.x + frame.width - 2),
  )
  const down = Array.from(lines.filter((_, i) => i % CANVAS === 100)).slice(
    Math.ceil(frame.y) + 1,
    frame.y + frame.height - 2,
  )
  expect([...across, ...down].every((line) => line === 1)).toBe(true)
  expect(lines[Math.ceil(frame.y + frame.height / 4) * CANVAS + 60]).toBe(0)
})
