import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import open from 'open'
import { forkEngine } from './engine/fork.ts'
import { makePrivate } from './host/private.ts'
import { refuse } from './host/problems.ts'
import { openStudio } from './host/studio.ts'
import { openPages } from './pages.ts'
import { INVITED } from './serve/guard.ts'
import { openServer, type StudioServer } from './serve/server.ts'

export interface ServeOptions {
  /** 0 takes any that is free. */
  port: number
  /** Open a browser. */
  open: boolean
  version: string
  /** Where the drawings of a batch go: a page can't name a folder of this machine. */
  output?: string | undefined
  /** Fewline's own folder, which holds dist/ and resources/. */
  root?: string
}

/** As it is seen from dist/main, where this file is built to. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `fewline serve`: the studio in a browser of this machine, until `stop` aborts. */
export async function serve(
  { port, open: opens, version, output, root = ROOT }: ServeOptions,
  stop: AbortSignal,
): Promise<void> {
  const studio = openStudio({
    results: output === undefined ? undefined : await resultsIn(output),
    startEngine: (threads) => forkEngine(join(root, 'dist', 'main', 'engine.js'), threads),
    data: dataFolder(),
    samples: join(root, 'resources', 'samples'),
    version,
  })
  try {
    const server = await openServer(studio, openPages(join(root, 'dist', 'renderer')), port)
    console.log(`Fewline studio: ${server.url}`)
    const closeLetter = opens ? await openBrowser(dataFolder(), server) : undefined
    await aborted(stop)
    closeLetter?.()
    await server.close()
  } finally {
    studio.close()
  }
}

/**
 * Opens a browser. What a program is started with, other users of the machine can read: so that is the path of a file which
 * is the user's alone, and leads to an address that holds once, within a minute. The function that comes back removes it.
 */
export async function openBrowser(
  folder: string,
  server: Pick<StudioServer, 'invite'>,
  start: (path: string) => Promise<unknown> = open,
): Promise<() => void> {
  const letter = join(folder, `open-${randomUUID()}.html`)
  const remove = (): void => rmSync(letter, { force: true })
  try {
    makePrivate(folder)
    const page = `<!doctype html><meta charset="utf-8"><title>Fewline</title><meta http-equiv="refresh" content="0; url=${server.invite()}">\n`
    writeFileSync(letter, page, { mode: 0o600, flag: 'wx' })
    setTimeout(remove, INVITED).unref()
    await start(letter)
  } catch {
    // The address has been printed.
  }
  return remove
}

/** Where this system keeps what programs remember; `FEWLINE_DATA` names another folder. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env['FEWLINE_DATA']) return env['FEWLINE_DATA']
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Fewline')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Fewline')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'fewline')
}

/** The folder that was named for results. Throws a StudioError when it is none. */
async function resultsIn(folder: string): Promise<string> {
  const about = await stat(folder).catch(() => undefined)
  if (!about?.isDirectory()) throw refuse('--output to name a folder', `"${folder}" is none`, 'create it first')
  return resolve(folder)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}
