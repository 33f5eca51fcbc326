import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { faultsIn } from './axe.ts'
import { BROWSER, launch } from './browser.ts'
import { serve, type Served } from './serve.ts'
import { SIZE, type Window, windowOf } from './studio.ts'
import { byTab } from './tab.ts'

interface Upload {
  name: string
  mimeType: string
  buffer: Buffer
}

const CORRUPT = 7

/** Twenty small pictures, one of which is none. */
async function photos(): Promise<Upload[]> {
  const named = Array.from({ length: 20 }, (_, i) => `photo-${String(i).padStart(2, '0')}.png`)
  return Promise.all(
    named.map(async (name, i) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="56"><rect width="64" height="56" fill="#fff"/><circle cx="${20 + i}" cy="28" r="${10 + (i % 7)}" fill="#223"/></svg>`
      const buffer = i === CORRUPT ? Buffer.from('no picture') : await sharp(Buffer.from(svg)).png().toBuffer()
      return { name, mimeType: 'image/png', buffer }
    }),
  )
}

const rowsOf = (page: Page) => page.getByRole('list', { name: 'Photos' }).getByRole('listitem')
const drawnIn = async (page: Page): Promise<number> =>
  Number(/^(\d+) of/.exec((await page.getByRole('status').textContent()) ?? '')?.[1] ?? 0)

/** The files that a studio keeps of what was drawn, with when each was written. */
function sketchesIn(data: string): Map<string, number> {
  const [own = ''] = readdirSync(join(data, 'batch'))
  const files = readdirSync(join(data, 'batch', own)).filter((name) => name.endsWith('.sketch'))
  return new Map(files.map((name) => [name, statSync(join(data, 'batch', own, name)).mtimeMs]))
}

describe.skipIf(!BROWSER)('many photos', () => {
  const data = mkdtempSync(join(tmpdir(), 'fewline-e2e-'))
  let browser: Browser
  let served: Served
  let window: Window

  beforeAll(async () => {
    browser = await launch()
    served = await serve(data)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await served.close()
    rmSync(data, { recursive: true, force: true })
  })
  async function open(): Promise<Page> {
    const context = await browser.newContext({ viewport: SIZE, locale: 'en-GB', reducedMotion: 'reduce' })
    window = await windowOf(await context.newPage(), served.url)
    return window.page
  }

  test('twenty are drawn once each, a corrupt one is told, and nothing is lost when Fewline ends half-way', async () => {
    let page = await open()
    const { keyboard } = page
    // The whole first run without a pointer.
    await keyboard.press('Control+b')
    await page.getByRole('heading', { name: 'Many photos' }).waitFor()
    await page.keyboard.press('Tab')
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Enter')
    await (await chooser).setFiles(await photos())
    await expect.poll(() => rowsOf(page).count()).toBe(20)
    await page.getByText('Adding', { exact: false }).waitFor({ state: 'detached' })
    await byTab(page.getByRole('radio', { name: 'Standard', exact: true }))
    await keyboard.press('ArrowLeft')
    await byTab(page.getByRole('slider', { name: 'Strokes', exact: true }))
    await keyboard.press('Home')
    await keyboard.press('ArrowRight')
    await byTab(page.locator('summary', { hasText: 'Engine' }))
    await keyboard.press('Enter')
    await byTab(page.getByRole('slider', { name: 'Steps', exact: true }))
    await keyboard.press('Home')
    // The last goes first, by keys.
    await byTab(page.getByRole('button', { name: /^photo-00/, exact: true }))
    await keyboard.press('End')
    await expect.poll(() => focused(page)).toMatch(/^photo-19/)
    for (let i = 0; i < 19; i++) await keyboard.press('Alt+ArrowUp')
    await expect.poll(() => rowsOf(page).first().textContent()).toMatch(/^\s*photo-19/)
    // It has settings of its own.
    await page.getByText('These settings are for photo-19.png alone.').waitFor()
    await byTab(page.getByRole('slider', { name: 'Strokes', exact: true }))
    await keyboard.press('ArrowRight')
    await page.getByText('own settings').waitFor()
    await page.keyboard.press('Control+Enter')
    // Its processes give way to all others, such as those of the tests beside.
    await expect.poll(() => drawnIn(page), { timeout: 300_000 }).toBeGreaterThan(4)

    const before = sketchesIn(data)
    await served.end('SIGKILL')
    await page.context().close()
    served = await serve(data)
    page = await open()
    await page.keyboard.press('Control+b')
    // It goes on by itself.
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    expect(await rowsOf(page).count()).toBe(20)
    await page.getByText('19 of 20 drawn, 1 failed').waitFor({ timeout: 300_000 })
    await page.getByRole('button', { name: 'Draw all' }).waitFor()
    expect(
      await rowsOf(page)
        .nth(CORRUPT + 1)
        .textContent(),
    ).toMatch(/^\s*photo-07.*Expected .* but .*:.*\./)
    const after = sketchesIn(data)
    expect(after.size).toBe(19)
    for (const [name, when] of before) expect(after.get(name), name).toBe(when)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save all' }).click(),
    ])
    const files = unzipSync(readFileSync(await download.path()))
    expect(Object.keys(files).sort()).toEqual(
      (await photos()).flatMap(({ name }, i) => (i === CORRUPT ? [] : [name.replace('.png', '.svg')])),
    )
    const lines = (name: string) => Buffer.from(files[name]!).toString().match(/<path/g)?.length
    expect([lines('photo-00.svg'), lines('photo-19.svg')]).toEqual([2, 3])
  }, 900_000)

  test('can be used by anyone, in both themes and at any width, and leads to a sketch that can be edited', async () => {
    const { page } = window
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 640, 390]) {
        await page.setViewportSize({ width, height: 800 })
        await rowsOf(page).nth(1).getByRole('button').first().click()
        await page.getByRole('group', { name: 'What to do with photo-00.png' }).waitFor()
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(sideways, `${width}`).toBeLessThanOrEqual(0)
        expect(await faultsIn(page), `${colorScheme} ${width}`).toEqual([])
        if (process.env['FEWLINE_SHOTS'])
          await page.screenshot({ path: join(process.env['FEWLINE_SHOTS'], `batch-${colorScheme}-${width}.png`) })
        await rowsOf(page).nth(1).getByRole('button').first().click()
      }
    }
    await page.setViewportSize(SIZE)
    await rowsOf(page).nth(2).getByRole('button').first().click()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Edit' }).waitFor()
    await expect.poll(() => window.paths()).toHaveLength(2)
    expect(await page.title()).toMatch(/photo-01/)
    expect(await faultsIn(page)).toEqual([])
    expect(window.faults).toEqual([])
  })

  test('a folder that is dropped is drawn to where --output says, in the order of hands, and can be stopped', async () => {
    const [dropped, results] = ['dropped', 'results'].map((name) => join(data, name)) as [string, string]
    for (const path of [results, join(dropped, 'inner')]) mkdirSync(path, { recursive: true })
    const [a, b, c] = await photos()
    for (const [name, { buffer }] of Object.entries({ 'a.png': a!, 'b.png': b!, 'inner/c.png': c! }))
      writeFileSync(join(dropped, name), buffer)
    writeFileSync(join(dropped, 'notes.txt'), 'left alone')
    for (const context of browser.contexts()) await context.close()
    await served.end('SIGINT')
    rmSync(join(data, 'batch'), { recursive: true, force: true })
    vi.stubEnv('FEWLINE_MEMORY', '0.5')
    served = await serve(data, undefined, ['--output', results])
    vi.unstubAllEnvs()
    const page = await open()
    await dropOn(page, dropped)
    const names = async () => (await rowsOf(page).allTextContents()).map((text) => /[abc]\.png/.exec(text)?.[0]).join()
    await expect.poll(names).toBe('a.png,b.png,c.png')
    await rowsOf(page).nth(2).dragTo(rowsOf(page).nth(0))
    await expect.poll(names).toBe('c.png,a.png,b.png')

    await page.getByRole('button', { name: 'Draw all' }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Draw all' }).waitFor()
    // What was under way waits again, and has no file.
    const drawn = await drawnIn(page)
    expect(drawn).toBeLessThan(3)
    expect(await rowsOf(page).filter({ hasText: 'Waiting' }).count()).toBe(3 - drawn)
    expect(readdirSync(results)).toHaveLength(drawn)
    if (availableParallelism() > 1) await page.getByText(/0\.5 GB are free: 1 at once, not 2\./).waitFor()

    await page.getByRole('button', { name: 'Draw all' }).click()
    await page.getByText('3 of 3 drawn').waitFor({ timeout: 300_000 })
    const since = (name: string) => statSync(join(results, name)).mtimeMs
    expect(readdirSync(results).sort()).toEqual(['a.svg', 'b.svg', 'c.svg'])
    expect([since('c.svg') <= since('a.svg'), since('a.svg') <= since('b.svg')]).toEqual([true, true])
    expect(window.faults).toEqual([])
  }, 400_000)
})

/** Drops a folder of this machine on the window, as its system would. */
async function dropOn(page: Page, folder: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
  await session.detach()
}

/** The name of what has the focus. */
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent.trim() ?? '')
