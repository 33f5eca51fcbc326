import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLI } from '../cli/fewline.ts'

/** A real `fewline serve`, with a folder of its own for what it remembers. */
export interface Served {
  readonly url: string
  /** Its own process id. */
  readonly pid: number
  /** Process ids of the engines that it runs; empty where the system does not tell. */
  engines(): number[]
  close(): Promise<void>
}

export async function serve(): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), 'fewline-e2e-'))
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--no-open'], {
    env: { ...process.env, FEWLINE_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    url: await addressOf(child),
    pid: child.pid!,
    engines: () => childrenOf(child.pid),
    async close() {
      const ended = new Promise((resolve) => child.on('exit', resolve))
      child.kill('SIGINT')
      await ended
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
