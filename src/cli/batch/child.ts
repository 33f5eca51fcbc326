/** A process that draws photos one after another: what it is told and what it tells is in `drawers.ts`. */
import * as fewline from '../../index.ts'
import { callOf, type Call } from '../one.ts'
import { outcomeOf, type News, type Order } from './drawers.ts'

const stop = new AbortController()
let call: Promise<Call>

process.on('message', (order: Order) => {
  if ('options' in order) {
    fewline.limitThreads(order.options.threads ?? 1)
    call = callOf(fewline, order.options, stop.signal)
  } else if ('stop' in order) stop.abort()
  else void call.then(async (known) => tell({ outcome: await outcomeOf(order.job, known, HEARS) }))
})
fewline.heedOnlyTheOther()
process.on('disconnect', () => process.exit(0))

const HEARS = {
  way: (way: { taken: number; total: number }) => tell({ way }),
  say: (...lines: readonly string[]) => tell({ lines }),
}

function tell(news: News): void {
  process.send?.(news, () => undefined)
}
