/** The throwaway process in which a device is tried: prints what `probe` found, or why it could not, as one line of JSON. */
import { FewlineError } from '../errors.ts'
import { heedOnlyTheOther } from '../process.ts'
import { probe } from './probe.ts'

heedOnlyTheOther()
const [device = 'cpu', precision = 'single'] = process.argv.slice(2)
try {
  console.log(JSON.stringify(await probe(device, precision === 'half' ? 'half' : 'single')))
} catch (error) {
  const came = error instanceof FewlineError ? error.problem.came : String(error)
  console.log(JSON.stringify({ failed: came }))
}
