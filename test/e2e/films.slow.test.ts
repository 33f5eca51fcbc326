import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { toLottie } from '../../src/export/lottie.ts'
import { toPng } from '../../src/export/png.ts'
import { toSvg } from '../../src/export/svg.ts'
import { drawnBy, penTimes } from '../../src/strokes/pen.ts'
import { curls } from '../support/strokes.ts'
import { BROWSER } from './browser.ts'
import { drawn, useStudio } from './studio.ts'

/** How long a film may take to begin, on a machine that has other things to do. */
const PATIENCE = 60_000
const LOTTIE = join(createRequire(import.meta.url).resolve('lottie-web'), '../lottie_svg.js')

/** How much darker than paper pictures are on the whole, and how far the first is from the second, of that. */
async function apart(one: Buffer, other: Buffer, side: number): Promise<number> {
  const [a, b] = await Promise.all(
    [one, other].map((picture) =>
      sharp(picture).flatten({ background: '#fff' }).greyscale().resize(side, side, { fit: 'fill' }).raw().toBuffer(),
    ),
  )
  const ink = b!.reduce((sum, value) => sum + 255 - value, 0)
  return a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / ink
}

/** The last picture of a video that a browser has played to its end, and how large it is. */
async function played(page: Page, bytes: Buffer, type: string): Promise<{ size: number[]; last: Buffer }> {
  const { size, url } = await page.evaluate(
    async ([base64, type]) => {
      const content = Uint8Array.from(atob(base64!), (letter) => letter.charCodeAt(0))
      const video = document.createElement('video')
      video.muted = true
      video.src = URL.createObjectURL(new Blob([content], { type: type! }))
      const came = (event: string) =>
        new Promise((resolve, reject) => {
          video.addEventListener(event, resolve, { once: true })
          video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true })
        })
      // What no page shows is not painted either.
      document.body.append(video)
      await came('loadeddata')
      video.currentTime = video.duration - 0.2
      await came('seeked')
      const over = came('ended')
      await video.play()
      await over
      const canvas = document.createElement('canvas')
      canvas.width = video.videoWidth
      canvas.height = video.videoHeight
      canvas.getContext('2d')!.drawImage(video, 0, 0)
      video.remove()
      return { size: [canvas.width, canvas.height], url: canvas.toDataURL() }
    },
    [bytes.toString('base64'), type],
  )
  return { size, last: Buffer.from(url.split(',')[1]!, 'base64') }
}

describe.skipIf(!BROWSER)('films', () => {
  const studio = useStudio()

  test('come out as MP4 and WebM that are parsed again and played, and end with the drawing', async () => {
    const window = await drawn(await studio.open())
    const { page } = window
    await window.button('Export').click()
    await page.getByText('PNG', { exact: true }).click()
    await page.getByRole('spinbutton', { name: 'Pixel count' }).fill('256')
    const png = (await window.saved('Save PNG')).bytes
    await page.getByText('MP4', { exact: true }).click()
    await page.getByRole('spinbutton', { name: 'Pixel count' }).fill('255')
    await window.slider('Seconds').fill('1')
    for (const [format, name] of [
      ['webm', 'Save WebM'],
      ['mp4', 'Save MP4'],
    ] as const) {
      const file = await window.saved(name)
      expect(file.name).toBe(`flamingo.${format}`)
      const input = new Input({ source: new BufferSource(file.bytes), formats: ALL_FORMATS })
      const track = (await input.getPrimaryVideoTrack())!
      const { width, height } = await sharp(png).metadata()
      const shorter = Math.ceil((Math.min(width, height) * 255) / 256 / 2) * 2
      const sides = [await track.getDisplayWidth(), await track.getDisplayHeight()]
      expect(Math.max(...sides)).toBe(256)
      expect(Math.abs(Math.min(...sides) - shorter)).toBeLessThanOrEqual(2)
      // A second of the pen, and two of the whole drawing; each picture is as long as the others.
      expect(await track.computeDuration()).toBeCloseTo(3, 2)
      expect((await track.computePacketStats()).packetCount).toBe(90)
      expect((await new EncodedPacketSink(track).getFirstPacket())!.type).toBe('key')
      const { size, last } = await played(page, file.bytes, `video/${format}`)
      expect(size).toEqual(sides)
      expect(await apart(last, png, 128)).toBeLessThan(0.25)
    }
    // Where the browser has no encoder, one sentence says what to do instead.
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'VideoEncoder'))
    await page.getByRole('spinbutton', { name: 'Pixel count' }).fill('128')
    await window.button('Save MP4').click()
    await page.getByText(/^This browser can’t write MP4: save the film as WebP or GIF/).waitFor()
  })

  test('are made once, show how far they are, end when cancelled, and are played', async () => {
    const window = await drawn(await studio.open({ reducedMotion: 'reduce' }))
    const { page } = window
    await window.button('Export').click()
    await page.getByText('GIF', { exact: true }).click()
    const downloads: string[] = []
    page.on('download', (download) => downloads.push(download.suggestedFilename()))
    const work = page.getByRole('group', { name: 'In progress' })
    const shares: number[] = []
    await page.exposeFunction('tellShare', (share: number) => shares.push(share))
    await page.evaluate(() => {
      new MutationObserver(() => {
        const value = document.querySelector('.work progress')?.getAttribute('value')
        if (value) (globalThis as unknown as { tellShare(share: number): void }).tellShare(Number(value))
      }).observe(document.querySelector('main')!, { subtree: true, childList: true, attributes: true })
    })
    await window.button('Save GIF').click()
    await work.getByText('Writing the GIF …').waitFor()
    await expect.poll(() => shares.some((share) => share > 0 && share < 1), { timeout: PATIENCE }).toBe(true)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    await work.getByRole('button', { name: 'Cancel' }).click()
    await work.waitFor({ state: 'detached' })
    // The process that made it is gone; that of the engine goes on.
    await expect.poll(() => studio.served.engines().length).toBeLessThanOrEqual(1)
    expect(await window.button('Save GIF').isEnabled()).toBe(true)
    expect(await page.getByRole('alert').count()).toBe(0)

    await page.getByRole('spinbutton', { name: 'Pixel count' }).fill('160')
    await window.slider('Seconds').fill('1')
    await window.button('Save GIF').evaluate((button: HTMLButtonElement) => {
      for (let i = 0; i < 3; i++) button.click()
    })
    await expect.poll(() => downloads, { timeout: PATIENCE }).toEqual(['flamingo.gif'])
    expect(await work.count()).toBe(0)
    await page.waitForTimeout(300)
    expect(downloads).toEqual(['flamingo.gif'])

    // On the page it is played as well: the pen, the run, frame by frame; and then the drawing is there again.
    await window.button('Close').first().click()
    const paths = await window.paths()
    /** How much ink is on the page. */
    const ink = async () => {
      const url = await page.evaluate(() => document.querySelector<HTMLCanvasElement>('.stage canvas')!.toDataURL())
      const picture = sharp(Buffer.from(url.split(',')[1]!, 'base64'))
        .flatten({ background: '#fff' })
        .greyscale()
      const pixels = await picture.raw().toBuffer()
      return pixels.reduce((sum, value) => sum + 255 - value, 0) / pixels.length
    }
    const whole = await ink()
    await page.keyboard.press('t')
    const player = page.getByRole('group', { name: 'Time-lapse' })
    const frame = player.getByRole('slider', { name: 'Frame' })
    await expect.poll(() => frame.isEnabled()).toBe(true)
    expect(await frame.inputValue()).toBe('0')
    await expect.poll(ink).toBeLessThan(0.5 * whole)
    await page.locator('body').press('ArrowRight')
    expect(await frame.inputValue()).toBe('1')
    await page.keyboard.press('End')
    expect(await frame.getAttribute('aria-valuetext')).toBe('180 of 180')
    await expect.poll(async () => Math.abs((await ink()) / whole - 1)).toBeLessThan(0.02)
    await page.keyboard.press('Home')
    await player.getByRole('combobox', { name: 'Speed' }).selectOption('4 ×')
    await player.getByRole('button', { name: 'Play' }).click()
    await player.getByRole('button', { name: 'Pause' }).waitFor()
    await expect.poll(() => frame.inputValue()).toBe('179')
    await player.getByRole('button', { name: 'Play' }).waitFor()

    await player.getByRole('combobox', { name: 'What is shown' }).selectOption('The run')
    await expect.poll(async () => Number(await frame.getAttribute('max'))).not.toBe(179)
    expect(Number(await frame.getAttribute('max'))).toBeGreaterThan(5)
    expect(await frame.inputValue()).toBe('0')
    await page.locator('body').press('Escape')
    await player.waitFor({ state: 'detached' })
    expect(await window.paths()).toEqual(paths)
    await expect.poll(async () => Math.abs((await ink()) / whole - 1)).toBeLessThan(0.02)
  })

  test('as Lottie look in a player as the pen has drawn by then', async () => {
    const window = await studio.open()
    const page = await window.page.context().newPage()
    await page.setViewportSize({ width: 320, height: 320 })
    await page.addScriptTag({ content: readFileSync(LOTTIE, 'utf8') })
    const seconds = 2
    const load = (text: string) =>
      page.evaluate(async (text) => {
        document.body.style.margin = '0'
        document.body.replaceChildren()
        const { lottie } = globalThis as unknown as { lottie: { loadAnimation(options: object): unknown } }
        const container = document.body.appendChild(document.createElement('div'))
        const options = { container, renderer: 'svg', loop: false, autoplay: false, animationData: JSON.parse(text) }
        Object.assign(globalThis, { film: lottie.loadAnimation(options) })
      }, text)
    const seenAt = async (time: number) => {
      await page.evaluate(
        (at) =>
          (globalThis as unknown as { film: { goToAndStop(at: number, isFrame: boolean): void } }).film.goToAndStop(
            at,
            true,
          ),
        60 * seconds * time,
      )
      return page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 320 } })
    }
    const spans = penTimes(curls)
    const blank = { ...curls, points: new Float32Array(), widths: new Float32Array(), segments: new Uint8Array() }
    const paper = '#ffffff'
    /** As an SVG has what is drawn by then. */
    const wantedAt = async (time: number, look?: 'charcoal' | 'marker') => {
      const strokes = drawnBy(curls, spans, Math.min(1, time)) ?? blank
      const wanted = Buffer.from(await toPng(toSvg(strokes, { paper, look }), { value: 320, unit: 'px' }))
      expect((await sharp(wanted).greyscale().stats()).channels[0]!.mean).toBeLessThan(255)
      return wanted
    }
    await load(toLottie(curls, { seconds, pixels: 320, paper }))
    for (const time of [0.05, 0.2, 0.45, 0.71, 1, 1.5])
      expect(await apart(await seenAt(time), await wantedAt(time), 160), `at ${time}`).toBeLessThan(0.1)
    // What is painted, while the pen is in the air and when all is done.
    const still = [...spans.slice(1).map(({ from }, i) => (spans[i]!.to + from) / 2), 1.5]
    for (const look of ['marker', 'charcoal'] as const) {
      await load(toLottie(curls, { seconds, pixels: 320, paper, look }))
      for (const time of still)
        expect(await apart(await seenAt(time), await wantedAt(time, look), 160), `${look} at ${time}`).toBeLessThan(0.1)
    }
    await page.close()
  })
})
