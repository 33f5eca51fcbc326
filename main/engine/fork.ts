import { fork } from 'node:child_process'
import { behindArgs } from './behind.ts'
import type { EngineProcess, FromEngine } from './protocol.ts'

/** The engine in a process of Node, as `fewline serve` and the tests have it. `script` is the built `engine/child.ts`. */
export function forkEngine(script: string, threads?: number): EngineProcess {
  const child = fork(script, behindArgs(threads), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  // It is told by `exit`, and by `error` alone where it could not even be started.
  let gone = false
  return {
    post: (message) => {
      if (child.connected) child.send(message)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
    onExit(listener) {
      const once = () => {
        if (!gone) listener()
        gone = true
      }
      child.on('exit', once)
      child.on('error', once)
    },
    kill: () => child.kill('SIGKILL'),
  }
}
