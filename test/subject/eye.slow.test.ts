import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSession } from '../../src/onnx/session.ts'
import { continued, openPhoto } from '../../src/photo/photo.ts'
import { resource } from '../../src/resources.ts'
import { lookAtPhoto, withEye } from '../../src/subject/eye.ts'
import { CANVAS } from '../../src/units.ts'

const DUCK = join(import.meta.dirname, '../../resources/samples/duck.jpg')

describe('the eye', () => {
  test('sees a duck, and its outline, and nothing on the paper around it', async () => {
    const { lines, figure } = await withEye(async (eye) => lookAtPhoto(await openPhoto(DUCK), eye))
    const at = (x: number, y: number): number => y * CANVAS + x
    expect(figure[at(112, 130)]).toBeGreaterThan(0.9)
    expect(figure[at(40, 40)]).toBeLessThan(0.1)
    expect(lines[at(40, 40)]).toBeLessThan(0.02)
    expect(Math.max(...lines)).toBeGreaterThan(0.5)
    expect([...lines, ...figure].every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  test('sees the same every time, and on one thread and on two', async () => {
    const { image, frame } = await openPhoto(DUCK)
    const feeds = { image: { data: continued(image, frame).data, shape: [1, 3, CANVAS, CANVAS] } }
    const seen = []
    for (const threads of [1, 2, 2]) {
      const eye = await openSession(resource('eye', 'eye.onnx'), { threads })
      seen.push(await eye.run(feeds))
      await eye.dispose()
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })
})
