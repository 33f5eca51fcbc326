import type { Locator } from 'playwright-core'
import { expect } from 'vitest'

/** Goes on by the Tab key until it has the focus. */
export async function byTab(target: Locator): Promise<void> {
  const has = () => target.evaluateAll((all) => all.some((each) => each === document.activeElement))
  for (let i = 0; i < 200 && !(await has()); i++) await target.page().keyboard.press('Tab')
  expect(await has(), String(target)).toBe(true)
}
