import type { z } from 'zod'
import {
  type Command,
  commands,
  decode,
  encode,
  type Port,
  type Problem,
  type ReplyOf,
  type RequestOf,
  StudioError,
} from '../api.ts'
import { asked, MOST_ASKED } from '../api/messages.ts'
import { problemOf } from './problems.ts'

/** Characters: what is wrong with a message is told in a line, whatever came. */
const MOST_DETAILS = 500

/** One answer for every command. */
export type Handlers = {
  [C in Command]: (request: RequestOf<C>) => ReplyOf<C> | Promise<ReplyOf<C>>
}

/**
 * Answers the commands that come through a port. Every message is checked before anyone sees it; what is no message at
 * all closes the port, because who sends such a thing is no window of ours.
 */
export function answer(
  port: Port,
  handlers: Handlers,
  failed: (command: string, problem: Problem) => void = () => undefined,
): void {
  port.onMessage((bytes) => {
    let message
    try {
      message = asked.parse(decode(bytes, MOST_ASKED))
    } catch {
      port.close()
      return
    }
    const { id } = message
    obey(handlers, message).then(
      (reply) => port.send(encode({ id, reply })),
      (error: unknown) => {
        const problem = problemOf(error)
        failed(message.command, problem)
        port.send(encode({ id, problem }))
      },
    )
  })
}

async function obey(
  handlers: Handlers,
  { command, request }: { command: string; request?: unknown },
): Promise<unknown> {
  if (!isCommand(command)) throw misunderstood(`"${command.slice(0, 100)}" is none`)
  const parsed = commands[command].request.safeParse(request)
  if (!parsed.success) throw misunderstood(`"${command}" came with something else`, firstOf(parsed.error))
  return (handlers[command] as (request: unknown) => unknown)(parsed.data)
}

/** The first of what is wrong, and where: however much there is, it is told in a line. */
function firstOf({ issues: [first] }: z.ZodError): string | undefined {
  return first && `${first.path.join('.')}: ${first.message}`.slice(0, MOST_DETAILS)
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(commands, name)
}

function misunderstood(came: string, details?: string): StudioError {
  return new StudioError({ kind: 'call', expected: 'a command', came, todo: 'reload the window', details })
}
