export const WORDS: Readonly<Record<string, readonly [red: number, green: number, blue: number]>>
export function writeColours(folder: string): string
