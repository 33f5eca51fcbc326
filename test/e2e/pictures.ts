import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect } from 'vitest'

const FOLDER = join(import.meta.dirname, 'pictures')
/** Where a picture that differs is put, beside what was expected and where the two differ. */
const FAILURES = join(import.meta.dirname, '../../coverage/pictures')
/** Pictures are compared at half their size: browsers smooth the edges of letters each in their own way. */
const SHRUNK = 2
/** How far a channel may be off, of 255, and of how many pixels that may be more. */
const TOLERANCE = { channel: 40, pixels: 0.01 }

/** The window's own letters, which come once something is seen (`renderer/styles/fonts.css`). */
const LETTERS = ['1em "Inter Variable"', '1em "Newsreader Variable"', 'italic 1em "Newsreader Variable"']

/** Pictures are taken anew instead of compared. */
export const REFRESH = process.env['FEWLINE_PICTURES'] === 'refresh'

/** Waits until the window has its own letters. */
export async function lettersIn(page: Page): Promise<void> {
  const areThere = async (letters: readonly string[]): Promise<boolean> => {
    const faces = await Promise.all(letters.map((each) => document.fonts.load(each)))
    return faces.every(({ length }) => length > 0)
  }
  await page.waitForFunction(areThere, LETTERS)
}

/** The window with its own letters, at rest: all but what depends on how fast the machine is. */
export async function pictureOf(page: Page): Promise<Buffer> {
  await lettersIn(page)
  await page.waitForTimeout(600)
  const mask = [page.getByRole('status'), page.locator('.timeline')]
  return page.screenshot({ animations: 'disabled', caret: 'hide', mask, maskColor: '#888888' })
}

interface Raw {
  data: Buffer
  info: { width: number; height: number }
}

/**
 * Holds a screenshot to the picture of that name, within a tolerance. `npm run pictures` takes the pictures anew; one
 * that is missing is taken, too.
 */
export async function expectPicture(name: string, png: Buffer): Promise<void> {
  const path = join(FOLDER, `${name}.png`)
  if (REFRESH || !existsSync(path)) return save(path, png)
  const [wanted, came] = await Promise.all([raw(await readFile(path)), raw(png)])
  expect([came.info.width, came.info.height]).toEqual([wanted.info.width, wanted.info.height])
  const { share, picture } = differenceOf(wanted, came)
  if (share > TOLERANCE.pixels) {
    const beside = [await readFile(path), png, await picture.png().toBuffer()]
    await Promise.all(
      ['expected', 'came', 'difference'].map((what, i) => save(join(FAILURES, `${name}-${what}.png`), beside[i]!)),
    )
  }
  expect(share, `of the pixels of ${name} that differ; see ${FAILURES}`).toBeLessThanOrEqual(TOLERANCE.pixels)
}

async function raw(png: Buffer): Promise<Raw> {
  const { width } = await sharp(png).metadata()
  return sharp(png)
    .resize(Math.round(width / SHRUNK))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
}

function differenceOf(wanted: Raw, came: Raw): { share: number; picture: ReturnType<typeof sharp> } {
  const { width, height } = wanted.info
  const marked = Buffer.alloc(width * height)
  for (let i = 0; i < marked.length; i++) {
    const off = [0, 1, 2].map((channel) => Math.abs(wanted.data[3 * i + channel]! - came.data[3 * i + channel]!))
    marked[i] = Math.max(...off) > TOLERANCE.channel ? 255 : 0
  }
  const share = marked.filter((value) => value > 0).length / marked.length
  return { share, picture: sharp(marked, { raw: { width, height, channels: 1 } }) }
}

export async function save(path: string, png: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, png)
}
