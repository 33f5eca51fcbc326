import type { AppSettings } from '../../main/api.ts'

type Theme = AppSettings['theme']

const KEY = 'fewline.theme'

/** The theme that a window of this browser had last: until the host says which, so that no window begins in the wrong one. */
export function rememberedTheme(): Theme {
  const known = localStorage.getItem(KEY)
  return known === 'light' || known === 'dark' ? known : 'system'
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  localStorage.setItem(KEY, theme)
}
