import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BROWSER } from './browser.ts'
import { SAMPLES, useStudio, type Window } from './studio.ts'

const STROKES = 64
const WATCHED = 4000

/** Tells what the page has spent so far, in seconds. */
async function meter({ page }: Window): Promise<() => Promise<{ script: number; all: number }>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const valueOf = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0
    return { script: valueOf('ScriptDuration'), all: valueOf('TaskDuration') }
  }
}

describe.skipIf(!BROWSER)('while the engine works', () => {
  const studio = useStudio()

  test('the window shows every step, and says what that costs', async () => {
    const window = await studio.open()
    await window.openPhoto(join(SAMPLES, 'cactus.jpg'))
    await window.slider('Strokes').fill(String(STROKES))
    await window.drawLong()
    await expect.poll(window.paths).toHaveLength(STROKES)

    const spent = await meter(window)
    const before = await spent()
    const { shown, pictures, seconds } = await window.page.evaluate(async (watched) => {
      const mirror = document.querySelector('[data-testid=sketch-svg]')!
      let [shown, pictures] = [0, 0]
      const observer = new MutationObserver(() => shown++)
      observer.observe(mirror, { subtree: true, attributes: true })
      const start = performance.now()
      await new Promise<void>((resolve) => {
        const count = (now: number): void => {
          pictures++
          if (now - start < watched) requestAnimationFrame(count)
          else resolve()
        }
        requestAnimationFrame(count)
      })
      observer.disconnect()
      return { shown, pictures, seconds: (performance.now() - start) / 1000 }
    }, WATCHED)
    const after = await spent()

    const cost = (what: 'script' | 'all'): string => `${((1000 * (after[what] - before[what])) / shown).toFixed(1)} ms`
    console.log(
      `${STROKES} strokes, a frame every step: ${(pictures / seconds).toFixed(0)} pictures a second, ` +
        `${(shown / seconds).toFixed(0)} frames of the drawing; a frame costs ${cost('script')} of script, ${cost('all')} in all`,
    )
    expect(shown).toBeGreaterThan(5)
    expect(pictures).toBeGreaterThanOrEqual(shown)
  })
})
