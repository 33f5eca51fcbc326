import sharp from 'sharp'
import { expect, test } from 'vitest'
import { changedPhoto } from '../../src/edit/large.ts'
import { regionOf, rowsOf } from '../../src/edit/region.ts'
import { tone } from '../../src/edit/tone.ts'
import { openPhoto } from '../../src/photo/photo.ts'

const WHITE_DISC = (size: number) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80" width="${size}" height="${(size * 2) / 3}"><rect width="120" height="80"/><circle cx="60" cy="40" r="30" fill="#fff"/></svg>`,
    ),
  )
const photo = async () =>
  openPhoto(
    await sharp({ create: { width: 240, height: 160, channels: 3, background: '#88a' } })
      .png()
      .toBuffer(),
  )

test.each([240, 120, 960])('a region of %i pixels has a soft edge, all of it within', async (size) => {
  const region = await regionOf(await WHITE_DISC(size).png().toBuffer(), await photo())
  const disc = await WHITE_DISC(240).resize(240, 160).greyscale().raw().toBuffer()
  const rowAt = rowsOf(region, 240, 160)
  const wrong: string[] = []
  let soft = 0
  for (let y = 0; y < 160; y++) {
    rowAt(y).forEach((share, x) => {
      const far = Math.hypot(x - 120, y - 80)
      const outside = far > 63 || (size === 240 && disc[y * 240 + x] === 0)
      if (outside ? share > 0 : far < 52 && share < 0.99) wrong.push(`${x},${y}: ${share}`)
      if (share > 0 && share < 1) soft++
    })
  }
  expect(wrong).toEqual([])
  expect(soft).toBeGreaterThan(200)
})

test('outside of it, and with no strength, every sample stays as it is', async () => {
  const [width, height] = [240, 160]
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i * 31) % 256)
  const samples = { data, width, height, channels: 4 as const }
  const region = await regionOf(await WHITE_DISC(240).png().toBuffer(), await photo())
  const strong = { grid: tone.init(Math.random)['grid'].map((_, i) => (i % 12 === 3 ? 0.5 : 0)) }
  const changed = await changedPhoto(samples, tone, strong, { region })
  const rowAt = rowsOf(region, width, height)
  let moved = 0
  let wrong = 0
  for (let y = 0; y < height; y++) {
    rowAt(y).forEach((share, x) => {
      const at = 4 * (y * width + x)
      const same = [0, 1, 2].every((c) => changed.data[at + c] === data[at + c])
      if ((share === 0 && !same) || changed.data[at + 3] !== data[at + 3]) wrong++
      if (!same) moved++
    })
  }
  expect(wrong).toBe(0)
  expect(moved).toBeGreaterThan(5000)
  expect((await changedPhoto(samples, tone, strong, { strength: 0 })).data).toEqual(data)
})

test('of another shape than the photo it is refused in a sentence', async () => {
  const square = await sharp({ create: { width: 100, height: 100, channels: 3, background: 'white' } })
    .png()
    .toBuffer()
  await expect(regionOf(square, await photo())).rejects.toThrow(
    'Expected a region in the shape of the photo (240 × 160), but it is 100 × 100: crop it like the photo.',
  )
})
