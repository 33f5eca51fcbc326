const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)

/** Keys as people know them: `Control+Z`, which is how ARIA writes them, is Ctrl+Z or ⌘Z. */
export const keysFor = (keys: string): string =>
  isMac ? keys.replace('Control+', '⌘').replace('Shift+', '⇧') : keys.replace('Control', 'Ctrl')
