/**
 * How another process of Node is started: without a window of its own, and also where the program is Electron itself,
 * which then behaves like Node.
 */
export function asNode() {
  return { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, windowsHide: true } as const
}
