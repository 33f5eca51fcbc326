import type { AppSettings } from '../../main/api.ts'

type Theme = AppSettings['theme']

/** The theme that the page came in, which the host knew: no window begins in the wrong one. */
export function themeOfPage(): Theme {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
}
