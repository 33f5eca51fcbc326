import type { ExportOptions } from '../api.ts'

/** How the files end that each format makes. */
export const ENDINGS: Record<ExportOptions['format'], string> = {
  'animated-svg': 'animated.svg',
  svg: 'svg',
  png: 'png',
  pdf: 'pdf',
  gif: 'gif',
  webp: 'webp',
  lottie: 'json',
}

/** A title as the name of a file, on any system. */
export function fileName(title: string): string {
  const plain = title
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 100)
  return plain.replace(/^\.+|\.+$/g, '') || 'sketch'
}

/** The name of a file without its ending. */
export function withoutEnding(name: string): string {
  return name.replace(/\.[^.]{1,8}$/, '')
}
