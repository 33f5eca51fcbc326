/** The process in which a graph is rewritten: see `rewrite.ts`. Its arguments are a model's path, and how to open it. */
import { heedOnlyTheOther } from '../process.ts'
import { openSession, type SessionOptions } from './session.ts'

heedOnlyTheOther()
const [model = '', options = '{}'] = process.argv.slice(2)
await (await openSession(model, JSON.parse(options) as SessionOptions)).dispose()
