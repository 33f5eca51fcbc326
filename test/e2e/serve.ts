import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLI } from '../cli/fewline.ts'

/** A real `fewline serve`, with a folder of its own for what it remembers. */
export interface Served {
  readonly url: string
  /** Where it keeps what it remembers. */
  readonly data: string
  /** Its own process id. */
  readonly pid: number
  /** Process ids of the engines that it runs; empty where the system does not tell. */
  engines(): number[]
  /** Ends it by a signal, and leaves what it remembers. */
  end(signal: NodeJS.Signals): Promise<void>
  close(): Promise<void>
}

/**
 * `data`: the folder of an earlier one, to find what that has left. `command`: another Fewline than that of the checkout.
 * `more`: further options.
 */
export async function serve(
  data = mkdtempSync(join(tmpdir(), 'fewline-e2e-')),
  [program = '', ...args]: readonly string[] = [process.execPath, CLI],
  more: readonly string[] = [],
): Promise<Served> {
  const child = spawn(program, [...args, 'serve', '--port', '0', '--no-open', ...more], {
    env: { ...process.env, FEWLINE_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    data,
    url: await addressOf(child),
    pid: child.pid!,
    engines: () => childrenOf(child.pid),
    end,
    async close() {
      await end('SIGINT')
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [address] = /http:\/\/\S+/.exec(said) ?? []
      if (address) resolve(address)
    })
    child.on('exit', (code) => reject(new Error(`fewline serve ended with ${code ?? 'a signal'}: ${said}`)))
  })
}

function childrenOf(pid: number | undefined): number[] {
  const list = `/proc/${pid ?? 0}/task/${pid ?? 0}/children`
  if (!existsSync(list)) return []
  return readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number)
}
