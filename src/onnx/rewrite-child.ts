/** The process in which a graph is rewritten: see `rewrite.ts`. Its arguments are a model's path, and how to open it. */
import { openSession, type SessionOptions } from './session.ts'

// A Ctrl-C in a terminal reaches us as well; whoever waits for us says what becomes of the drawing.
process.on('SIGINT', () => undefined)
const [model = '', options = '{}'] = process.argv.slice(2)
await (await openSession(model, JSON.parse(options) as SessionOptions)).dispose()
