import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useFolder } from '../cli/fewline.ts'
import { scene } from '../finder/scene.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { faultsIn } from './axe.ts'
import { BROWSER } from './browser.ts'
import { useStudio, type Window } from './studio.ts'

/** The machine may have other things to do. */
const PATIENT = { timeout: 200_000 }

type Rgb = [red: number, green: number, blue: number]

/** The mean colour of a picture, or of a part of it. */
async function meanOf(
  picture: Buffer,
  part?: { left: number; top: number; width: number; height: number },
): Promise<Rgb> {
  const whole = sharp(picture)
  const { channels } = await sharp(await (part ? whole.extract(part) : whole).png().toBuffer()).stats()
  return [0, 1, 2].map((c) => channels[c]!.mean) as Rgb
}

/** The colours of all strokes, as wide as they are. */
async function coloursOf({ page }: Window): Promise<{ colour: Rgb; opacity: number; width: number }[]> {
  const paths = page.getByTestId('sketch-svg').locator('path')
  const all = await paths.evaluateAll((each) =>
    each.map((path) => ['stroke', 'stroke-opacity', 'stroke-width'].map((name) => path.getAttribute(name))),
  )
  return all.map(([colour, opacity, width]) => ({
    colour: [1, 3, 5].map((at) => Number.parseInt(colour!.slice(at, at + 2), 16)) as Rgb,
    opacity: Number(opacity ?? 1),
    width: Number(width),
  }))
}

function meanColour(strokes: { colour: Rgb; opacity: number; width: number }[]): Rgb {
  const weight = ({ opacity, width }: (typeof strokes)[number]): number => opacity * width
  const all = strokes.reduce((sum, stroke) => sum + weight(stroke), 0)
  return [0, 1, 2].map((c) => strokes.reduce((sum, each) => sum + weight(each) * each.colour[c]!, 0) / all) as Rgb
}

/** The page as it is on the screen. */
async function sheetOf(page: Page): Promise<Buffer> {
  return page.screenshot({ clip: (await page.locator('.sheet').boundingBox())! })
}

/** Chooses one of few by its label, as a pointer does. */
async function choose(page: Page, name: string): Promise<void> {
  await page
    .locator('label')
    .filter({ has: page.getByRole('radio', { name, exact: true }) })
    .click()
}

describe.skipIf(!BROWSER)('the Words tab', { timeout: 400_000 }, () => {
  // What is prepared of a model once serves all of them.
  const cache = mkdtempSync(join(tmpdir(), 'fewline-cache-'))
  afterAll(() => rmSync(cache, { recursive: true, force: true }))
  const folder = useFolder()
  beforeEach(() => {
    vi.stubEnv('FEWLINE_MODELS', join(folder.path, 'models'))
    vi.stubEnv('FEWLINE_CACHE', cache)
  })
  afterEach(() => vi.unstubAllEnvs())
  const studio = useStudio()

  function installClip(): void {
    const models = join(folder.path, 'models')
    mkdirSync(models, { recursive: true })
    copyFileSync(`${SHARED}/golden/colour-vit.pt`, join(models, 'colours-12345678.pt'))
    copyFileSync(`${SHARED}/models/bpe_simple_vocab_16e6.txt.gz`, join(models, 'bpe_simple_vocab_16e6.txt.gz'))
  }
  async function begun(): Promise<Window> {
    const window = await studio.open()
    window.page.setDefaultTimeout(PATIENT.timeout)
    return window
  }
  async function opened(): Promise<Window> {
    const window = await begun()
    await window.openPhoto({ name: 'scene.png', mimeType: 'image/png', buffer: await scene(2) })
    await window.waitFor(/^Ready/)
    await window.button('Words').click()
    return window
  }

  test('says what each verb does; without CLIP one sentence and one button stand there, and nothing else is blocked', async () => {
    const window = await studio.open()
    const { page } = window
    await window.button('Words').focus()
    await page.keyboard.press('Enter')
    for (const line of [/becomes a picture in coloured strokes/, /changes the photo/, /moves the lines/])
      await page.getByText(line).waitFor()
    await page.getByText(/Words need CLIP, which is one download: ViT-B\/32, \d+ MB/).waitFor()
    expect(await window.button('Download ViT-B/32').isEnabled()).toBe(true)
    const field = page.getByLabel('What to draw', { exact: true })
    await field.fill('a blue fox')
    const example = page.getByRole('button', { name: 'a red fox in the snow' })
    await example.click()
    await page.keyboard.press('Control+z')
    expect(await field.inputValue()).toBe('a blue fox')
    await example.click()
    expect(await field.inputValue()).toBe('a red fox in the snow')
    expect(await window.button('Draw the sentence').isDisabled()).toBe(true)
    await window.slider('Coloured strokes').fill('40')
    await page.getByText('Palette', { exact: true }).click()
    const colours = page.getByLabel(/^Colour \d/)
    await window.button('One colour less').click()
    await window.button('Undo').click()
    await expect.poll(() => colours.count()).toBe(4)
    await window.button('Redo').click()
    await expect.poll(() => colours.count()).toBe(3)
    // What was said stays, and what was chosen, once it was sent.
    await page.waitForTimeout(1000)
    await page.reload()
    await window.button('Words').click()
    await expect.poll(() => field.inputValue()).toBe('a red fox in the snow')
    expect(await colours.count()).toBe(3)
  })

  test.runIf(hasShared)(
    'a sentence is drawn in its colours, edited, exported, undone, saved and opened again',
    async () => {
      installClip()
      const window = await begun()
      const { page } = window
      await window.button('Words').click()
      await page.getByLabel('What to draw', { exact: true }).fill('red')
      await page.getByText('Fast', { exact: true }).click()
      await window.slider('Coloured strokes').fill('24')
      // By keys alone from here: the field sends what it says.
      await page.getByLabel('What to draw', { exact: true }).press('Enter')
      // Strokes converge before one's eyes.
      await window.waitFor(/^Drawing/)
      await window.waitFor(/^Done: 24 strokes/)
      expect(Number(await page.getByRole('progressbar', { name: 'Progress' }).getAttribute('value'))).toBe(1)
      const drawn = await coloursOf(window)
      const [red, green, blue] = meanColour(drawn)
      expect(Math.min(red - green, red - blue)).toBeGreaterThan(40)
      expect(new Set(drawn.map(({ width }) => width)).size).toBeGreaterThan(10)
      const [r, g, b] = await meanOf(await sheetOf(page))
      expect(Math.min(r - g, r - b)).toBeGreaterThan(20)

      // Colour, width and opacity of a stroke are its own.
      await window.button('Edit').click()
      await page.getByRole('button', { name: 'Line 1', exact: true }).click()
      await window.slider('Opacity').fill('0.5')
      await window.slider('Line width').fill('5')
      await page.getByRole('radio', { name: 'Blue ink' }).last().click()
      const [first, ...others] = await coloursOf(window)
      expect(first).toEqual({ colour: [0x1f, 0x3a, 0x8a], opacity: 0.5, width: 5 })
      expect(others).toEqual(drawn.slice(1))

      await window.button('Export').click()
      const svg = (await window.saved('Save SVG')).bytes.toString()
      expect(svg).toMatch(/stroke="#1f3a8a"/)
      expect(svg).toMatch(/stroke-opacity="0?\.5"/)
      for (const [name, start] of Object.entries({ PDF: '%PDF', PNG: '\x89PNG', GIF: 'GIF8', 'animated SVG': '<' })) {
        const file = await window.saved(`Save ${name}`)
        expect(file.bytes.subarray(0, start.length).toString('latin1'), name).toBe(start)
      }
      await page.getByText('SVG', { exact: true }).first().click()
      await page.getByLabel('Plotter order').click()
      await window.slider('Pens').fill('3')
      const plot = (await window.saved('Save SVG')).bytes.toString()
      expect(new Set(plot.match(/(?<=stroke=")#[0-9a-f]{6}/g)).size).toBe(3)
      await page.keyboard.press('Control+e')

      const project = await window.saved('Save project')
      await window.button('Start over').click()
      await window.openPhoto({ name: 'red.fewline', mimeType: 'application/x-fewline', buffer: project.bytes })
      await expect.poll(async () => coloursOf(window), PATIENT).toEqual([first, ...others])
      await window.button('Words').click()
      expect(await page.getByLabel('What to draw', { exact: true }).inputValue()).toBe('red')

      // Another one takes its place, in black alone, and goes again.
      await page.getByText('Black', { exact: true }).click()
      await page.getByLabel('What to draw', { exact: true }).press('Enter')
      await window.waitFor(/^Drawing/)
      await window.waitFor(/^Done: 24 strokes/)
      expect(new Set((await coloursOf(window)).map(({ colour }) => colour.join(' ')))).toEqual(new Set(['0 0 0']))
      await window.button('Undo').click()
      await expect.poll(async () => coloursOf(window), PATIENT).toEqual([first, ...others])
    },
  )

  test.runIf(hasShared)(
    'a photo is edited where it is to be, mixed, compared, undone, saved, opened again and sketched',
    async () => {
      installClip()
      const window = await opened()
      const { page } = window
      await choose(page, 'Edit')
      const before = await meanOf(await sheetOf(page))
      await page.getByLabel('What it becomes').fill('warm')
      await expect.poll(() => window.button('Edit the photo').isEnabled(), PATIENT).toBe(true)
      await page.getByLabel('What it becomes').press('Enter')
      const history = page.getByRole('list', { name: 'Edits to go back to' }).getByRole('button')
      await history.getByText('warm').waitFor()
      expect(await history.count()).toBe(2)

      // Before on the left, after on the right; all after, and nothing of it.
      const half = async (side: 'left' | 'right'): Promise<Rgb> => {
        const picture = await sheetOf(page)
        const { width, height } = await sharp(picture).metadata()
        const [left, top] = [Math.floor(width * (side === 'left' ? 0.05 : 0.55)), 0]
        return meanOf(picture, { left, top, width: Math.floor(width * 0.4), height })
      }
      const warmth = ([red, , blue]: Rgb): number => red - blue
      await window.slider('Before and after').fill('1')
      const [left, right] = [await half('left'), await half('right')]
      expect(warmth(await meanOf(await sheetOf(page)))).toBeCloseTo(warmth(before), 0)
      await window.slider('Before and after').fill('0.5')
      expect(warmth(await half('left'))).toBeCloseTo(warmth(left), 0)
      expect(warmth(await half('right'))).toBeGreaterThan(warmth(right) + 4)

      // A slider that answers at once: what it shows is mixed already.
      const edited = page.getByTestId('edited')
      const took = await page.evaluate(async () => {
        const slider = document.querySelector<HTMLInputElement>('#edit-strength')!
        const begun = performance.now()
        slider.value = '0'
        slider.dispatchEvent(new Event('input', { bubbles: true }))
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        return performance.now() - begun
      })
      expect(await edited.evaluate((element) => getComputedStyle(element).opacity)).toBe('0')
      expect(took).toBeLessThan(1000)
      expect(warmth(await half('right'))).toBeCloseTo(warmth(right), 0)
      const pixels = async (picture: Buffer): Promise<Buffer> => sharp(picture).removeAlpha().raw().toBuffer()
      const original = await pixels(await scene(2))
      const none = await window.saved('Save the photo')
      expect(none.name).toBe('scene, warm.png')
      expect((await pixels(none.bytes)).equals(original)).toBe(true)
      await window.button('Undo').click()
      await expect.poll(() => edited.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
      for (const [format, type] of [
        ['JPEG', 'jpeg'],
        ['WebP', 'webp'],
        ['TIFF', 'tiff'],
        ['PNG', 'png'],
      ] as const) {
        await choose(page, format)
        const { bytes } = await window.saved('Save the photo')
        expect(await sharp(bytes).metadata(), format).toMatchObject({ format: type, width: 480, height: 320 })
        expect(warmth(await meanOf(bytes)), format).toBeGreaterThan(warmth(await meanOf(await scene(2))) + 4)
      }

      // Only where it is painted: the left of the photo.
      await page
        .locator('label')
        .filter({ has: page.locator('[name=edit-where][value=subject]') })
        .click()
      await choose(page, 'All')
      await expect.poll(() => page.getByLabel('All', { exact: true }).isChecked(), PATIENT).toBe(true)
      await window.slider('Before and after').fill('0')
      await window.button('Paint less').click()
      await window.slider('Brush').fill('40')
      const sheet = (await page.locator('.sheet').boundingBox())!
      for (const x of [0.7, 0.95]) {
        await page.mouse.move(sheet.x + x * sheet.width, sheet.y - 5)
        await page.mouse.down()
        await page.mouse.move(sheet.x + x * sheet.width, sheet.y + sheet.height + 5, { steps: 5 })
        await page.mouse.up()
      }
      await expect.poll(() => page.getByLabel('Painted').isChecked(), PATIENT).toBe(true)
      await page.getByLabel('What it becomes').fill('cold')
      await window.button('Edit the photo').click()
      await history.getByText('cold').waitFor()
      await choose(page, 'PNG')
      const { bytes } = await window.saved('Save the photo')
      const outside = { left: 400, top: 0, width: 80, height: 320 }
      const part = async (picture: Buffer) => pixels(await sharp(picture).extract(outside).png().toBuffer())
      expect((await part(bytes)).equals(await part(await scene(2)))).toBe(true)
      const within = { left: 20, top: 0, width: 150, height: 320 }
      expect(warmth(await meanOf(bytes, within))).toBeLessThan(warmth(await meanOf(await scene(2), within)) - 4)

      // Back to the first by its picture, and forth by undoing that.
      await history.getByText('warm').click()
      await window.slider('Strength').fill('0.4')
      await window.button('Undo').click()
      await window.button('Undo').click()
      expect(await history.filter({ hasText: 'cold' }).getAttribute('aria-pressed')).toBe('true')
      await window.button('Redo').click()
      await window.button('Redo').click()
      expect(await window.slider('Strength').inputValue()).toBe('0.4')

      // After a reload, and out of a file, all is as it was.
      await window.page.waitForTimeout(300)
      await page.reload()
      await window.button('Words').click()
      expect(await history.filter({ hasText: 'warm' }).getAttribute('aria-pressed')).toBe('true')
      expect(await window.slider('Strength').inputValue()).toBe('0.4')
      await window.button('Undo').click()
      expect(await window.slider('Strength').inputValue()).toBe('1')
      await window.button('Redo').click()
      const warm = (await window.saved('Save the photo')).bytes
      const project = await window.saved('Save project')
      await window.button('Start over').click()
      await window.openPhoto({ name: 'a.fewline', mimeType: 'application/x-fewline', buffer: project.bytes })
      await history.getByText('warm').waitFor()
      expect((await window.saved('Save the photo')).bytes.equals(warm)).toBe(true)

      await window.button('Sketch this').click()
      await page.getByAltText('The photo scene, warm.png').first().waitFor()
      await window.waitFor(/^Ready/)
      await window.button('Bring it back').click()
      await page.getByAltText('The photo scene.png').first().waitFor()
      await window.button('Words').click()
      await history.getByText('cold').waitFor()
    },
  )

  test.runIf(hasShared)(
    'a photo is changed in style and painted where words find it, until that is stopped; its strokes are saved; anyone can use it',
    async () => {
      installClip()
      const window = await opened()
      const { page } = window
      await choose(page, 'Edit')
      // What words find is where it changes.
      await page.getByLabel('Say what to draw').fill('red')
      await window.button('Find').click()
      await expect.poll(() => page.getByLabel('Found', { exact: true }).isChecked(), PATIENT).toBe(true)
      await page
        .locator('label')
        .filter({ has: page.locator('[name=edit-where][value=subject]') })
        .click()
      const history = page.getByRole('list', { name: 'Edits to go back to' }).getByRole('button')
      const edited = async (mode: string, text: string): Promise<void> => {
        await choose(page, mode)
        await page.getByLabel('What it becomes').fill(text)
        await window.button('Edit the photo').click()
        await page.getByText(/^Editing, /).waitFor()
        // The best so far is kept, from the first step on.
        await window.button('Stop the edit').click()
        await history.getByText(text).waitFor()
      }
      await edited('Style', 'green')
      expect(await page.getByRole('radio', { name: 'SVG', exact: true }).count()).toBe(0)
      const original = await sharp(await scene(2))
        .removeAlpha()
        .raw()
        .toBuffer()
      const styled = await sharp((await window.saved('Save the photo')).bytes)
        .removeAlpha()
        .raw()
        .toBuffer()
      const at = (x: number, y: number) => 3 * (480 * y + x)
      expect(styled.subarray(at(440, 20), at(440, 20) + 90)).toEqual(original.subarray(at(440, 20), at(440, 20) + 90))
      expect(styled.subarray(at(105, 120), at(105, 120) + 90)).not.toEqual(
        original.subarray(at(105, 120), at(105, 120) + 90),
      )
      await edited('Paint', 'blue')
      await choose(page, 'SVG')
      const { name, bytes } = await window.saved('Save the photo')
      expect(name).toBe('scene, blue.svg')
      expect(bytes.toString().match(/<path /g)).toHaveLength(320)
      expect(bytes.toString()).toContain('<title>scene, blue</title>')

      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        for (const width of [1280, 640, 390]) {
          await page.setViewportSize({ width, height: 800 })
          // A window hears a moment after it became narrow that its panels are drawers now.
          const drawer = window.button('Settings and editing')
          await drawer.waitFor({ state: width <= 900 ? 'visible' : 'detached' })
          if (!(await page.getByLabel('What it becomes').isVisible())) await drawer.click()
          await page.getByLabel('What it becomes').waitFor()
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          expect(sideways, `${width}`).toBeLessThanOrEqual(0)
          expect(await faultsIn(page), `${colorScheme} ${width}`).toEqual([])
          const shots = process.env['FEWLINE_SHOTS']
          if (shots) await page.screenshot({ path: join(shots, `words-${colorScheme}-${width}.png`) })
        }
      }
    },
  )

  test.runIf(hasShared)('lines that are selected move by words, and the others stay', async () => {
    installClip()
    const window = await opened()
    const { page } = window
    await window.button('Settings').click()
    await page.getByText('Fast', { exact: true }).click()
    await window.slider('Strokes').fill('6')
    await page.getByText('Engine', { exact: true }).click()
    await page.getByLabel('Encoder').selectOption('builtin')
    await window.button('Draw').click()
    await window.waitFor(/^Done: 6 strokes/)
    const before = await window.paths()
    await window.button('Edit').click()
    await page.getByRole('button', { name: 'Line 2', exact: true }).click()
    await page.getByRole('button', { name: 'Line 5', exact: true }).click({ modifiers: ['Shift'] })
    await window.button('Words').click()
    await choose(page, 'Sketch')
    await page.getByText('2 lines move; the others stay.').waitFor()
    await page.getByLabel('What the sketch shows').fill('bright')
    await page.getByLabel('What it should show').fill('dark')
    await window.button('Move the lines').click()
    await window.waitFor(/^Drawing/)
    await window.waitFor(/^Done: 6 strokes/)
    const after = await window.paths()
    expect(after.flatMap((path, i) => (path === before[i] ? [] : [i]))).toEqual([1, 4])
    // They are still lines of the ink.
    await window.button('Settings').click()
    await page.getByRole('radio', { name: 'Sepia' }).check()
    expect(new Set((await coloursOf(window)).map(({ colour }) => colour.join(' '))).size).toBe(1)
    await window.button('Undo').click()
    await expect.poll(window.paths, PATIENT).toEqual(before)
  })
})
