/** A process that draws: what it is told and what it tells is in `messages.ts`. Its parent may outlive it. */
import { setImmediate } from 'node:timers/promises'
import { draw } from '../../draw.ts'
import { FewlineError } from '../../errors.ts'
import { heedOnlyTheOther } from '../../process.ts'
import type { DrawRequest } from '../request.ts'
import type { News, Order } from './messages.ts'

const stop = new AbortController()
process.on('message', (order: Order) => {
  if ('draw' in order) void drawAll(order.draw)
  else stop.abort()
})
heedOnlyTheOther()
process.on('disconnect', () => process.exit(0))

async function drawAll(request: DrawRequest): Promise<void> {
  try {
    for await (const frame of draw(request, stop.signal)) {
      await tell({ frame })
      // Orders are heard between frames.
      await setImmediate()
    }
    await tell({ end: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    await tell({ failure: { message, ...(error instanceof FewlineError && { problem: error.problem }) } })
  }
  process.disconnect()
}

function tell(news: News): Promise<void> {
  return new Promise((resolve) => process.send?.(news, undefined, undefined, () => resolve()))
}
