import type { Messages } from '../i18n/en.ts'

interface Item {
  readonly id: string
  readonly name: string
  readonly about?: string
}

/** What the host offers, in the language of the window where it has words for it; the host itself speaks English. */
export function spoken<T extends Item>(kind: keyof Messages['equipment'], item: T, t: Messages): T {
  return { ...item, ...t.equipment[kind][item.id] }
}
