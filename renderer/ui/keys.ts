const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)

/** How a Mac writes the keys that are held down. */
const ON_A_MAC = { Control: '⌘', Shift: '⇧', Alt: '⌥' } as const

/** Keys as people know them: `Control+Z`, which is how ARIA writes them, is Ctrl+Z or ⌘Z. */
export const keysFor = (keys: string): string =>
  isMac
    ? keys.replaceAll(/(Control|Shift|Alt)\+/g, (_, key: keyof typeof ON_A_MAC) => ON_A_MAC[key])
    : keys.replace('Control', 'Ctrl')
