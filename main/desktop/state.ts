import { readFileSync } from 'node:fs'
import type { BrowserWindow, Rectangle } from 'electron'
import { z } from 'zod'
import { writeWhole } from '../../src/temporary.ts'

const stored = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof stored>

const FIRST: WindowState = { width: 1280, height: 800, maximized: false }

/** Where the window was, unless that is on no screen any more. */
export function readWindowState(file: string, screens: readonly Rectangle[]): WindowState {
  try {
    const state = stored.parse(JSON.parse(readFileSync(file, 'utf8')))
    return isVisible(state, screens) ? state : { ...state, x: undefined, y: undefined }
  } catch {
    return FIRST
  }
}

/** Remembers where a window was when it was closed. */
export function setupWindowState(
  window: Pick<BrowserWindow, 'on' | 'getNormalBounds' | 'isMaximized'>,
  file: string,
): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeWhole(file, JSON.stringify(state))
    } catch {
      // It opens where the system puts it.
    }
  })
}

/** Enough of its title bar is on a screen to take hold of it. */
function isVisible({ x, y, width }: WindowState, screens: readonly Rectangle[]): boolean {
  if (x === undefined || y === undefined) return true
  return screens.some((screen) => {
    const overlap = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
    return overlap > 100 && y >= screen.y && y < screen.y + screen.height - 50
  })
}
