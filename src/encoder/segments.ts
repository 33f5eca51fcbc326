/** Words of whatever script, also where there are no spaces between them. */
const WORDS = new Intl.Segmenter('en', { granularity: 'word' })

/** Where each word of a text begins and ends. */
export function wordsIn(text: string): { from: number; to: number }[] {
  return Array.from(WORDS.segment(text)).flatMap(({ index, segment, isWordLike }) =>
    isWordLike ? [{ from: index, to: index + segment.length }] : [],
  )
}
