import { describe, expect, test } from 'vitest'
import { photoCanvas } from '../../src/edit/canvas.ts'
import { changedPhoto } from '../../src/edit/large.ts'
import { tone } from '../../src/edit/tone.ts'
import { fit } from '../../src/photo/photo.ts'
import { randomFrom } from '../../src/random.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { agreement, centralDifferences, laterDifferences } from '../support/differences.ts'
import { random } from '../support/random.ts'

const next = random(3)
const noise = (shape: number[], from = 0, to = 1): Tensor =>
  tensor(
    shape,
    tensor(shape).data.map(() => from + (to - from) * next()),
  )
/** A change that can be seen, and that leaves the range of colours here and there. */
const grid = (size = 0.4) => tone.init(randomFrom(1))['grid'].map((value) => (size / 1e-3) * value)

describe('a change of tone', () => {
  test('of nothing changes nothing', () => {
    const picture = noise([3, 9, 12])
    expect(tone.apply({ grid: grid(0) }, picture).output.data).toEqual(picture.data)
  })

  test('its gradient agrees with central differences', () => {
    const picture = noise([3, 10, 14])
    const weights = noise(picture.shape, -1, 1)
    const parameters = { grid: grid() }
    const cost = () => {
      const { output, terms } = tone.apply(parameters, picture)
      const seen = output.data.reduce((sum, value, i) => sum + value * weights.data[i]!, 0)
      return seen + Object.values(terms).reduce((a, b) => a + b)
    }
    const gradient = tone.apply(parameters, picture).pullback(weights)['grid']!
    // Some of the numbers: it is one formula for all.
    const some = Array.from({ length: 300 }, (_, i) => 81 * i)
    const differences = some.map((i) => {
      const at = parameters.grid.subarray(i, i + 1)
      return centralDifferences(cost, at, 1e-2)[0]!
    })
    const { cos, norm } = agreement(
      some.map((i) => gradient[i]!),
      differences,
    )
    expect(cos).toBeGreaterThan(0.999)
    expect(Math.abs(norm - 1)).toBeLessThan(0.02)
  })

  test('is the same in parts as on the whole, to the last of 65535', async () => {
    const [width, height] = [600, 530]
    const photo = {
      data: Uint16Array.from({ length: 3 * width * height }, () => 65535 * next()),
      width,
      height,
      channels: 3 as const,
    }
    const { data } = await changedPhoto(photo, tone, { grid: grid(0.1) })
    const planes = tensor([3, height, width])
    photo.data.forEach((value, i) => (planes.data[(i % 3) * width * height + Math.floor(i / 3)] = value / 65535))
    const whole = tone.apply({ grid: grid(0.1) }, planes).output.data
    let most = 0
    data.forEach((value, i) => {
      const wanted = 65535 * whole[(i % 3) * width * height + Math.floor(i / 3)]!
      most = Math.max(most, Math.abs(value - wanted))
    })
    expect(most).toBeLessThanOrEqual(0.51)
  })
})

describe('a photo on the canvas', () => {
  test('changes within its frame and its region alone, and its gradient agrees with central differences', async () => {
    const image = noise([3, CANVAS, CANVAS])
    const region = noise([CANVAS, CANVAS])
    region.data.fill(0, 0, 100 * CANVAS)
    const canvas = photoCanvas(tone, image, fit(300, 200), region)
    const parameters = { grid: grid(0.05) }
    const { output, pullback } = await canvas.show(parameters)
    const changed = (i: number) => output.data[i] !== image.data[i]
    for (let c = 0; c < 3; c++) {
      for (const row of [0, 36, 99, 187, 223]) expect(changed((c * CANVAS + row) * CANVAS + 50)).toBe(false)
      expect(changed((c * CANVAS + 120) * CANVAS + 50)).toBe(true)
    }
    const weights = noise(image.shape, -1, 1)
    const gradient = (await pullback(weights))['grid']!
    const cost = async () => {
      const { output, terms } = await canvas.show(parameters)
      const seen = output.data.reduce((sum, value, i) => sum + value * weights.data[i]!, 0)
      return seen + Object.values(terms).reduce((a, b) => a + b)
    }
    const some = [14003, 16001, 18005, 20007, 22000]
    const differences: number[] = []
    for (const i of some) {
      differences.push((await laterDifferences(cost, parameters.grid.subarray(i, i + 1), 1e-2))[0]!)
    }
    expect(
      agreement(
        some.map((i) => gradient[i]!),
        differences,
      ).cos,
    ).toBeGreaterThan(0.999)
  })
})
