import { spawn } from 'node:child_process'
import { z } from 'zod'
import { asNode } from '../process.ts'
import { ownProgram } from '../resources.ts'
import type { ProbeResult } from './probe.ts'

/** What became of trying a device. */
export type Answer = ProbeResult | { failed: string }

export const ANSWER: z.ZodType<Answer> = z.union([
  z.object({ values: z.array(z.number()), milliseconds: z.number().positive() }),
  z.object({ failed: z.string() }),
])

export interface AskOptions {
  /** The program that tries the device; the engine's own when absent. */
  program?: string
  /** Milliseconds after which a silent process counts as hung. */
  patience?: number
}

export const OWN_PROGRAM = ownProgram('probe-child')
/** A first start of a graphics driver may compile for a while. */
const PATIENCE = 60_000

/**
 * Tries a device ("webgpu", or "webgpu half" for half precision) in a process of its own, because a fault in a driver ends
 * or hangs the process that meets it. Whatever happens there, this resolves, to what was measured or to why it failed, as
 * it reads after "but".
 */
export function ask(trial: string, { program = OWN_PROGRAM, patience = PATIENCE }: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...trial.split(' ')], {
      ...asNode(),
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: patience,
      killSignal: 'SIGKILL',
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
    child.on('error', ({ message }) => resolve({ failed: `it could not be tried (${message})` }))
    child.on('close', (code, signal) => {
      if (child.killed) resolve({ failed: `it did not answer within ${patience / 1000} seconds` })
      else if (code !== 0) resolve({ failed: `it ended the process that tried it (${signal ?? `code ${code}`})` })
      else resolve(answerIn(text))
    })
  })
}

function answerIn(text: string): Answer {
  try {
    return ANSWER.parse(JSON.parse(text))
  } catch {
    return { failed: 'it gave no sensible answer' }
  }
}
