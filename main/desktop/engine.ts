import type { UtilityProcess } from 'electron'
import { behindArgs } from '../engine/behind.ts'
import type { EngineProcess, FromEngine } from '../engine/protocol.ts'

type Fork = (script: string, args: string[], options: { serviceName: string }) => Child
type Child = Pick<UtilityProcess, 'postMessage' | 'kill'> & {
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'exit', listener: () => void): unknown
}

/** The engine in a process of Electron's. */
export function utilityEngine(fork: Fork, script: string, threads?: number): EngineProcess {
  const child = fork(script, behindArgs(threads), { serviceName: 'Fewline engine' })
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
    onExit: (listener) => child.once('exit', listener),
    kill: () => child.kill(),
  }
}
