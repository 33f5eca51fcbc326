import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BROWSER } from './browser.ts'
import { serve } from './serve.ts'
import { drawn, useStudio, windowOf } from './studio.ts'

describe.skipIf(!BROWSER)('the gallery', () => {
  const studio = useStudio()

  test('keeps drawings: opened, called otherwise, duplicated, deleted and brought back, by keys alone', async () => {
    const window = await drawn(await studio.open())
    const { page } = window
    const before = await window.paths()
    await page.keyboard.press('Control+g')
    const gallery = page.getByRole('dialog', { name: 'Gallery' })
    const names = () => gallery.locator('.name').allTextContents()
    await gallery.getByRole('button', { name: 'Open flamingo', exact: true }).locator('img').waitFor()
    expect(await gallery.getByText(/^8 strokes, /).count()).toBe(1)

    await gallery.getByRole('button', { name: 'Rename flamingo' }).press('Enter')
    await page.keyboard.type('Bird')
    await page.keyboard.press('Escape')
    expect(await names()).toEqual(['flamingo'])
    await gallery.getByRole('button', { name: 'Rename flamingo' }).press('Enter')
    await page.keyboard.type('Bird')
    await page.keyboard.press('Enter')
    await expect.poll(names).toEqual(['Bird'])
    await gallery.getByRole('button', { name: 'Duplicate Bird', exact: true }).press('Enter')
    await expect.poll(names).toEqual(['Bird (copy)', 'Bird'])
    await gallery.getByRole('button', { name: 'Delete Bird', exact: true }).press('Enter')
    await expect.poll(names).toEqual(['Bird (copy)'])
    expect(await gallery.getByRole('status').textContent()).toBe('Bird is deleted.')
    await gallery.getByRole('button', { name: 'Bring it back' }).press('Enter')
    await expect.poll(names).toEqual(['Bird (copy)', 'Bird'])
    await page.keyboard.press('Escape')
    await gallery.waitFor({ state: 'detached' })
    expect(await page.title()).toContain('Bird – Fewline')

    // From the start page, too.
    await window.button('Start over').click()
    await page.getByRole('button', { name: 'Open Bird (copy)', exact: true }).click()
    await expect.poll(window.paths).toEqual(before)
    expect(await page.title()).toContain('Bird (copy) – Fewline')
    await page.getByAltText('The photo flamingo.png').first().waitFor()
  })

  test('survives the program, and says of what is spoilt that it is', async () => {
    const window = await drawn(await studio.open())
    const before = await window.paths()
    const folder = join(studio.served.data, 'gallery')
    const files = (kind: string) => readdirSync(folder).filter((name) => name.endsWith(kind))
    await expect.poll(() => files('.card')).toHaveLength(1)
    expect(files('.tmp')).toEqual([])
    await window.page.goto('about:blank')
    await studio.served.end('SIGKILL')
    writeFileSync(join(folder, 'damaged.card'), '{"fewline":1,')
    const [card = ''] = files('.card').filter((name) => !name.startsWith('damaged'))
    const lost = JSON.parse(readFileSync(join(folder, card), 'utf8')) as object
    writeFileSync(join(folder, 'halved.card'), JSON.stringify({ ...lost, name: 'Half' }))
    writeFileSync(join(folder, 'halved.work'), 'half of it')
    const again = await serve(studio.served.data)
    try {
      const { page, paths, button, faults } = await windowOf(window.page, again.url)
      await button('Start over').click()
      await button('All drawings').click()
      const gallery = page.getByRole('dialog', { name: 'Gallery' })
      await gallery.getByText('This drawing can’t be read any more: delete it.').nth(1).waitFor()
      await gallery.getByRole('button', { name: 'Delete Half' }).click()
      await gallery.getByRole('button', { name: 'Delete Untitled' }).click()
      await gallery.getByText(/can’t be read/).waitFor({ state: 'detached' })
      await gallery.getByRole('button', { name: 'Open flamingo' }).click()
      await expect.poll(paths).toEqual(before)
      expect(faults).toEqual([])
      await page.goto('about:blank')
    } finally {
      await again.end('SIGINT')
    }
  })
})
