import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'chrome.exe',
  'msedge.exe',
]
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  // A camera that shows a moving pattern, allowed without a question.
  ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
]

/** An installed Chromium or Chrome; FEWLINE_BROWSER names another. Undefined where there is none. */
export const BROWSER = process.env['FEWLINE_BROWSER'] ?? [...onPath(), ...PLACES].find(isThere)

if (!BROWSER) console.warn('No Chromium or Chrome was found, so the tests in a real browser are skipped.')

export function launch(): Promise<Browser> {
  if (!BROWSER) throw new Error('there is no browser')
  return chromium.launch({ executablePath: BROWSER, args: FLAGS })
}

function onPath(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
