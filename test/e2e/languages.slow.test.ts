import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { de } from '../../renderer/i18n/de.ts'
import { en } from '../../renderer/i18n/en.ts'
import { zh } from '../../renderer/i18n/zh.ts'
import { faultsIn } from './axe.ts'
import { BROWSER } from './browser.ts'
import { expectPicture, pictureOf } from './pictures.ts'
import { SAMPLES, useStudio, type Window } from './studio.ts'

const LANGUAGES = [
  { locale: 'en-GB', t: en, fast: 'Fast', done: /^Done/ },
  { locale: 'de-DE', t: de, fast: 'Schnell', done: /^Fertig/ },
  { locale: 'zh-CN', t: zh, fast: '快速', done: /^完成/ },
] as const
/** Chinese is written with the system's fonts: where there are none, it can't be looked at. */
const fonts = spawnSync('fc-list', [':lang=zh-cn'], { encoding: 'utf8' })
const hasChinese = fonts.status === 0 && fonts.stdout.trim() !== ''

/** What is visible and has more words than room, unless it may be scrolled or is cut on purpose (names of files). */
function cutOff({ page }: Window): Promise<string[]> {
  return page.evaluate(() => {
    const sideways = document.documentElement.scrollWidth > innerWidth ? ['the page'] : []
    const cut = [...document.querySelectorAll<HTMLElement>('body *:not(svg *, option, input, textarea, canvas, pre)')]
      .filter((each) => each.checkVisibility() && each.clientWidth > 1 && each.textContent.trim() !== '')
      .filter((each) => !/auto|scroll/.test(getComputedStyle(each).overflowX))
      .filter((each) => !each.closest('.name, .document, .recent, .unseen'))
      .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
      .map((each) => `${each.tagName} ${each.className}: ${each.textContent.trim().slice(0, 60)}`)
    return [...sideways, ...cut]
  })
}

/** What axe finds in either theme. */
async function faultsInBoth(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    // Colours on their way from one theme to the other are those of neither.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    faults.push(...(await faultsIn(page)).map((fault) => `${colorScheme}: ${fault}`))
  }
  return faults
}

describe.skipIf(!BROWSER)('at 1024 × 700', () => {
  const studio = useStudio()

  test.each(LANGUAGES)(
    'no word is cut off on any page, $locale',
    async ({ locale, t, fast, done }) => {
      const window = await studio.open({ viewport: { width: 1024, height: 700 }, locale, colorScheme: 'light' })
      const { page, button } = window
      // In English every page is looked at by `looks.slow.test.ts`.
      const looks = locale === 'de-DE' || (locale === 'zh-CN' && hasChinese)
      const see = async (name: string): Promise<void> => {
        expect(await cutOff(window), `${name}, ${locale}`).toEqual([])
        if (locale === 'en-GB') expect(await faultsInBoth(page), name).toEqual([])
        if (!looks || !['first', 'drawn', 'export'].includes(name)) return
        await expectPicture(`${name}-${locale.slice(0, 2)}`, await pictureOf(page))
      }
      const unfold = () =>
        page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)))

      await button(t.photo.sample('Flamingo')).waitFor()
      await page.getByText(fast, { exact: true }).waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
      await see('first')

      const chooser = page.waitForEvent('filechooser')
      await button(t.photo.open).click()
      await (await chooser).setFiles(join(SAMPLES, 'flamingo.png'))
      await page.getByText(t.run.status.ready).waitFor()
      await page.getByText(fast, { exact: true }).click()
      await button(t.run.draw).click()
      await window.waitFor(done)
      await see('drawn')
      await page.keyboard.press('t')
      const player = page.getByRole('group', { name: t.player.heading })
      await expect.poll(() => player.getByRole('slider', { name: t.player.frame }).isEnabled()).toBe(true)
      await see('time-lapse')
      await page.keyboard.press('t')
      await player.waitFor({ state: 'detached' })
      await page.keyboard.press('Control+g')
      await page.getByRole('dialog', { name: t.gallery.heading }).getByRole('listitem').waitFor()
      await see('gallery')
      await page.keyboard.press('Escape')
      await unfold()
      await see('all settings, models, keys')
      await button(t.diagnostics.collect).click()
      const report = page.getByRole('region', { name: t.diagnostics.heading })
      await report.waitFor()
      const text = (await report.textContent()) ?? ''
      expect(text).toMatch(/^Fewline .*System: .*Memory: .*Device cpu .*Lately:.*run done/s)
      expect(text).not.toMatch(/flamingo|\/(home|tmp|root|work)\b|resources/)
      await see('diagnostics')
      await button(t.edit.heading).click()
      await page.keyboard.press('Control+a')
      await see('edit')
      await page.mouse.click(512, 300, { button: 'right' })
      await page.getByRole('menu').waitFor()
      await see('menu')
      await page.keyboard.press('Escape')
      await button(t.words.heading).click()
      await see('words')
      await button(t.top.export).click()
      await page.getByRole('img', { name: t.export.preview }).waitFor()
      await page.mouse.move(0, 0)
      await see('export')
      for (const format of Object.values(t.export.name)) {
        await page.getByText(format, { exact: true }).first().click()
        await see(`export as ${format}`)
      }

      // What will draw badly is told before, with its remedy.
      const tiny = await sharp({ create: { width: 1600, height: 1600, channels: 3, background: 'white' } })
        .composite([{ input: await sharp(join(SAMPLES, 'cup.jpg')).resize(200, 200, { fit: 'inside' }).toBuffer() }])
        .png()
        .toBuffer()
      const small = page.waitForEvent('filechooser')
      await button(t.photo.open).click()
      await (await small).setFiles({ name: 'tiny.png', mimeType: 'image/png', buffer: tiny })
      await button(t.photo.frame).waitFor()
      await see('a hint')
      await button(t.photo.frame).click()
      await button(t.photo.frame).waitFor({ state: 'detached' })

      // What the host says is said in the language, too.
      const again = page.waitForEvent('filechooser')
      await button(t.photo.open).click()
      await (
        await again
      ).setFiles({ name: 'x.fewline', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004no') })
      const alert = page.getByRole('alert')
      await alert.waitFor()
      const said = { 'en-GB': /^Expected a project/, 'de-DE': /^Erwartet: ein Projekt/, 'zh-CN': /^需要：/ }[locale]
      expect(await alert.locator('p').textContent()).toMatch(said)
      await see('refused')

      await page.keyboard.press('Control+b')
      await page.getByRole('heading', { name: t.batch.heading }).waitFor()
      await see('many photos, none yet')
      const many = page.waitForEvent('filechooser')
      await button(t.batch.addPhotos).click()
      const pictures = { 'cup.jpg': readFileSync(join(SAMPLES, 'cup.jpg')), 'tiny.png': tiny }
      const uploads = Object.entries(pictures).map(([name, buffer]) => ({ name, mimeType: 'image/*', buffer }))
      await (await many).setFiles(uploads)
      const hints = { 'en-GB': /^The subject is tiny/, 'de-DE': /^Das Motiv ist winzig/, 'zh-CN': /^主体/ }
      await page.getByRole('listitem').nth(1).getByText(hints[locale]).waitFor()
      await page
        .getByRole('status')
        .filter({ hasText: t.batch.doubtful(1) })
        .waitFor()
      await unfold()
      await see('many photos')
    },
    400_000,
  )
})
