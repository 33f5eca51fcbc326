import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Download, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launch } from './browser.ts'
import { serve, type Served } from './serve.ts'

export const SAMPLES = join(import.meta.dirname, '../../resources/samples')
export const SIZE = { width: 1280, height: 800 }
/** How long a step of a user may take on a machine that has other things to do. */
const PATIENCE = 60_000

/** The studio as a user has it: a window, and what they look for in it. */
export interface Window {
  readonly page: Page
  readonly status: Locator
  button(name: string): Locator
  slider(name: string): Locator
  /** What went wrong in the page. */
  readonly faults: readonly string[]
  /** Path data of every stroke in the mirror. */
  paths(): Promise<string[]>
  waitFor(status: RegExp): Promise<void>
  openPhoto(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void>
  /** A run that goes on for a while, with its first frames there. */
  drawLong(): Promise<void>
  saved(name: string): Promise<{ name: string; bytes: Buffer }>
}

/** One browser for a file of tests; a server for each test, since a new window takes up what the last one left behind. */
export function useStudio(): { open(options?: BrowserContextOptions): Promise<Window>; readonly served: Served } {
  let browser: Browser
  let served: Served
  const windows: Window[] = []
  beforeAll(async () => {
    browser = await launch()
  })
  beforeEach(async () => {
    served = await serve()
  })
  afterEach(async () => {
    const faults = windows.flatMap((window) => window.faults)
    for (const { page } of windows.splice(0)) await page.context().close()
    await served.close()
    expect(faults).toEqual([])
  })
  afterAll(() => browser.close())
  return {
    get served() {
      return served
    },
    async open(options = {}) {
      const context = await browser.newContext({ viewport: SIZE, locale: 'en-GB', ...options })
      const window = await windowOf(await context.newPage(), served.url)
      windows.push(window)
      return window
    },
  }
}

export async function windowOf(page: Page, url: string): Promise<Window> {
  const faults: string[] = []
  page.setDefaultTimeout(PATIENCE)
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  // Listened to from the start: the browser is told so without waiting, and a key pressed right after would overtake it.
  page.on('filechooser', () => undefined)
  await page.goto(url)

  const button = (name: string): Locator => page.getByRole('button', { name, exact: true })
  const status = page.getByRole('status')
  const waitFor = (text: RegExp): Promise<void> => status.filter({ hasText: text }).waitFor()
  await waitFor(/\p{L}/u)
  const window: Window = {
    page,
    faults,
    status,
    button,
    waitFor,
    slider: (name) => page.getByRole('slider', { name, exact: true }),
    paths: () =>
      page
        .getByTestId('sketch-svg')
        .locator('path')
        .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? '')),
    async openPhoto(file) {
      const chooser = page.waitForEvent('filechooser')
      await button('Open photo').click()
      await (await chooser).setFiles(file)
      // What is chosen before the photo is there is chosen for the one before.
      if (typeof file === 'string') await waitFor(/^Ready/)
    },
    async drawLong() {
      await page.getByText('Engine', { exact: true }).click()
      await page.getByRole('spinbutton', { name: 'Step count' }).fill('4000')
      await button('Draw').click()
      await waitFor(/^Drawing/)
      await expect.poll(window.paths, { timeout: PATIENCE }).not.toEqual([])
    },
    async saved(name) {
      const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()])
      return { name: download.suggestedFilename(), bytes: await bytesOf(download) }
    },
  }
  return window
}

async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path())
}

/** A window in which a few strokes have been drawn. */
export async function drawn(window: Window): Promise<Window> {
  await window.openPhoto(join(SAMPLES, 'flamingo.png'))
  await window.slider('Strokes').fill('8')
  await window.page.getByText('Fast', { exact: true }).click()
  await window.button('Draw').click()
  await window.waitFor(/^Done/)
  return window
}
