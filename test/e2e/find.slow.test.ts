import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useFolder } from '../cli/fewline.ts'
import { scene } from '../finder/scene.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { BROWSER } from './browser.ts'
import { useStudio } from './studio.ts'

/** The machine may have other things to do. */
const PATIENT = { timeout: 60_000 }

/** Where a pixel of the scene lies in the window: it is 240 × 160. */
async function inWindow(page: Page, x: number, y: number): Promise<[number, number]> {
  const sheet = (await page.locator('.sheet').boundingBox())!
  return [sheet.x + (sheet.width * x) / 240, sheet.y + (sheet.height * y) / 160]
}

async function clickOn(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.click(...(await inWindow(page, x, y)))
}

async function dragAlong(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  await page.mouse.move(...(await inWindow(page, ...from)))
  await page.mouse.down()
  await page.mouse.move(...(await inWindow(page, ...to)), { steps: 4 })
  await page.mouse.up()
}

/** Where the cubics of a path begin and end, in pixels of the scene. */
function endsOf(path: string): [number, number][] {
  const numbers = path.match(/-?\d+\.?\d*/g)!.map((unit) => (Number(unit) * 240) / 224)
  // The scene lies in the middle of the square canvas.
  const points = Array.from(
    { length: numbers.length / 2 },
    (_, k) => [numbers[2 * k]!, numbers[2 * k + 1]! - 40] as const,
  )
  return points.filter((_, k) => k % 3 === 0).map(([x, y]) => [x, y])
}

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
    await clickOn(page, 60, 60)
    await page.getByRole('list', { name: 'Found in the photo' }).getByRole('button').waitFor()
    await expect.poll(() => page.getByLabel('Painted').isChecked(), PATIENT).toBe(true)
    await window.button('Undo brush').click()
    await expect.poll(() => page.getByLabel('Found', { exact: true }).isChecked(), PATIENT).toBe(true)
  })

  test('a photo that is changed while another is searched shows nothing of that', async () => {
    const window = await opened()
    const { page } = window
    const late: (() => void)[] = []
    await page.routeWebSocket(/socket/, (socket) => {
      const server = socket.connectToServer()
      server.onMessage((message) => {
        const pass = (): void => socket.send(message)
        if (late.length === 0 && Buffer.from(message).includes('"things"')) late.push(pass)
        else pass()
      })
    })
    await page.reload()
    await window.waitFor(/^Ready/)
    await window.button('Click on it').click()
    await clickOn(page, 60, 60)
    await expect.poll(() => late.length, PATIENT).toBe(1)

    await window.openPhoto({ name: 'other.png', mimeType: 'image/png', buffer: await scene(2) })
    await page.getByAltText('other.png').first().waitFor()
    late[0]!()
    // What comes after it is shown, and it is not.
    await clickOn(page, 165, 60)
    const things = page.getByRole('list', { name: 'Found in the photo' }).getByRole('button')
    await things.first().waitFor()
    expect(await things.count()).toBe(1)
    expect(await things.textContent()).toMatch(/at 3\d\d,1\d\d/)
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

    // Not the green one after all; but the blue one, by hand.
    await window.button('Undo brush').click()
    await expect.poll(() => found.locator('[aria-pressed="true"]').count(), PATIENT).toBe(1)
    await window.button('Add to subject').click()
    await window.slider('Brush').fill('16')
    await dragAlong(page, [110, 140], [150, 140])
    await dragAlong(page, [165, 60], [170, 60])
    await page.keyboard.press('Control+z')
    await window.button('More here').click()
    await dragAlong(page, [100, 140], [160, 140])
    await dragAlong(page, [40, 40], [60, 80])
    await window.button('Undo brush').click()

    await page.getByText('Fast', { exact: true }).click()
    await window.slider('Strokes').fill('6')
    await window.button('Draw').click()
    await window.waitFor(/^Done: 6 strokes/)
    const lines = (await window.paths()).map(endsOf)
    const isIn = (left: number, top: number, right: number, bottom: number) => (line: [number, number][]) =>
      line.every(([x, y]) => x > left && x < right && y > top && y < bottom)
    const [red, blue] = [lines.filter(isIn(20, 20, 100, 100)), lines.filter(isIn(85, 110, 175, 160))]
    expect(red.length + blue.length).toBe(6)
    expect(Math.min(red.length, blue.length)).toBeGreaterThan(0)
  })
})
