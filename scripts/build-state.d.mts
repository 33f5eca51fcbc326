export function stampOf(root: string): string
export function buildIsCurrent(root: string): boolean
