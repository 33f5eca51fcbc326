export const LAYERS: Readonly<Record<string, readonly string[]>>
export const PACKAGES: Readonly<Record<string, readonly string[]>>
export function partOf(file: string): string | undefined
export function refusal(file: string, specifier: string): string | undefined
