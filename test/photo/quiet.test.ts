import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { decodeHeic } from '../../src/photo/heic.ts'

afterEach(() => void vi.restoreAllMocks())

test('the decoder of HEIC prints nothing, whatever it is given', async () => {
  const whole = readFileSync(join(import.meta.dirname, '../fixtures/quadrants.heic'))
  const said = [
    vi.spyOn(console, 'log').mockImplementation(() => undefined),
    vi.spyOn(console, 'error').mockImplementation(() => undefined),
    vi.spyOn(process.stdout, 'write'),
  ]
  const before = said[2]!.mock.calls.length
  expect((await decodeHeic(whole)).width).toBeGreaterThan(0)
  for (const share of [0.2, 0.5, 0.9]) {
    const length = Math.round(share * whole.length)
    await decodeHeic(whole.subarray(0, length)).catch(() => undefined)
    const spoilt = Buffer.from(whole)
    spoilt.fill(0xff, length, Math.min(whole.length, length + 200))
    await decodeHeic(spoilt).catch(() => undefined)
  }
  expect(said[0]).not.toHaveBeenCalled()
  expect(said[1]).not.toHaveBeenCalled()
  expect(said[2]!.mock.calls.length).toBe(before)
})
