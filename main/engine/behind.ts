const FLAG = '--behind='

/** What an engine is started with that works behind others, by so many threads of the processor. */
export function behindArgs(threads?: number): string[] {
  return threads === undefined ? [] : [`${FLAG}${threads}`]
}

/** The way back; undefined for an engine that somebody waits for. */
export function behindOf(args: readonly string[]): number | undefined {
  const given = args.find((arg) => arg.startsWith(FLAG))
  const threads = Number(given?.slice(FLAG.length))
  return Number.isInteger(threads) && threads > 0 ? threads : undefined
}
