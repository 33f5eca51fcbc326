import { answerAsIs } from './say.ts'
import { version } from './version.ts'

/** `fewline diagnostics`: what a report of a fault needs, and nothing that tells whose machine it is. English, as reports are. */
export async function diagnostics(): Promise<number> {
  const { diagnose } = await import('../index.ts')
  answerAsIs(`Fewline ${version()}, command line`, ...(await diagnose()))
  return 0
}
