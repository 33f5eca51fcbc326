import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Locator } from 'playwright-core'
import { de } from '../../renderer/i18n/de.ts'
import { en } from '../../renderer/i18n/en.ts'
import { BROWSER } from './browser.ts'
import { expectPicture, pictureOf, REFRESH, save } from './pictures.ts'
import { SAMPLES, SIZE, useStudio } from './studio.ts'

describe.skipIf(!BROWSER).each(['light', 'dark'] as const)('the window, %s', (colorScheme) => {
  const studio = useStudio()

  test('looks as it did: at first, drawn, edited, and exported', async () => {
    const window = await studio.open({ colorScheme })
    const { page } = window
    await page.getByRole('button', { name: 'Flamingo' }).first().waitFor()
    await page.getByText('Fast', { exact: true }).waitFor()
    await expectPicture(`first-${colorScheme}`, await pictureOf(page))

    await window.openPhoto(join(SAMPLES, 'flamingo.png'))
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    await expectPicture(`drawn-${colorScheme}`, await pictureOf(page))

    await window.button('Edit').click()
    await page.getByRole('button', { name: 'Line 1', exact: true }).click()
    await page.mouse.move(0, 0)
    await expectPicture(`edit-${colorScheme}`, await pictureOf(page))

    await window.button('Words').click()
    await page.getByText(/Words need CLIP, which is one download/).waitFor()
    await page.mouse.move(0, 0)
    await expectPicture(`words-${colorScheme}`, await pictureOf(page))

    await window.button('Export').click()
    await page.getByRole('img', { name: 'Preview of the file' }).waitFor()
    await page.mouse.move(0, 0)
    await expectPicture(`export-${colorScheme}`, await pictureOf(page))
  })

  test('has room for everything at any size', async () => {
    const window = await studio.open({ colorScheme })
    const { page } = window
    await window.openPhoto(join(SAMPLES, 'cup.jpg'))
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    for (const viewport of [
      { width: 1024, height: 700 },
      { width: 1280, height: 800 },
      { width: 2560, height: 1440 },
    ]) {
      await page.setViewportSize(viewport)
      await page.waitForTimeout(300)
      const { sideways, hidden, stage } = await page.evaluate(() => ({
        sideways: document.documentElement.scrollWidth - innerWidth,
        hidden: [...document.querySelectorAll<HTMLElement>('header button, footer button, aside label')]
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent),
        stage: document.querySelector('.stage')!.getBoundingClientRect(),
      }))
      expect({ sideways, hidden }).toEqual({ sideways: 0, hidden: [] })
      expect(stage.width * stage.height).toBeGreaterThan(0.4 * viewport.width * viewport.height)
    }
    await page.mouse.move(0, 0)
    await expectPicture(`wide-${colorScheme}`, await pictureOf(page))
  })
})

/** How far the lightest pixel of something is from its darkest, 0..255. */
async function contrastIn(element: Locator): Promise<number> {
  const { channels } = await sharp(await element.screenshot({ animations: 'disabled' }))
    .greyscale()
    .removeAlpha()
    .stats()
  return channels[0]!.max - channels[0]!.min
}

describe.skipIf(!BROWSER).each(['light', 'dark'] as const)('forced colours, %s', (colorScheme) => {
  const studio = useStudio()

  test('show the drawing, and all that one sets, chooses and waits for', async () => {
    const window = await studio.open({ colorScheme, forcedColors: 'active' })
    const { page } = window
    await window.openPhoto(join(SAMPLES, 'flamingo.png'))
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    await window.slider('Detail').fill('0.5')
    await page.mouse.move(0, 0)
    for (const [name, element] of [
      ['the drawing', page.locator('.sheet')],
      ['a slider', window.slider('Detail')],
      ['a switch', page.getByRole('switch', { name: 'Auto' })],
      ['progress', page.getByRole('progressbar', { name: 'Progress' })],
      ['swatches', page.getByRole('radiogroup', { name: 'Ink' })],
      ['the curve', page.getByRole('slider', { name: 'Moment' })],
      ['a button that is off', window.button('Pause')],
    ] as const)
      expect(await contrastIn(element), name).toBeGreaterThan(90)
    // On or off, chosen or not, is no matter of a shade.
    const looks = (element: Locator) =>
      element.evaluate((each) => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color].join())
    const chosen = page.locator('label', { hasText: 'Fast' })
    expect(await looks(chosen)).not.toBe(await looks(page.locator('label', { hasText: 'Standard' })))
    expect(await looks(window.button('Select'))).not.toBe(await looks(window.button('Pen')))
    const auto = page.getByRole('switch', { name: 'Auto' })
    const on = await looks(auto)
    await auto.uncheck()
    // It goes from one to the other little by little.
    await expect.poll(() => looks(auto)).not.toBe(on)
    await window.button('Edit').click()
    await page.getByRole('button', { name: 'Line 1', exact: true }).click()
    await page.mouse.move(0, 0)
    await expectPicture(`forced-${colorScheme}`, await pictureOf(page))
  })
})

describe.skipIf(!BROWSER)('a narrow window', () => {
  const studio = useStudio()

  test.each([
    { width: 640, height: 400, locale: 'en-GB' },
    { width: 390, height: 844, locale: 'de-DE' },
  ])('is enough from the photo to the file, $width × $height', async ({ width, height, locale }) => {
    const t = locale === 'de-DE' ? de : en
    const window = await studio.open({ viewport: { width, height }, locale, colorScheme: 'light', hasTouch: true })
    const { page, button } = window
    const fits = async (): Promise<void> => {
      const { sideways, hidden } = await page.evaluate(() => ({
        sideways: document.documentElement.scrollWidth - innerWidth,
        hidden: [...document.querySelectorAll<HTMLElement>('button, label, select')]
          .filter((each) => each.checkVisibility() && !each.closest('ul'))
          .filter((each) => {
            const { left, right } = each.getBoundingClientRect()
            return left < -1 || right > innerWidth + 1 || each.scrollWidth > each.clientWidth + 1
          })
          .map((each) => each.textContent.trim() || each.getAttribute('aria-label')),
      }))
      expect({ sideways, hidden }).toEqual({ sideways: 0, hidden: [] })
    }
    await page.getByRole('button', { name: 'Flamingo' }).click()
    await window.waitFor(locale === 'de-DE' ? /^Bereit/ : /^Ready/)
    await fits()
    await button(t.top.drawer.right).click()
    await page.getByRole('slider', { name: t.settings.strokes, exact: true }).fill('8')
    await page.getByText(locale === 'de-DE' ? 'Schnell' : 'Fast', { exact: true }).click()
    await fits()
    // A touch on the page closes the drawer.
    await page.touchscreen.tap(60, height / 2)
    expect(await page.locator('.right').isVisible()).toBe(false)
    await button(t.run.draw).click()
    await window.waitFor(locale === 'de-DE' ? /^Fertig/ : /^Done/)
    const stage = (await page.locator('.stage').boundingBox())!
    expect(stage.width * stage.height).toBeGreaterThan(0.5 * width * height)
    await expectPicture(`narrow-${width}`, await pictureOf(page))
    await button(t.top.drawer.left).click()
    await page.getByRole('slider', { name: t.overlay.onion, exact: true }).fill('0.3')
    await button(t.top.newDocument).waitFor()
    await fits()
    await page.keyboard.press('Escape')
    expect(await page.locator('.left').isVisible()).toBe(false)
    await button(t.top.export).click()
    await fits()
    expect((await window.saved(t.export.save.svg)).name).toBe('flamingo.svg')
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
    const taken = async (name: string) => {
      const png = await page.screenshot({ animations: 'disabled' })
      await save(join(import.meta.dirname, '../../docs', name), await sharp(png).png({ palette: true }).toBuffer())
    }
    await taken('studio.png')
    // What it says where there is no CLIP.
    await window.button('Words').click()
    await page.getByText(/Words need CLIP, which is one download/).waitFor()
    await page.mouse.move(0, 0)
    await page.waitForTimeout(600)
    await taken('words.png')
  })
})
