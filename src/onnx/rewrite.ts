import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { asNode } from '../process.ts'
import { ownProgram } from '../resources.ts'
import { openSession, type SessionOptions } from './session.ts'

const OWN_PROGRAM = ownProgram('rewrite-child')

/**
 * Lets the runtime rewrite the model in a file, and save it as `options.saveAs` says. That takes several times the memory
 * of the weights, much of which a process keeps for good: so it happens in one of its own. Throws when it comes to nothing.
 */
export async function rewrite(model: string, options: SessionOptions): Promise<void> {
  if (!existsSync(OWN_PROGRAM)) return (await openSession(model, options)).dispose()
  await promisify(execFile)(process.execPath, [OWN_PROGRAM, model, JSON.stringify(options)], asNode())
}
