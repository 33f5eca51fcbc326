/**
 * How another process of Node is started: without a window of its own, and also where the program is Electron itself,
 * which then behaves like Node.
 */
export function asNode() {
  return { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, windowsHide: true } as const
}

/**
 * For a process that works for another one. A Ctrl-C, a closed terminal or a shutdown is told to both; what becomes of the
 * work, the other one says.
 */
export function heedOnlyTheOther(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
}
