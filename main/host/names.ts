/** A title as the name of a file, on any system. */
export function fileName(title: string): string {
  const plain = title
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 100)
  return plain.replace(/^\.+|\.+$/g, '') || 'sketch'
}
