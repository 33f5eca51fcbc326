/** What a stream is given to work with. */
export interface Flow<Item> {
  signal: AbortSignal
  emit(item: Item): void
  /** Waits while the stream is paused, and lets messages be heard. */
  pass(): Promise<void>
}
