import type { NativeTheme } from 'electron'
import type { Preferences } from '../host/preferences.ts'

/** The system's own parts, and what pages learn by `prefers-color-scheme`, follow the theme that is set. */
export function setupTheme(
  nativeTheme: Pick<NativeTheme, 'themeSource'>,
  preferences: Pick<Preferences, 'app' | 'onChange'>,
): void {
  const apply = (): void => {
    nativeTheme.themeSource = preferences.app.theme
  }
  apply()
  preferences.onChange(apply)
}
