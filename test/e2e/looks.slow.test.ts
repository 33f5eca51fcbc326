import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { BROWSER } from './browser.ts'
import { expectPicture, REFRESH, save } from './pictures.ts'
import { SAMPLES, SIZE, useStudio, type Window } from './studio.ts'

/** All but what depends on how fast the machine is. */
async function picture({ page }: Window): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(600)
  const mask = [page.getByRole('status'), page.locator('.timeline')]
  return page.screenshot({ animations: 'disabled', caret: 'hide', mask, maskColor: '#888888' })
}

describe.skipIf(!BROWSER).each(['light', 'dark'] as const)('the window, %s', (colorScheme) => {
  const studio = useStudio()

  test('looks as it did: at first, drawn, edited, and exported', async () => {
    const window = await studio.open({ colorScheme })
    const { page } = window
    await page.getByRole('button', { name: 'Flamingo' }).first().waitFor()
    await expectPicture(`first-${colorScheme}`, await picture(window))

    await window.openPhoto(join(SAMPLES, 'flamingo.png'))
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    await expectPicture(`drawn-${colorScheme}`, await picture(window))

    await window.button('Edit').click()
    await page.getByRole('button', { name: 'Line 1', exact: true }).click()
    await page.mouse.move(0, 0)
    await expectPicture(`edit-${colorScheme}`, await picture(window))

    await window.button('Export').click()
    await page.getByRole('img', { name: 'Preview of the file' }).waitFor()
    await page.mouse.move(0, 0)
    await expectPicture(`export-${colorScheme}`, await picture(window))
  })

  test.each([
    { width: 1024, height: 700 },
    { width: 1280, height: 800 },
    { width: 2560, height: 1440 },
  ])('has room for everything at $width × $height', async (viewport) => {
    const window = await studio.open({ colorScheme, viewport })
    await window.openPhoto(join(SAMPLES, 'cup.jpg'))
    await window.waitFor(/^Ready/)
    const { sideways, hidden, stage } = await window.page.evaluate(() => ({
      sideways: document.documentElement.scrollWidth - innerWidth,
      hidden: [...document.querySelectorAll<HTMLElement>('header button, footer button, aside label')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.textContent),
      stage: document.querySelector('.stage')!.getBoundingClientRect(),
    }))
    expect({ sideways, hidden }).toEqual({ sideways: 0, hidden: [] })
    expect(stage.width * stage.height).toBeGreaterThan(0.4 * viewport.width * viewport.height)
  })
})

describe.skipIf(!BROWSER || !REFRESH)('the README', () => {
  const studio = useStudio()

  test('shows the studio', async () => {
    const window = await studio.open({ viewport: SIZE, deviceScaleFactor: 2, colorScheme: 'light' })
    const { page } = window
    await window.openPhoto(join(SAMPLES, 'horse.jpg'))
    await window.slider('Versions').fill('3')
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    // How long this machine took is nobody's business.
    await page.reload()
    await window.waitFor(/^Done: \d+ strokes\.$/)
    await window.slider('Divider').fill('0.48')
    await page.evaluate(() => {
      document.querySelector('.left')!.scrollTop = 0
      document.querySelector('.side')!.scrollTop = 0
      ;(document.activeElement as HTMLElement).blur()
    })
    await page.mouse.move(0, 0)
    await page.waitForTimeout(600)
    const png = await page.screenshot({ animations: 'disabled' })
    await save(join(import.meta.dirname, '../../docs/studio.png'), await sharp(png).png({ palette: true }).toBuffer())
  })
})
