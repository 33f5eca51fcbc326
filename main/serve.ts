import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import open from 'open'
import { forkEngine } from './engine/fork.ts'
import { openStudio } from './host/studio.ts'
import { openPages } from './pages.ts'
import { openServer } from './serve/server.ts'

export interface ServeOptions {
  /** 0 takes any that is free. */
  port: number
  /** Open a browser. */
  open: boolean
  version: string
  /** Fewline's own folder, which holds dist/ and resources/. */
  root?: string
}

/** As it is seen from dist/main, where this file is built to. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `fewline serve`: the studio in a browser of this machine, until `stop` aborts. */
export async function serve(
  { port, open: opens, version, root = ROOT }: ServeOptions,
  stop: AbortSignal,
): Promise<void> {
  const studio = openStudio({
    startEngine: () => forkEngine(join(root, 'dist', 'main', 'engine.js')),
    data: dataFolder(),
    samples: join(root, 'resources', 'samples'),
    version,
  })
  try {
    const server = await openServer(studio, openPages(join(root, 'dist', 'renderer')), port)
    console.log(`Fewline studio: ${server.url}`)
    if (opens) await open(server.url).catch(() => undefined)
    await aborted(stop)
    await server.close()
  } finally {
    studio.close()
  }
}

/** Where this system keeps what programs remember; `FEWLINE_DATA` names another folder. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env['FEWLINE_DATA']) return env['FEWLINE_DATA']
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Fewline')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Fewline')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'fewline')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}
