import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useFolder } from '../cli/fewline.ts'
import { scene } from '../finder/scene.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { BROWSER } from './browser.ts'
import { useStudio } from './studio.ts'

describe.skipIf(!BROWSER)('saying and clicking what to draw', () => {
  const folder = useFolder()
  beforeEach(() => vi.stubEnv('FEWLINE_MODELS', join(folder.path, 'models')))
  afterEach(() => vi.unstubAllEnvs())
  const studio = useStudio()

  async function opened() {
    const window = await studio.open()
    await window.openPhoto({ name: 'scene.png', mimeType: 'image/png', buffer: await scene() })
    await window.waitFor(/^Ready/)
    return window
  }

  test('without a model the field says what one download gives, and a click takes what lies there', async () => {
    const window = await opened()
    const { page } = window
    await page.getByText(/needs one download: ViT-B\/16, \d+ MB/).waitFor()
    expect(await window.button('Find').isDisabled()).toBe(true)
    await window.button('Click on it').click()
    const sheet = (await page.locator('.sheet').boundingBox())!
    // The red disc of the scene, three to two.
    await page.mouse.click(sheet.x + sheet.width * 0.25, sheet.y + sheet.height * 0.375)
    await page.getByRole('list', { name: 'Found in the photo' }).getByRole('button').waitFor()
    await page.getByLabel('Painted').isChecked()
    await window.button('Undo brush').click()
  })

  test.runIf(hasShared)('things are found by words, chosen, added, painted, undone and drawn', async () => {
    const models = join(folder.path, 'models')
    mkdirSync(models, { recursive: true })
    copyFileSync(`${SHARED}/golden/colour-vit.pt`, join(models, 'colours-12345678.pt'))
    copyFileSync(`${SHARED}/models/bpe_simple_vocab_16e6.txt.gz`, join(models, 'bpe_simple_vocab_16e6.txt.gz'))
    const window = await opened()
    const { page } = window
    const field = page.getByLabel('Say what to draw')
    await field.fill('the yellow one')
    await window.button('Find').click()
    await page.getByRole('alert').filter({ hasText: 'Nothing like “the yellow one” was found' }).waitFor()

    await field.fill('the red one, the green one')
    await field.press('Enter')
    const found = page.getByRole('list', { name: 'Found in the photo' })
    await found.getByRole('button', { name: /the red one \d+ %/ }).click()
    await found.getByRole('button', { name: /the green one \d+ %/ }).click({ modifiers: ['Shift'] })
    expect(await found.locator('[aria-pressed="true"]').count()).toBe(2)

    await window.button('Undo brush').click()
    await window.slider('Strokes').fill('4')
    await window.button('Draw').click()
    await window.waitFor(/^Done: 4 strokes/)
    expect(await window.paths()).toHaveLength(4)
  })
})
