import { availableParallelism } from 'node:os'
import { test } from 'vitest'
import { connect, type Door } from '../../main/api.ts'
import { next, testStudio, transports } from '../main/support/studio.ts'

const STEPS = 60
const ROUNDS = 5

/**
 * What it costs to see every step: the same drawing with a frame a step and with none in between, over a WebSocket to a
 * window that reads the frames and draws nothing. Both take turns, so that a busy machine is as busy for both.
 */
test.each([16, 64])('the share of the host at %i strokes', async (strokes) => {
  const host = testStudio()
  const way = await transports.find(({ name }) => name.includes('WebSocket'))!.open(host.studio)
  const door = connect(await way.port())
  await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
  await door.call('change', { settings: { strokes, iterations: STEPS } })
  await secondsOf(door, 1)
  const seen: number[] = []
  const unseen: number[] = []
  const used: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    unseen.push(await secondsOf(door, 1000))
    const before = process.cpuUsage()
    seen.push(await secondsOf(door, 1))
    const { user, system } = process.cpuUsage(before)
    used.push((user + system) / 1e3 / STEPS)
  }
  const ratios = seen.map((seconds, i) => seconds / unseen[i]! - 1).sort((a, b) => a - b)
  const perStep = (times: number[]) => ((1000 * median(times)) / STEPS).toFixed(2)
  console.log(
    `${strokes} strokes, ${availableParallelism()} cores: ${perStep(seen)} ms a step with a frame each, ` +
      `${perStep(unseen)} ms without; the host's share is ${(100 * median(ratios)).toFixed(1)} % ` +
      `(${(100 * ratios[0]!).toFixed(1)} to ${(100 * ratios.at(-1)!).toFixed(1)} %, median of ${ROUNDS}); ` +
      `host and window together use ${median(used).toFixed(2)} ms of a processor for a frame`,
  )
  await way.close()
  host.close()
})

/** From the first frame to the last. */
async function secondsOf(door: Door, frameEvery: number): Promise<number> {
  await door.call('change', { settings: { frameEvery } })
  const first = next(door, 'frame')
  const last = next(door, 'frame', ({ order }) => order !== undefined)
  await door.call('draw', {})
  await first
  const begun = performance.now()
  await last
  return (performance.now() - begun) / 1000
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
