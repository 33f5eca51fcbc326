import { describe, expect, test } from 'vitest'
import { BROWSER } from './browser.ts'
import { useStudio, type Window } from './studio.ts'

/** Four lines, one of them bent: drawn by nobody, so that there is nothing to wait for. */
const LINES = [
  'M40 40C60 40 80 40 100 40',
  'M40 80C60 60 80 60 100 80',
  'M40 120C60 120 80 120 100 120',
  'M40 160C60 160 80 160 100 160',
]
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 224" fill="none" stroke="#000" stroke-width="3">${LINES.map(
  (d) => `<path d="${d}"/>`,
).join('')}</svg>`

interface Point {
  x: number
  y: number
}

/** A window with the four lines, and a pointer that goes by canvas units. */
async function withLines(window: Window) {
  const { page } = window
  await window.openPhoto({ name: 'lines.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(SVG) })
  await window.waitFor(/^Ready to edit/)
  expect(await window.paths()).toHaveLength(4)
  const pixel = async (x: number, y: number): Promise<Point> => {
    const sheet = (await page.locator('.sheet').boundingBox())!
    return { x: sheet.x + (x * sheet.width) / 224, y: sheet.y + (y * sheet.height) / 224 }
  }
  const to = async (x: number, y: number): Promise<void> => {
    const at = await pixel(x, y)
    await page.mouse.move(at.x, at.y, { steps: 4 })
  }
  async function drag(from: [number, number], ...way: [number, number][]): Promise<void> {
    await to(...from)
    await page.mouse.down()
    for (const each of way) await to(...each)
    await page.mouse.up()
  }
  const click = async (x: number, y: number, options = {}): Promise<void> => {
    const at = await pixel(x, y)
    await page.mouse.click(at.x, at.y, options)
  }
  return { ...window, pixel, to, drag, click }
}

/** All numbers of path data. */
const numbersIn = (data: string): number[] => data.match(/-?[\d.]+/g)!.map(Number)
const startOf = (data: string): number[] => numbersIn(data).slice(0, 2)
const endOf = (data: string): number[] => numbersIn(data).slice(-2)
const near = (numbers: number[], wanted: number[], within = 1.5): void => {
  expect(numbers).toHaveLength(wanted.length)
  numbers.forEach((number, i) =>
    expect(Math.abs(number - wanted[i]!), `${numbers.join()} is not ${wanted.join()}`).toBeLessThan(within),
  )
}

describe.skipIf(!BROWSER)('the hand', () => {
  const studio = useStudio()

  test('a mouse moves, copies, scales, turns, bends, rubs out and draws lines', async () => {
    const window = await withLines(await studio.open())
    const { page, paths, drag, click, to } = window
    const canUndo = async (): Promise<void> => {
      await page.keyboard.press('Control+z')
      await expect.poll(paths).toEqual(LINES)
    }

    // The line that a press would take glows.
    const sheet = page.locator('.sheet')
    const plain = await sheet.screenshot()
    await to(70, 40)
    expect((await sheet.screenshot()).equals(plain)).toBe(false)
    expect(await page.locator('canvas.over').evaluate(({ style }) => style.cursor)).toBe('move')
    await to(20, 200)
    expect((await sheet.screenshot()).equals(plain)).toBe(true)

    // A line is moved; with Shift only across or down; Esc takes a drag back.
    await drag([70, 40], [90, 55])
    near(startOf((await paths())[0]!), [60, 55])
    await canUndo()
    await page.keyboard.down('Shift')
    await drag([70, 120], [72, 122], [90, 125])
    await page.keyboard.up('Shift')
    near(startOf((await paths())[2]!), [60, 120], 0.1)
    await canUndo()
    await click(20, 200)
    await to(70, 40)
    await page.mouse.down()
    await to(120, 90)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await paths()).toEqual(LINES)
    expect(await window.button('Undo').isDisabled()).toBe(true)

    // With Alt a copy is.
    await page.keyboard.down('Alt')
    await drag([70, 40], [110, 60])
    await page.keyboard.up('Alt')
    expect(await paths()).toHaveLength(5)
    near(startOf((await paths())[4]!), [80, 60])
    expect((await paths()).slice(0, 4)).toEqual(LINES)
    await canUndo()

    // The box scales from its opposite side, and its knob turns.
    await click(70, 160)
    const scale = (await page.locator('.sheet').boundingBox())!.width / 224
    await drag([100 + 8 / scale, 160 + 8 / scale], [160, 160])
    near([...startOf((await paths())[3]!), ...endOf((await paths())[3]!)], [40, 160, 157, 160], 2.5)
    await canUndo()
    await drag([70, 160 - 32 / scale], [120, 160])
    near([...startOf((await paths())[3]!), ...endOf((await paths())[3]!)], [70, 130, 70, 190])
    await canUndo()

    // A double click shows the points of a line; one on the curve takes its handles along.
    const bent = await window.pixel(70, 65)
    await page.mouse.dblclick(bent.x, bent.y)
    await drag([100, 80], [120, 90])
    near(startOf((await paths())[1]!), [40, 80], 0.1)
    near(endOf((await paths())[1]!), [120, 90])
    await canUndo()

    // The eraser takes what it touches and leaves the rest.
    await window.button('Eraser').click()
    await drag([70, 110], [70, 130])
    const parts = await paths()
    expect(parts).toHaveLength(5)
    expect(endOf(parts[2]!)[0]).toBeLessThan(67)
    expect(startOf(parts[3]!)[0]).toBeGreaterThan(73)
    await canUndo()

    // The pen draws straight with Shift.
    await window.button('Pen').click()
    await page.keyboard.down('Shift')
    await drag([130, 30], [150, 80], [180, 84])
    await page.keyboard.up('Shift')
    near([...startOf((await paths())[4]!), ...endOf((await paths())[4]!)], [130, 30, 182, 82], 3)
    await canUndo()
  })

  test('keys copy, cut, paste, nudge, split and join, and Space is a hand', async () => {
    const window = await withLines(await studio.open())
    const { page, paths, click } = window
    await click(70, 40)
    await page.keyboard.press('Control+c')
    await page.keyboard.press('Control+v')
    await expect.poll(paths).toHaveLength(5)
    near(startOf((await paths())[4]!), [46, 46], 0.1)
    await page.keyboard.press('Control+v')
    await expect.poll(paths).toHaveLength(6)
    near(startOf((await paths())[5]!), [52, 52], 0.1)
    await page.keyboard.press('Control+x')
    await expect.poll(paths).toHaveLength(5)
    await page.keyboard.press('Control+z')
    await click(70, 40)
    await page.keyboard.press('Control+d')
    await expect.poll(paths).toHaveLength(7)
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z')
    await expect.poll(paths).toEqual(LINES)

    await click(70, 40)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    near(startOf((await paths())[0]!), [41, 50], 0.01)
    await page.keyboard.press('k')
    await expect.poll(paths).toHaveLength(5)
    await page.keyboard.press('j')
    await expect.poll(paths).toHaveLength(4)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await window.button('Edit').click()
    await page.getByText(/^Click a line to select it/).waitFor()

    // A menu where the pointer is: about the line that lies there.
    await click(70, 160, { button: 'right' })
    const menu = page.getByRole('menu')
    expect(await menu.getByRole('menuitem', { name: /^Join/ }).isDisabled()).toBe(true)
    await menu.getByRole('menuitem', { name: /^Split here/ }).click()
    await expect.poll(paths).toHaveLength(5)
    near(endOf((await paths())[3]!), [70, 160], 2)
    await page.keyboard.press('Shift+F10')
    await menu.waitFor()
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })

    // Brackets make the brush in hand wider, and the pen and the eraser have their letters.
    await page.keyboard.press('e')
    expect(await window.button('Eraser').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('b')
    expect(await window.button('Pen').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press(']')
    await window.button('Settings').click()
    expect(await window.slider('Width').inputValue()).toBe('3.8')

    // Space held down is the hand, even after a button was clicked; it draws nothing.
    const sheet = async () => (await page.locator('.sheet').boundingBox())!
    const before = await sheet()
    await page.mouse.move(before.x + 100, before.y + 100)
    await page.keyboard.down('Space')
    await page.mouse.down()
    await page.mouse.move(before.x + 130, before.y + 90, { steps: 3 })
    await page.mouse.up()
    await page.keyboard.up('Space')
    expect(await sheet()).toEqual({ ...before, x: before.x + 30, y: before.y - 10 })
    expect(await window.button('Pen').getAttribute('aria-pressed')).toBe('true')
    const zoom = page.getByRole('spinbutton', { name: 'Zoom in percent' })
    await zoom.fill('200')
    await zoom.press('Enter')
    expect((await sheet()).width).toBeCloseTo(2 * before.width, 0)
    await window.button('Whole page').click()
    expect(await zoom.inputValue()).toBe('100')
  })

  test('a pen draws as wide as it is pressed, with every look, and what is saved shows it', async () => {
    const window = await withLines(await studio.open())
    const { page, paths, pixel } = window
    const session = await page.context().newCDPSession(page)
    const pen = async (type: string, x: number, y: number, force: number): Promise<void> => {
      const at = { ...(await pixel(x, y)), button: 'left', clickCount: 1, pointerType: 'pen', force } as const
      await session.send('Input.dispatchMouseEvent', { ...at, type: type as 'mouseMoved', buttons: 1 })
    }
    await window.button('Pen').click()
    await pen('mousePressed', 30, 200, 0.1)
    for (let i = 1; i <= 15; i++) await pen('mouseMoved', 30 + 10 * i, 200, i / 15)
    await pen('mouseReleased', 180, 200, 0)
    await expect.poll(paths).toHaveLength(5)
    const told = page.getByTestId('sketch-svg').locator('path').nth(4)
    const pressure = numbersIn((await told.getAttribute('data-pressure'))!)
    expect(pressure).toHaveLength(numbersIn((await paths())[4]!).length / 2)
    expect(pressure[0]).toBeLessThan(0.35)
    expect(pressure.at(-1)).toBeGreaterThan(0.85)
    pressure.slice(1).forEach((share, i) => expect(share).toBeGreaterThanOrEqual(pressure[i]! - 0.01))
    await page.keyboard.press('Escape')

    // Every look is another picture of the same lines, and so is every paper.
    const sheet = page.locator('.sheet')
    await window.button('Settings').click()
    const pictures = new Set<string>()
    for (const look of ['Fineliner', 'Marker', 'Brush', 'Pencil', 'Charcoal']) {
      await page.getByRole('radiogroup', { name: 'Pen', exact: true }).getByText(look, { exact: true }).click()
      await page.mouse.move(0, 0)
      pictures.add((await sheet.screenshot()).toString('base64'))
    }
    for (const paper of ['Cream, laid', 'Kraft, with fibres']) {
      await page.getByRole('radiogroup', { name: 'Paper', exact: true }).getByRole('radio', { name: paper }).check()
      await page.mouse.move(0, 0)
      pictures.add((await sheet.screenshot()).toString('base64'))
    }
    expect(pictures.size).toBe(7)
    expect(await paths()).toHaveLength(5)

    // What is carried is painted once: where it is put down it looks the same, and so does what rests meanwhile.
    const seen = () =>
      page.evaluate(() => {
        const small = new OffscreenCanvas(120, 120).getContext('2d')!
        small.drawImage(document.querySelector<HTMLCanvasElement>('.drawing canvas')!, 0, 0, 120, 120)
        return [...small.getImageData(0, 0, 120, 120).data.filter((_, i) => i % 4 === 3)]
      })
    const apart = (a: number[], b: number[]): number => a.reduce((sum, alpha, i) => sum + Math.abs(alpha - b[i]!), 0)
    const atRest = await seen()
    const inked = atRest.reduce((sum, alpha) => sum + alpha)
    await window.to(20, 20)
    await page.keyboard.press('v')
    await page.keyboard.press('Control+a')
    await page.keyboard.down('Shift')
    await window.click(70, 160)
    await page.keyboard.up('Shift')
    await window.to(70, 120)
    await page.mouse.down()
    for (const [x, y] of [
      [80, 100],
      [95, 110],
      [90, 105],
    ] as const)
      await window.to(x, y)
    const carried = await seen()
    await page.mouse.up()
    await page.mouse.move(0, 0)
    const putDown = await seen()
    expect(apart(atRest, putDown)).toBeGreaterThan(inked / 2)
    // Pictures are laid on whole pixels.
    expect(apart(carried, putDown)).toBeLessThan(inked / 5)
    expect((await paths())[3]).toBe(LINES[3])
    near(startOf((await paths())[2]!), [60, 105])
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Escape')
    await window.button('Export').click()
    const saved = (await window.saved('Save SVG')).bytes.toString()
    expect(saved.match(/data-line=/g)).toHaveLength(5)
    expect(saved.match(/data-pressure=/g)).not.toBeNull()
    // It is kept with the work.
    await page.reload()
    await window.waitFor(/^Ready to edit/)
    expect(numbersIn((await told.getAttribute('data-pressure'))!)).toEqual(pressure)

    // Two fingers on a trackpad: pinched, they come as a wheel with Ctrl.
    const before = (await sheet.boundingBox())!
    const [x, y] = [before.x + before.width / 3, before.y + before.height / 3]
    const wheel = (deltaX: number, deltaY: number, modifiers: number) =>
      session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX, deltaY, modifiers })
    for (let i = 0; i < 10; i++) await wheel(0, -5, 2)
    const zoomed = (await sheet.boundingBox())!
    expect(zoomed.width / before.width).toBeCloseTo(Math.exp(0.5), 1)
    expect((x - zoomed.x) / zoomed.width).toBeCloseTo(1 / 3, 1)
    await page.waitForTimeout(300)
    for (let i = 0; i < 4; i++) await wheel(3, 5, 0)
    const moved = (await sheet.boundingBox())!
    expect([moved.x - zoomed.x, moved.y - zoomed.y, moved.width]).toEqual([-12, -20, zoomed.width])
  })

  test('two fingers move and zoom the page, and draw nothing', async () => {
    const window = await withLines(await studio.open({ hasTouch: true }))
    const { page, paths } = window
    await window.button('Pen').click()
    const sheet = async () => (await page.locator('.sheet').boundingBox())!
    const before = await sheet()
    const middle = { x: before.x + before.width / 2, y: before.y + before.height / 2 }
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: xs.map((x, id) => ({ x: middle.x + x, y: middle.y, id })),
      })
    await touch('touchStart', -50)
    await touch('touchMove', -40)
    await touch('touchStart', -40, 50)
    for (let i = 1; i <= 5; i++) await touch('touchMove', -40 - 10 * i, 50 + 8 * i)
    await touch('touchEnd')
    await expect.poll(async () => (await sheet()).width / before.width).toBeCloseTo(2, 0.5)
    expect(await paths()).toEqual(LINES)
    // One finger draws.
    await touch('touchStart', -50)
    for (let i = 1; i <= 5; i++) await touch('touchMove', -50 + 20 * i)
    await touch('touchEnd')
    await expect.poll(paths).toHaveLength(5)
  })
})
