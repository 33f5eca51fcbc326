import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BROWSER } from './browser.ts'
import { SAMPLES, useStudio, windowOf } from './studio.ts'

describe.skipIf(!BROWSER)('the studio', () => {
  const studio = useStudio()

  test('two windows do not disturb each other', async () => {
    const first = await studio.open()
    const second = await windowOf(await first.page.context().newPage(), studio.served.url)
    await first.openPhoto(join(SAMPLES, 'flamingo.png'))
    await second.openPhoto(join(SAMPLES, 'teapot.jpg'))
    for (const [window, strokes] of [
      [first, '3'],
      [second, '5'],
    ] as const)
      await window.slider('Strokes').fill(strokes)
    await first.button('Draw').click()
    await second.button('Draw').click()
    await first.waitFor(/^Done: 3/)
    await second.waitFor(/^Done: 5/)
    expect(await first.paths()).toHaveLength(3)
    expect(await second.paths()).toHaveLength(5)
    expect(second.faults).toEqual([])
  })
})
