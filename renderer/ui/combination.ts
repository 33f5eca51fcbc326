const NAMES: Readonly<Record<string, string>> = {
  ...{ ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' },
}

/** What is pressed, as ARIA writes it. Signs are what they are, with Shift or without: keyboards differ in that. */
export function combination(event: KeyboardEvent): string {
  const name = nameOf(event)
  const isSign = name.length === 1 && /[^\p{L}←→↑↓]/u.test(name)
  const held = [
    (event.ctrlKey || event.metaKey) && 'Control',
    event.altKey && !isSign && 'Alt',
    event.shiftKey && !isSign && 'Shift',
  ]
  return [...held.filter(Boolean), name].join('+')
}

/** The key alone, as ARIA writes it, whatever is held besides. */
export function nameOf({ key }: KeyboardEvent): string {
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}
