import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { BROWSER } from './browser.ts'
import { lettersIn } from './pictures.ts'
import { drawn, SAMPLES, SIZE, useStudio, type Window } from './studio.ts'
import { byTab } from './tab.ts'

const FLAMINGO = join(SAMPLES, 'flamingo.png')

/** Where control point `point` of a stroke lies in the window, in pixels. */
async function pixelOf({ page }: Window, stroke: number, point: number): Promise<{ x: number; y: number }> {
  return page.evaluate(
    ([index, at]) => {
      const svg = document.querySelector<SVGSVGElement>('[data-testid=sketch-svg]')!
      const sheet = document.querySelector('.sheet')!.getBoundingClientRect()
      const { x, y, width } = svg.viewBox.baseVal
      const numbers = svg.children[index!]!.getAttribute('d')!
        .match(/-?[\d.]+/g)!
        .map(Number)
      const scale = sheet.width / width
      return { x: sheet.x + scale * (numbers[2 * at!]! - x), y: sheet.y + scale * (numbers[2 * at! + 1]! - y) }
    },
    [stroke, point],
  )
}

describe.skipIf(!BROWSER)('the studio', () => {
  const studio = useStudio()

  test('draws a photo in eight strokes while one watches', async () => {
    const window = await studio.open()
    // A photo that is being opened shows itself in less than 0.2 seconds, and leaves the page as it is when it is cancelled.
    const bar = await window.page.evaluate(() => {
      document.querySelector<HTMLElement>('[aria-label=Cup]')!.click()
      return new Promise<{ text: string; visible: number }>((resolve) =>
        requestAnimationFrame(() => {
          const work = document.querySelector<HTMLElement>('.work')!
          const visible = Number(work.getAnimations()[0]!.effect!.getComputedTiming().endTime)
          resolve({ text: work.textContent.trim(), visible })
          work.querySelector('button')!.click()
        }),
      )
    })
    expect(bar.text).toMatch(/^Opening /)
    expect(bar.visible).toBeLessThanOrEqual(200)
    expect(await window.page.getByRole('group', { name: 'In progress' }).count()).toBe(0)
    await window.waitFor(/^Open a photo/)
    expect(await window.page.getByRole('alert').count()).toBe(0)
    await window.openPhoto(FLAMINGO)
    await window.waitFor(/^Ready/)
    expect(await window.page.title()).toContain('flamingo')
    const strokes = window.slider('Strokes')
    expect(await strokes.evaluate(({ tagName }) => tagName)).toBe('INPUT')
    expect(await strokes.getAttribute('min')).toBe('1')
    expect(await strokes.getAttribute('max')).toBe('128')
    expect(await strokes.getAttribute('step')).toBe('1')
    await strokes.fill('8')

    // Looking at the photo can be stopped as soon as it begins, and leaves nothing behind.
    await window.page.evaluate(() => {
      const press = (name: string) =>
        [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === name)!.click()
      press('Draw')
      return new Promise<void>((resolve) =>
        requestAnimationFrame(() => {
          press('Stop')
          resolve()
        }),
      )
    })
    await window.waitFor(/^Ready/)
    expect(await window.paths()).toEqual([])

    // Every change of the mirror, whether the status said that all was over, and all that is said aloud.
    await window.page.evaluate(() => {
      const mirror = document.querySelector('[data-testid=sketch-svg]')!
      const seen: string[] = []
      const said: string[] = []
      Object.assign(globalThis, { seen, said })
      for (const live of document.querySelectorAll('[role=status], [role=log], [role=alert], [aria-live]'))
        new MutationObserver(() => said.push(live.textContent)).observe(live, {
          subtree: true,
          childList: true,
          characterData: true,
        })
      new MutationObserver(() => {
        const status = document.querySelector('[role=status]')!.textContent
        seen.push(`${mirror.children.length} ${/done/i.test(status) ? 'done' : 'going'}`)
      }).observe(mirror, { subtree: true, childList: true, attributes: true })
    })
    await window.button('Draw').click()
    await window.waitFor(/^Done: 8 strokes/)
    const seen = await window.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
    const said = await window.page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
    expect(said.at(-1)).toMatch(/^Done: 8 strokes/)
    expect(said.filter((text) => /^Done/.test(text))).toHaveLength(1)
    expect(said.length, said.join('\n')).toBeLessThanOrEqual(6)
    const going = seen.filter((each) => each === '8 going').length
    expect(going).toBeGreaterThan(5)
    expect(await window.paths()).toHaveLength(8)
    expect(await window.page.getByTestId('sketch-svg').getAttribute('viewBox')).toMatch(/^[\d.]+ [\d.]+ [\d.]+ [\d.]+$/)
    expect(await window.page.getByRole('img', { name: 'Sketch' }).count()).toBe(1)
  })

  test('draws as many strokes as it takes, with the curve under the slider, and another number when the mark is taken there', async () => {
    const window = await studio.open()
    const { page } = window
    await window.openPhoto(FLAMINGO)
    await window.waitFor(/^Ready/)
    const curve = page.getByRole('img', { name: /\d+ % of the lines are drawn/ })
    await curve.waitFor()
    const count = Number(await window.slider('Strokes').inputValue())
    expect(count).toBeGreaterThan(4)
    expect(count).toBeLessThan(25)
    expect(await curve.getAttribute('aria-label')).toContain(`With ${count},`)
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    expect(await window.paths()).toHaveLength(count)

    const box = (await curve.boundingBox())!
    await page.mouse.move(box.x + box.width / 4, box.y + 10)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + 10, { steps: 3 })
    await page.mouse.up()
    expect(Number(await window.slider('Strokes').inputValue())).toBeCloseTo(64.5, -0.5)
    expect(await page.getByRole('switch', { name: 'Auto' }).isChecked()).toBe(false)
  })

  test('speaks the language of the browser, and says which', async () => {
    const { page } = await studio.open({ locale: 'de-AT' })
    const language = () => page.evaluate(() => document.documentElement.lang)
    await page.getByRole('button', { name: 'Foto öffnen', exact: true }).waitFor()
    expect(await language()).toBe('de')
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English')
    await page.getByRole('button', { name: 'Open photo', exact: true }).waitFor()
    expect(await language()).toBe('en')

    /** Where the page lies, and what one sets; in a wide window and on a phone. */
    const places = async (): Promise<string[][]> => {
      const both = []
      for (const viewport of [{ width: 390, height: 844 }, SIZE]) {
        await page.setViewportSize(viewport)
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
        both.push(
          await page.locator('.sheet:visible, .right .field:visible, .run button:visible').evaluateAll((all) =>
            all.map((each) => {
              const { x, y, width, height } = each.getBoundingClientRect()
              return [each.getAttribute('class')?.split(' ')[0], ...[x, y, width, height].map(Math.round)].join(' ')
            }),
          ),
        )
      }
      return both
    }
    await lettersIn(page)
    const later = await places()
    expect(later.map(({ length }) => length)).toEqual([6, expect.toSatisfy((count: number) => count > 10)])

    // The page itself shows this, in the language chosen, before the program is there; which then takes its place.
    let read = (): void => undefined
    const held = new Promise<void>((resolve) => (read = resolve))
    await page.route(/window-[^/]*\.js$/, async (route) => {
      await held
      await route.continue()
    })
    await page.reload({ waitUntil: 'commit' })
    const still = page.locator('.still')
    const pictures = still.locator('.samples img:visible')
    const shown = (images: Element[]) => images.map((image) => (image as HTMLImageElement).naturalWidth > 0)
    await expect.poll(() => pictures.evaluateAll(shown)).toEqual(Array<boolean>(8).fill(true))
    expect(await still.locator('h2').allTextContents()).toContain('A photo, in a few lines.')
    expect(await page.getByRole('status').count()).toBe(0)
    await lettersIn(page)
    expect(await places()).toEqual(later)
    // Who is quicker than the program has not clicked for nothing.
    const box = (await pictures.nth(1).boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await page.keyboard.press('Control+g')
    read()
    await page.getByRole('dialog').waitFor()
    await page
      .getByRole('status')
      .filter({ hasText: /^Ready/ })
      .waitFor()
    expect(await still.count()).toBe(0)
  })

  test('pauses, goes on, and stops with what is there', async () => {
    const window = await studio.open()
    await window.openPhoto(FLAMINGO)
    await window.drawLong()
    await window.button('Pause').click()
    await window.waitFor(/^Paused/)
    const paused = await window.paths()
    await window.page.waitForTimeout(500)
    expect(await window.paths()).toEqual(paused)
    await window.button('Continue').click()
    await window.waitFor(/^Drawing/)
    await expect.poll(window.paths).not.toEqual(paused)
    await window.button('Stop').click()
    await window.waitFor(/^Stopped/)
    expect(await window.paths()).toHaveLength(paused.length)
    // A key does the same.
    await window.page.keyboard.press('Control+Enter')
    await window.waitFor(/^Drawing/)
    await window.page.keyboard.press('Control+Enter')
    await window.waitFor(/^Paused/)
    await window.button('Continue').click()
    await window.waitFor(/^Drawing/)

    // Whoever edits what is being drawn pauses it, and goes on from the edit.
    await window.page.locator('.stage').focus()
    await window.page.keyboard.press('Control+a')
    await window.page.keyboard.press('Shift+ArrowRight')
    await window.waitFor(/^Paused/)
    const edited = await window.paths()
    await window.page.waitForTimeout(500)
    expect(await window.paths()).toEqual(edited)
    await window.button('Continue').click()
    await window.waitFor(/^Drawing/)
    await expect.poll(window.paths).not.toEqual(edited)
    await window.button('Stop').click()
    await window.waitFor(/^Stopped/)
    await window.button('Undo').click()
    await expect.poll(window.paths).toEqual(edited)
  })

  test.each([
    { name: 'wide.png', width: 2000, height: 200 },
    { name: 'tall.png', width: 200, height: 2000 },
  ])('draws a photo ten times as long as broad as what it is: $name', async ({ name, width, height }) => {
    const window = await studio.open()
    const { page } = window
    const places = [300, 1000, 1700].map((at) => (width > height ? { x: at, y: 100 } : { x: 100, y: at }))
    const dots = places.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="70"/>`).join('')
    const photo = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${dots}</svg>`
    const buffer = await sharp(Buffer.from(photo)).flatten({ background: 'white' }).png().toBuffer()
    await window.openPhoto({ name, mimeType: 'image/png', buffer })
    await window.waitFor(/^Ready/)
    const sheet = (await page.locator('.sheet').boundingBox())!
    expect(Math.log10(sheet.width / sheet.height)).toBeCloseTo(Math.log10(width / height), 1)
    await page.getByText('Fast', { exact: true }).click()
    await window.slider('Strokes').fill('9')
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    await window.button('Export').click()
    const { bytes } = await window.saved('Save PNG')
    const { data, info } = await sharp(bytes).flatten().greyscale().raw().toBuffer({ resolveWithObject: true })
    expect(Math.max(info.width, info.height) / Math.min(info.width, info.height)).toBeCloseTo(10, 0)
    const isInk = (x: number, y: number): boolean => data[Math.floor(y) * info.width + Math.floor(x)]! < 128
    // All ink is about the three dots, and all of them are drawn.
    const scale = info.width / width
    const far = { ink: 0, nearest: places.map(() => Infinity) }
    for (let y = 0; y < info.height; y++) {
      for (let x = 0; x < info.width; x++) {
        if (!isInk(x, y)) continue
        const off = places.map((place) => Math.abs(Math.hypot(x / scale - place.x, y / scale - place.y) - 70))
        far.ink = Math.max(far.ink, Math.min(...off))
        far.nearest = far.nearest.map((best, i) => Math.min(best, off[i]!))
      }
    }
    expect(far.ink).toBeLessThan(60)
    expect(Math.max(...far.nearest)).toBeLessThan(10)
  })

  test('edits strokes, goes on from them, and takes it all back', async () => {
    const window = await drawn(await studio.open())
    const { page } = window
    const before = await window.paths()
    const start = await pixelOf(window, 0, 0)

    // A double click shows the points of a line; one on the curve can then be dragged.
    await page.mouse.dblclick(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(start.x + 30, start.y + 20, { steps: 4 })
    await page.mouse.up()
    const dragged = await window.paths()
    expect(dragged[0]).not.toBe(before[0])
    expect(dragged.slice(1)).toEqual(before.slice(1))

    await window.button('Edit').click()
    await window.button('Lock').click()
    await page.getByRole('button', { name: 'Line 1, locked' }).waitFor()
    // What is locked has neither another width nor another colour.
    expect(await window.slider('Line width').isDisabled()).toBe(true)
    const colours = page.getByRole('radiogroup', { name: 'Line colour' }).getByRole('radio')
    expect(await colours.evaluateAll((all) => all.every((each) => (each as HTMLInputElement).disabled))).toBe(true)
    await window.button('Continue').click()
    await window.waitFor(/^Done/)
    const continued = await window.paths()
    expect(continued).toContain(dragged[0])
    expect(continued).toHaveLength(8)
    await expect.poll(() => page.getByRole('button', { name: /, locked$/ }).count()).toBe(1)

    // The run, the lock, and the drag.
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z')
    expect(await window.paths()).toEqual(before)
    await page.keyboard.press('Control+Shift+z')
    expect(await window.paths()).toEqual(dragged)

    // A new sketch over edited lines says so, and can be taken back; another number of strokes says that it takes one.
    await page.keyboard.press('Control+Enter')
    await page.getByText('A new sketch takes the place of the one you edited.').waitFor()
    await window.waitFor(/^Done/)
    expect(await window.paths()).not.toEqual(dragged)
    await page.getByRole('log').getByRole('button', { name: 'Undo' }).click()
    await expect.poll(window.paths).toEqual(dragged)
    await window.button('Settings').click()
    await window.slider('Strokes').fill('20')
    await window.waitFor(/^Draw to see it: a sketch of 20 strokes/)
  })

  test('selects with a box, deletes, draws with the pen, and simplifies', async () => {
    const window = await drawn(await studio.open())
    const { page } = window
    const sheet = (await page.locator('.sheet').boundingBox())!
    await page.mouse.move(sheet.x + 2, sheet.y + 2)
    await page.mouse.down()
    await page.mouse.move(sheet.x + sheet.width - 2, sheet.y + sheet.height - 2, { steps: 3 })
    await page.mouse.up()
    await window.button('Edit').click()
    await page.getByRole('heading', { name: '8 lines selected' }).waitFor()
    await page.getByRole('button', { name: 'Line 3' }).click()
    await page.keyboard.press('Delete')
    expect(await window.paths()).toHaveLength(7)

    await window.button('Pen').click()
    await page.mouse.move(sheet.x + 40, sheet.y + 40)
    await page.mouse.down()
    for (let i = 1; i <= 20; i++) await page.mouse.move(sheet.x + 40 + 12 * i, sheet.y + 40 + 60 * Math.sin(i / 4))
    await page.mouse.up()
    const withPen = await window.paths()
    expect(withPen).toHaveLength(8)
    expect(withPen[7]).toMatch(/^M[\d. ]+C[-\d. ]+$/)

    // Of fewer lines, one's own stays longest.
    await window.slider('Simplify').fill('3')
    expect(await window.paths()).toEqual([...withPen.slice(0, 2), withPen[7]])
    await window.slider('Simplify').fill('8')
    expect(await window.paths()).toEqual(withPen)
    await window.slider('Simplify').fill('2')
    await window.button('Keep these 2').click()
    await page.keyboard.press('Control+z')
    expect(await window.paths()).toHaveLength(8)
  })

  test('exports every format, and each file is what it says; a sheet of paper has its size, and a plotter order its travel', async () => {
    const window = await drawn(await studio.open())
    await window.button('Export').click()
    const svg = await window.saved('Save SVG')
    expect(svg.name).toBe('flamingo.svg')
    expect(svg.bytes.toString('utf8').match(/<path /g)).toHaveLength(8)
    const png = await sharp((await window.saved('Save PNG')).bytes).metadata()
    expect([png.format, Math.max(png.width, png.height)]).toEqual(['png', 2048])
    const pdf = await window.saved('Save PDF')
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect((await window.saved('Save animated SVG')).bytes.toString('utf8')).toMatch(/<animate|@keyframes/)
    await window.page.getByRole('spinbutton', { name: 'Pixel count' }).waitFor({ state: 'detached' })
    await window.page.getByText('GIF', { exact: true }).click()
    await window.page.getByRole('spinbutton', { name: 'Pixel count' }).fill('160')
    await window.slider('Seconds').fill('1')
    for (const [name, format] of [
      ['Save GIF', 'gif'],
      ['Save WebP', 'webp'],
    ] as const) {
      const film = await sharp((await window.saved(name)).bytes, { animated: true }).metadata()
      expect(film.format).toBe(format)
      expect(film.pages).toBeGreaterThan(3)
    }
    // A film of the run has no hand in it.
    await window.page.getByRole('switch', { name: 'Left-handed' }).check()
    await window.page.getByRole('switch', { name: 'Show the run' }).check()
    await window.page.getByRole('switch', { name: 'Left-handed' }).waitFor({ state: 'detached' })

    await window.page.getByText('SVG', { exact: true }).click()
    await window.page.getByRole('combobox', { name: 'Page' }).selectOption('A4')
    await window.page.getByRole('switch', { name: 'Plotter order' }).check()
    await window.page.getByText(/^.*Pen in the air: .* before, .* now/).waitFor()
    const { bytes } = await window.saved('Save SVG')
    expect(bytes.toString('utf8')).toContain('width="210mm" height="297mm"')
    await window.page.getByRole('switch', { name: 'Hand order' }).waitFor({ state: 'detached' })
    await window.page.getByRole('switch', { name: 'One line' }).check()
    expect((await window.saved('Save SVG')).bytes.toString('utf8').match(/<path /g)).toHaveLength(1)
  })

  test('keeps a project, and opens it again', async () => {
    const window = await drawn(await studio.open())
    const before = await window.paths()
    const project = await window.saved('Save project')
    expect(project.name).toBe('flamingo.fewline')
    const other = await studio.open()
    await other.button('Start over').click()
    await other.waitFor(/^Open a photo/)
    await other.openPhoto({ name: project.name, mimeType: 'application/octet-stream', buffer: project.bytes })
    await expect.poll(other.paths).toEqual(before)
    expect(await other.slider('Strokes').inputValue()).toBe('8')
    // What is in no file is put aside, and can be had again.
    await other.page.keyboard.press('Control+a')
    await other.page.keyboard.press('Delete')
    await expect.poll(other.paths).toEqual([])
    // What was done a moment ago can be undone after a reload.
    await other.page.waitForTimeout(500)
    await other.page.reload()
    await other.button('Undo').click()
    await expect.poll(other.paths).toEqual(before)
    await other.button('Start over').click()
    await other.waitFor(/^Open a photo/)
    await other.button('Bring it back').click()
    await expect.poll(other.paths).toEqual(before)
  })

  test('goes on from an SVG, with the photo under it', async () => {
    const window = await drawn(await studio.open())
    await window.button('Export').click()
    const { name, bytes } = await window.saved('Save SVG')
    const other = await studio.open()
    await other.openPhoto({ name, mimeType: 'image/svg+xml', buffer: bytes })
    await other.waitFor(/^Ready to edit/)
    expect(await other.paths()).toHaveLength(8)
    // A pen can be filmed without a run; a run can't.
    await other.button('Export').click()
    await other.page.getByText('GIF', { exact: true }).click()
    await expect.poll(() => other.button('Save GIF').isEnabled()).toBe(true)
    await other.page.getByRole('switch', { name: 'Show the run' }).check()
    await other.page.getByText(/^A film of the run needs one/).waitFor()
    expect(await other.button('Save GIF').isEnabled()).toBe(false)
    await other.button('Export').click()
    await other.openPhoto(FLAMINGO)
    await other.waitFor(/^Ready\.$/)
    const before = await other.paths()
    expect(before).toHaveLength(8)
    await other.page.getByText('Fast', { exact: true }).click()
    await other.button('Continue').click()
    await other.waitFor(/^Done: 8/)
    expect(await other.paths()).not.toEqual(before)
  })

  test('a reload in the middle loses nothing, and it goes on when the engine is killed', async ({ skip }) => {
    const window = await studio.open()
    await window.openPhoto(FLAMINGO)
    await window.drawLong()
    const { length } = await window.paths()
    await window.page.reload()
    await window.waitFor(/^Drawing/)
    await expect.poll(window.paths).toHaveLength(length)
    const then = await window.paths()
    await expect.poll(window.paths).not.toEqual(then)

    const engines = studio.served.engines()
    if (engines.length === 0) skip('this system does not tell which process is the engine')
    for (const engine of engines) process.kill(engine, 'SIGKILL')
    await window.page
      .getByRole('log')
      .getByText(/process was lost/)
      .waitFor()
    await window.waitFor(/^Drawing/)
    const later = await window.paths()
    expect(later).toHaveLength(length)
    await expect.poll(window.paths).not.toEqual(later)
    await window.button('Stop').click()
    await window.waitFor(/^Stopped/)
  })

  test('says what is wrong with a corrupt photo, and takes one that is dropped, pasted, or from the camera', async () => {
    const window = await studio.open()
    await window.openPhoto({ name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture at all') })
    const alert = window.page.getByRole('alert')
    await alert.getByText('Choose a photo: broken.jpg is no picture that can be read.').waitFor()
    await alert.getByRole('button', { name: 'Copy details' }).waitFor()

    const { page } = window
    const picture = (await sharp(FLAMINGO).resize(300).png().toBuffer()).toString('base64')
    const photo = (name: string): Promise<void> =>
      page
        .getByRole('complementary', { name: 'Photo' })
        .getByRole('img', { name: `The photo ${name}` })
        .waitFor()
    for (const type of ['drop', 'paste'] as const) {
      await page.evaluate(
        ([kind, base64]) => {
          const bytes = Uint8Array.from(atob(base64!), (character) => character.charCodeAt(0))
          const data = new DataTransfer()
          data.items.add(new File([bytes], `${kind!}.png`, { type: 'image/png' }))
          const event = kind === 'drop' ? new DragEvent('drop', { dataTransfer: data, bubbles: true }) : undefined
          globalThis.dispatchEvent(event ?? new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
        },
        [type, picture],
      )
      await photo(`${type}.png`)
    }
    await window.button('Camera').click()
    await window.button('Take picture').click()
    await photo('Camera.jpg')
  })

  test('needs no pointer from the photo to the file', async () => {
    const window = await studio.open()
    const { page } = window
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Control+o')
    await (await chooser).setFiles(FLAMINGO)
    await window.waitFor(/^Ready/)
    await byTab(window.slider('Strokes'))
    await page.keyboard.press('Home')
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
    await byTab(page.getByRole('radio', { name: 'Standard' }))
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Control+Enter')
    await window.waitFor(/^Done: 4 strokes/)
    await page.keyboard.press('Control+e')
    await byTab(window.button('Save SVG'))
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    expect(download.suggestedFilename()).toBe('flamingo.svg')
  })

  test('the subject is painted with a brush, and the brush undone', async () => {
    const window = await studio.open()
    const { page } = window
    await window.openPhoto(FLAMINGO)
    await window.waitFor(/^Ready/)
    await window.button('Add to subject').click()
    const sheet = (await page.locator('.sheet').boundingBox())!
    await page.mouse.move(sheet.x + 30, sheet.y + 300)
    await page.mouse.down()
    await page.mouse.move(sheet.x + 120, sheet.y + 320, { steps: 5 })
    await page.mouse.up()
    await expect.poll(() => page.getByRole('radio', { name: 'Painted' }).isChecked(), { timeout: 20_000 }).toBe(true)
    await window.button('Undo brush').click()
    await expect.poll(() => window.button('Undo brush').isDisabled()).toBe(true)
  })

  test('shows the page from near and far, and the photo beside it', async () => {
    const window = await studio.open()
    const { page } = window
    await window.openPhoto(FLAMINGO)
    await window.waitFor(/^Ready/)
    const sheet = async () => (await page.locator('.sheet').boundingBox())!
    const whole = await sheet()
    const middle = { x: whole.x + whole.width / 2, y: whole.y + whole.height / 2 }
    await page.mouse.move(middle.x, middle.y)
    await page.mouse.wheel(0, -300)
    await expect.poll(async () => (await sheet()).width).toBeGreaterThan(1.5 * whole.width)
    await window.button('Whole page').click()
    expect(await sheet()).toEqual(whole)

    await window.button('Move the page').click()
    await page.mouse.move(middle.x, middle.y)
    await page.mouse.down()
    await page.mouse.move(middle.x + 50, middle.y - 20, { steps: 3 })
    await page.mouse.up()
    expect(await sheet()).toEqual({ ...whole, x: whole.x + 50, y: whole.y - 20 })
    await page.keyboard.press('0')
    expect(await sheet()).toEqual(whole)

    await window.slider('Divider').fill('0.5')
    await page.mouse.move(middle.x, middle.y)
    await page.mouse.down()
    await page.mouse.move(whole.x + whole.width / 4, middle.y, { steps: 3 })
    await page.mouse.up()
    expect(Number(await window.slider('Divider').inputValue())).toBeCloseTo(0.25, 1)
  })

  test('brush and pen need no pointer; a line of the pen is taken also from a browser that tells no moves in between', async () => {
    const window = await drawn(await studio.open())
    const { page } = window
    const draw = async (): Promise<void> => {
      await page.locator('.stage').focus()
      await page.keyboard.press('Enter')
      for (let i = 0; i < 8; i++) await page.keyboard.press(i % 2 ? 'Shift+ArrowRight' : 'Shift+ArrowDown')
      await page.keyboard.press('Enter')
    }
    await page.keyboard.press('p')
    await draw()
    await expect.poll(window.paths).toHaveLength(9)
    await window.button('Add to subject').click()
    await draw()
    await expect.poll(() => page.getByRole('radio', { name: 'Painted' }).isChecked(), { timeout: 20_000 }).toBe(true)
    await page.keyboard.press('Control+z')
    await expect.poll(() => window.button('Undo brush').isDisabled()).toBe(true)
    expect(await window.paths()).toHaveLength(9)

    await page.evaluate(() => Reflect.deleteProperty(PointerEvent.prototype, 'getCoalescedEvents'))
    await window.button('Pen').click()
    const from = await pixelOf(window, 0, 0)
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(from.x + 80, from.y + 60, { steps: 5 })
    await page.mouse.up()
    await expect.poll(window.paths).toHaveLength(10)
  })

  test('goes back to a moment of the run, and to another of its versions', async () => {
    const window = await studio.open()
    const { page } = window
    await window.openPhoto(FLAMINGO)
    await window.slider('Strokes').fill('4')
    await window.slider('Versions').fill('2')
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done/)
    const last = await window.paths()
    await window.slider('Moment').fill('3')
    const moment = await window.paths()
    expect(moment).not.toEqual(last)
    await window.button('Use this moment').click()
    expect(await window.paths()).toEqual(moment)
    const versions = page.getByRole('list', { name: 'Versions' }).getByRole('button')
    expect(await versions.count()).toBe(2)
    expect(await versions.filter({ hasText: 'best' }).count()).toBe(1)
    await versions.filter({ hasNotText: 'best' }).click()
    await expect.poll(window.paths).not.toEqual(moment)
    for (let i = 0; i < 2; i++) await page.keyboard.press('Control+z')
    expect(await window.paths()).toEqual(last)
  })

  test('every name that others rely on is there once', async () => {
    const window = await drawn(await studio.open())
    const { page } = window
    await window.button('Export').click()
    for (const side of ['Export', 'Settings', 'Edit']) {
      if (side !== 'Export')
        await page.getByRole('button', { name: side, exact: true }).or(window.button('Close')).first().click()
      for (const name of ['Open photo', 'Draw', 'Pause', 'Stop', 'Continue', 'Export']) {
        expect(await page.getByRole('button', { name }).count(), `${name} (${side})`).toBe(1)
      }
      expect(await page.getByRole('status').count()).toBe(1)
      expect(await page.getByRole('img', { name: 'Sketch' }).count()).toBe(1)
    }
    await window.button('Settings').click()
    expect(await page.getByRole('slider', { name: 'Strokes' }).count()).toBe(1)
    expect(await page.getByLabel('Strokes').count()).toBe(1)
  })
})
