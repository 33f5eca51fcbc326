/** What may be said to people, as texts with {0}, {1} for values, and where each is written. */
export function phrasesOf(folders?: readonly string[]): {
  phrases: Map<string, string[]>
  /** What could not be followed, by its place. */
  opaque: Map<string, string>
}
