import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'

/** The part of Electron's `app` that is used here, so that a test can stand in for it. */
export interface Host {
  /** Whether this is an installed Fewline, or Electron started on a checkout (`electron . …`). */
  isPackaged: boolean
  getAppPath(): string
  exit(code: number): void
}

/** What the command line answers to; anything else that the app is started with is a file to open. */
export const COMMANDS: ReadonlySet<string> = new Set([
  'sketch',
  'watch',
  'worker',
  'queue',
  'draw',
  'edit',
  'models',
  'label',
  'find',
  'bench',
  'diagnostics',
  'serve',
  'help',
])
const isCommand = (argument = ''): boolean => COMMANDS.has(argument) || /^(--help|-h|--version|-V)$/.test(argument)

/** Where the files of an app lie that another process reads: outside of the archive that an installed app is packed in. */
export function unpacked(appPath: string): string {
  return appPath.replace(/app\.asar$/, 'app.asar.unpacked')
}

/**
 * `fewline sketch …`, asked of the desktop app: the engine's command line runs on Electron's own Node, in a process
 * of its own, as the engine always does. Quits with its exit code; resolves to false when nothing was asked.
 */
export async function runCommandLine(host: Host, process: NodeJS.Process = globalThis.process): Promise<boolean> {
  const args = process.argv.slice(host.isPackaged ? 1 : 2)
  if (!isCommand(args[0])) return false
  host.exit(await runAsNode(process, join(unpacked(host.getAppPath()), 'dist', 'engine', 'cli.js'), args))
  return true
}

function runAsNode(process: NodeJS.Process, script: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    const engine = spawn(process.execPath, [script, ...args], { env, stdio: 'inherit' })
    // A Ctrl-C or a closed terminal reaches both: the engine writes what it has drawn so far, and we wait for it.
    const wait = (): void => undefined
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, wait)
    engine.on('error', reject)
    engine.on('exit', (code, signal) => {
      for (const signal of ['SIGINT', 'SIGHUP'] as const) process.off(signal, wait)
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}
