import { rememberedLanguage } from './i18n/remembered.ts'
import { rememberedTheme, showTheme } from './state/theme.ts'
import { NARROW } from './ui/query.ts'
import './styles/base.css'

/** How long a first paint is waited for, in milliseconds. */
const PATIENCE = 500

/** What is seen first, long before the program is there: a still of it, that came with the page (`scripts/still.mjs`). */
const app = document.getElementById('app')!
const language = rememberedLanguage()
document.documentElement.lang = language
showTheme(rememberedTheme())
const name = matchMedia(NARROW).matches ? `${language}-narrow` : language
const template = document.querySelector<HTMLTemplateElement>(`template[data-still="${name}"]`)
if (template) app.append(template.content)
for (const each of document.querySelectorAll('template')) each.remove()

/** Where the still was clicked: what will be there is meant. */
const clicks: MouseEvent[] = []
const remember = (click: MouseEvent): unknown => clicks.push(click)
app.addEventListener('click', remember)

await seen()
const { openWindow } = await import('./window.ts')
await openWindow(app)
app.removeEventListener('click', remember)
const last = clicks.at(-1)
if (last) document.elementFromPoint(last.clientX, last.clientY)?.closest('button')?.click()

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
