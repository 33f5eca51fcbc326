import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useFolder } from '../cli/fewline.ts'
import { slowly, stubModels, useServer } from '../models/server.ts'
import { tinyFiles, VOCABULARY } from '../support/clip.ts'
import { BROWSER } from './browser.ts'
import { SAMPLES, useStudio } from './studio.ts'

const { weights, vocabulary } = tinyFiles()

// The catalogue is of one small CLIP, on a server of this machine.
describe.skipIf(!BROWSER)('models', () => {
  const folder = useFolder()
  const server = useServer()
  beforeEach(() => {
    const files = [
      { name: 'tiny.pt', content: weights, urls: [server.url('/tiny.pt')] },
      { name: VOCABULARY, content: vocabulary, urls: [server.url('/vocabulary')] },
    ]
    stubModels(folder.path, files)
    server.put('/tiny.pt', weights)
    server.put('/vocabulary', vocabulary)
  })
  afterEach(() => vi.unstubAllEnvs())
  const studio = useStudio()

  test('one is downloaded, draws guided by words, and is removed', async () => {
    const window = await studio.open()
    const { page } = window
    await window.openPhoto(join(SAMPLES, 'flamingo.png'))
    await window.waitFor(/^Ready/)
    expect(await page.getByLabel('Guided by words').count()).toBe(0)
    await page.getByText('Models', { exact: true }).click()
    // One that takes its time shows at once how far it is, and can be cancelled; it goes on there.
    server.put('/tiny.pt', weights, slowly(100, 50))
    await window.button('Download Tiny/1').click()
    const progress = page.getByRole('progressbar', { name: 'Tiny/1' })
    await expect.poll(async () => Number(await progress.getAttribute('value'))).toBeGreaterThan(0.1)
    await window.button('Cancel Tiny/1').click()
    await progress.waitFor({ state: 'detached' })
    await window.button('Download Tiny/1').click()
    await window.button('Remove Tiny/1').waitFor()

    await page.getByText('Engine', { exact: true }).click()
    await page.getByLabel('Encoder').selectOption('Tiny/1')
    await page.getByLabel('Guided by words').fill('a flamingo')
    await window.slider('Strokes').fill('4')
    await page.getByText('Fast', { exact: true }).click()
    await window.button('Draw').click()
    await window.waitFor(/^Done: 4 strokes/)
    expect(await window.paths()).toHaveLength(4)

    await window.button('Remove Tiny/1').click()
    await window.button('Download Tiny/1').waitFor()
  })
})
