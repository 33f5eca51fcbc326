import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Electron's program, where it was fetched; the desktop app is tested only there. */
function electronProgram(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const note = join(folder, 'path.txt')
  const path = existsSync(note) ? join(folder, 'dist', readFileSync(note, 'utf8').trim()) : ''
  return existsSync(path) && path !== '' ? path : undefined
}

const program = electronProgram()

describe.skipIf(program === undefined)('the desktop app', () => {
  let app: ElectronApplication
  let page: Page
  let data: string

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'fewline-electron-'))
    const args = [root, `--user-data-dir=${data}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
    app = await _electron.launch({ executablePath: program!, args })
    page = await app.firstWindow()
  })
  afterAll(async () => {
    await app.close()
    rmSync(data, { recursive: true, force: true })
  })

  test('shows the studio on a page of its own, apart from Node', async () => {
    expect(page.url()).toBe('fewline://studio/')
    expect(await page.evaluate('typeof require')).toBe('undefined')
    await page.getByRole('button', { name: 'Open photo' }).first().waitFor()
  })

  test('draws a photo and saves it where the dialog says', async () => {
    const svg = join(data, 'cat.svg')
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, svg)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Open photo' }).first().click()
    await (await chooser).setFiles(join(root, 'resources', 'samples', 'cat.jpg'))
    await page.getByRole('slider', { name: 'Strokes', exact: true }).fill('8')
    await page.getByRole('button', { name: 'Draw', exact: true }).click()
    await page.getByRole('status').filter({ hasText: /^Done/ }).waitFor()
    expect(await page.locator('[data-testid=sketch-svg] path').count()).toBe(8)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('button', { name: 'Save SVG' }).click()
    await expect.poll(() => existsSync(svg)).toBe(true)
    expect(readFileSync(svg, 'utf8').match(/<path /g)).toHaveLength(8)
  })

  test('windows neither leave their page nor open others', async () => {
    await page.evaluate("window.open('https://example.org'), undefined")
    await page.evaluate("location.href = 'https://example.org'")
    expect(page.url()).toBe('fewline://studio/')
    expect(app.windows()).toHaveLength(1)
  })
})
