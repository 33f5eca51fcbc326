import { combination } from './ui/combination.ts'
import './styles/base.css'
import fonts from './styles/fonts.css?url'

/** How long a first paint is waited for, in milliseconds. */
const PATIENCE = 500

/** What is seen first, long before the program is there: a still of it, that came with the page (`scripts/still.mjs`). */
const app = document.getElementById('app')!
const forgetting = new AbortController()
/** What was done to the still is meant for what will be there: its last click, and the keys that the program understands. */
let clicked: MouseEvent | undefined
const keys: KeyboardEvent[] = []
const known = new Set(app.dataset['keys']?.split(' '))
listen('click', (click) => (clicked = click))
listen('keyup', (key) => keys.push(key))
listen('keydown', (key) => {
  if (!known.has(combination(key))) return
  key.preventDefault()
  if (!key.repeat) keys.push(key)
})

await seen()
bringLetters()
const { openWindow } = await import('./window.ts')
await openWindow(app)
forgetting.abort()
if (clicked) document.elementFromPoint(clicked.clientX, clicked.clientY)?.closest('button')?.click()
for (const key of keys) document.body.dispatchEvent(new KeyboardEvent(key.type, key))

function listen<E extends 'click' | 'keydown' | 'keyup'>(what: E, listener: (event: WindowEventMap[E]) => void): void {
  addEventListener(what, listener, { signal: forgetting.signal })
}

/** What is seen has letters of the system until then: its own would hold it up. */
function bringLetters(): void {
  document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: fonts }))
}

/** When that has been painted, which nothing should hold up; a page in the background is not, and goes on all the same. */
function seen(): Promise<unknown> {
  if (document.visibilityState === 'hidden') return Promise.resolve()
  const painted = new Promise<void>((resolve) => {
    new PerformanceObserver((entries) => {
      if (entries.getEntriesByName('first-contentful-paint').length > 0) resolve()
    }).observe({ type: 'paint', buffered: true })
  })
  return Promise.race([painted, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
}
