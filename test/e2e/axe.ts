import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What keeps anyone from using a page, as axe finds it. */
export async function faultsIn(page: Page): Promise<string[]> {
  // As a whole: the page's policy runs no scripts of others.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
