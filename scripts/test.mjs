// Runs the tests, the quick ones first, and says at the very end how many passed.
// `--quick` leaves out the slow ones, `--rare` runs those that take long and hardly ever break, and no others; everything else goes to vitest (`npm test -- test/raster`, `-t name`, …).
import { parseCLI, startVitest } from 'vitest/node'

const args = process.argv.slice(2)
const switches = { '--quick': ['quick', 'window'], '--rare': ['rare'] }
const project = Object.entries(switches).find(([name]) => args.includes(name))?.[1] ?? ['quick', 'window', 'slow']
const { filter, options } = parseCLI(['vitest', 'run', ...args.filter((arg) => !(arg in switches))])

// Vitest only sets process.exitCode; it is decided again below, from what was counted.
const vitest = await startVitest('test', filter, {
  ...options,
  watch: false,
  project,
})
const modules = vitest.state.getTestModules()
const stray = vitest.state.getUnhandledErrors().length
await vitest.close()

const tests = modules.flatMap((module) => [...module.children.allTests()])
const count = (state) => tests.filter((test) => test.result().state === state).length
// A file that could not even be read, or a hook that failed, has no failing test to show for it.
const broken = modules.filter((module) => !module.ok() && ![...module.children.allTests('failed')].length).length
const passed = count('passed')
const failed = count('failed') + broken + stray
const skipped = count('skipped')

if (passed + failed === 0) console.log('No test was run.')
const summary = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`
process.stdout.write(summary, () => process.exit(failed > 0 || passed + skipped === 0 ? 1 : 0))
