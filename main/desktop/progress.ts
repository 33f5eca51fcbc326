import type { BrowserWindow } from 'electron'
import type { Translate } from '../../src/words/phrases.ts'
import type { EventName, EventOf } from '../api.ts'

type Shown = Pick<BrowserWindow, 'setProgressBar' | 'isFocused' | 'show' | 'isDestroyed'>

/** How the desktop says that a drawing is done. */
export interface Notify {
  (title: string, body: string, clicked: () => void): void
}

/**
 * Follows the runs of one window: the taskbar shows how far the drawing is, and a notification comes when it is done and
 * nobody is looking.
 */
export function followRuns(window: Shown, notify: Notify, said: Translate = (english) => english) {
  return <E extends EventName>(event: E, data: EventOf<E>): void => {
    if (window.isDestroyed()) return
    if (event === 'frame') window.setProgressBar(shareDone(data as EventOf<'frame'>))
    if (event !== 'run') return
    const { phase, problem } = data as EventOf<'run'>
    if (phase === 'starting' || phase === 'drawing' || phase === 'paused') return
    window.setProgressBar(-1)
    if (window.isFocused() || phase === 'interrupted' || phase === 'stopped') return
    const body = phase === 'done' ? 'Your drawing is done.' : `Your drawing has failed: ${problem?.came ?? ''}`
    notify('Fewline', said(body), () => window.show())
  }
}

/** Of the whole run, 0..1. */
function shareDone({ way, order }: EventOf<'frame'>): number {
  return order ? 1 : way.taken / Math.max(1, way.total)
}
