/** A system and a processor, as Node names them. */
export interface Target {
  platform: string
  arch: string
}
export const TARGETS: readonly Target[]
export const LIMIT: number
export function report(root: string, say: (line: string) => void): boolean
export function packedFiles(root: string, target: Target, elsewhere?: string): { path: string; source: string }[]
