import { decodeHTML } from 'entities'

/**
 * A prompt as CLIP wants it before it is cut into tokens: in plain characters, without HTML, lower case, single spaces.
 * Of what ftfy repairs (CLIP's own texts went through it) this is what people type or paste: text that was read in the
 * wrong encoding, curled quotes, ligatures, full-width letters, control characters.
 */
export function cleanPrompt(prompt: string): string {
  const readable = PLAIN.reduce((text, plain) => plain(text), decodedTwice(prompt))
  const plain = decodeHTML(decodeHTML(readable.normalize('NFC')))
  return plain.replace(/\s+/gu, ' ').trim().toLowerCase()
}

const compatible = (found: string): string => found.normalize('NFKC')

const PLAIN: readonly ((text: string) => string)[] = [
  (text) => text.replace(/[\u02bc\u2018-\u201b]/g, "'"),
  (text) => text.replace(/[\u201c-\u201f]/g, '"'),
  (text) => text.replace(/[\ufb00-\ufb06\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3]/g, compatible), // ligatures
  (text) => text.replace(/[\uff01-\uffef\u3000]/g, compatible), // letters as wide as Chinese ones, or half as wide
  (text) => text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n'),
  (text) =>
    text.replace(/\p{Cc}|[\u206a-\u206f\ufeff\ufff9-\ufffb]/gu, (unseen) => (/[\t\n\f\r]/.test(unseen) ? unseen : '')),
]

/** "cafÃ©" → "café": bytes of UTF-8 that were read as Windows-1252. Real text is hardly ever valid UTF-8 by chance. */
function decodedTwice(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text
  const bytes = Array.from(text, (character) => WINDOWS_1252.get(character) ?? -1)
  if (bytes.includes(-1)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return text
  }
}

/** What Windows-1252 has where Latin-1 has control characters, from 0x80 on. */
const OWN_CHARACTERS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const WINDOWS_1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [OWN_CHARACTERS[byte - 0x80] ?? String.fromCharCode(byte), byte]),
)
