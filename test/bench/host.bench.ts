import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connect, type Door, encode, type Frame, type Port } from '../../main/api.ts'
import { serve, type Served } from '../e2e/serve.ts'
import { next, socketTo } from '../main/support/studio.ts'

const STEPS = 100
const PAIRS = 12
/** Frames that are sent alone, and milliseconds between them, as between steps. */
const SENT = 400
const PAUSE = 5

/** What a drawing took from its first frame to its last: seconds, and processor time of engine and host, in ms a step. */
interface Cost {
  seconds: number
  engine: number
  host: number
}

/**
 * What it costs to see every step. The same drawing is made with a frame a step and with none in between, by a real
 * `fewline serve` with a window over a WebSocket that takes the frames and draws nothing. They take turns, so that a busy
 * machine is as busy for both. Told twice: by the clock, and by the processor time of the processes. The window is this
 * process, and does not count.
 */
test.each([16, 64])('the share of the host at %i strokes', async (strokes) => {
  const served = await serve()
  const door = await enter(served)
  await door.call('change', { settings: { strokes, iterations: STEPS } })
  await costOf(served, door, 1)
  const pairs: { seen: Cost; unseen: Cost }[] = []
  for (let i = 0; i < PAIRS; i++) {
    // Each goes first as often as the other.
    const first = await costOf(served, door, i % 2 ? 1 : 1000)
    const second = await costOf(served, door, i % 2 ? 1000 : 1)
    pairs.push(i % 2 ? { seen: first, unseen: second } : { seen: second, unseen: first })
  }
  const last = next(door, 'frame', ({ order }) => order !== undefined)
  await door.call('draw', {})
  const sending = await sendingCost(await last)
  await served.close()

  const slower = spread(pairs.map(({ seen, unseen }) => 100 * (1 - unseen.seconds / seen.seconds)))
  const engine = median(pairs.map(({ unseen }) => unseen.engine))
  const host = median(pairs.map(({ seen, unseen }) => seen.host - unseen.host))
  console.log(
    `${strokes} strokes, ${availableParallelism()} cores, ${PAIRS} pairs of ${STEPS} steps.\n` +
      `By processor time a step: engine ${engine.toFixed(2)} ms, its sending ${sending.toFixed(2)} ms, host ` +
      `${host.toFixed(2)} ms: the host's share is ${((100 * (host + sending)) / engine).toFixed(1)} %.\n` +
      `By the clock: ${perStep(pairs.map(({ seen }) => seen))} ms a step with a frame each, ` +
      `${perStep(pairs.map(({ unseen }) => unseen))} ms without; throughput is ${slower} % lower.`,
  )
  expect(engine).toBeGreaterThan(0)
})

async function enter({ url }: Served): Promise<Door> {
  const door = connect(lazy(await socketTo(url)))
  await door.call('hello', {})
  await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
  return door
}

/** A window that takes frames and does nothing with them, but for the last of a run: what it did would take the engine's cores. */
function lazy(port: Port): Port {
  const isIdle = (message: Buffer): boolean => message.indexOf('{"event":"frame"') === 4 && !message.includes('"order"')
  return {
    ...port,
    onMessage: (listener) =>
      port.onMessage((message) => {
        const { buffer, byteOffset, byteLength } = message
        if (!isIdle(Buffer.from(buffer, byteOffset, byteLength))) listener(message)
      }),
  }
}

async function costOf(served: Served, door: Door, frameEvery: number): Promise<Cost> {
  await door.call('change', { settings: { frameEvery } })
  const first = next(door, 'run', ({ phase }) => phase === 'drawing')
  const last = next(door, 'frame', ({ order }) => order !== undefined)
  await door.call('draw', {})
  await first
  const [engine] = served.engines()
  const before = { at: performance.now(), engine: processorTime(engine), host: processorTime(served.pid) }
  await last
  return {
    seconds: (performance.now() - before.at) / 1000,
    engine: (processorTime(engine) - before.engine) / STEPS,
    host: (processorTime(served.pid) - before.host) / STEPS,
  }
}

/** Milliseconds of processor time that the threads of a process have used. Linux tells; elsewhere it is not known. */
function processorTime(pid: number | undefined): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
    return nanoseconds.reduce((sum, text) => sum + parseFloat(text) / 1e6, 0)
  } catch {
    return NaN
  }
}

/** Milliseconds of processor time that a process takes to write a frame and send it to another one, as the engine does. */
async function sendingCost(data: Frame): Promise<number> {
  const listener = fork('-', [], { serialization: 'advanced', stdio: ['pipe', 'ignore', 'ignore', 'ipc'] })
  listener.stdin?.end('process.on("message", () => undefined)')
  await setTimeout(500)
  const used: number[] = []
  for (let i = 0; i < SENT; i++) {
    await setTimeout(PAUSE)
    const before = process.cpuUsage()
    listener.send({ id: 1, item: { message: encode({ event: 'frame', data }) } })
    const { user, system } = process.cpuUsage(before)
    used.push((user + system) / 1000)
  }
  listener.disconnect()
  return median(used)
}

function perStep(costs: readonly Cost[]): string {
  return ((1000 * median(costs.map(({ seconds }) => seconds))) / STEPS).toFixed(2)
}

/** The median, and between which values half of all lie. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const [low, high] = [sorted[sorted.length >> 2]!, sorted[(3 * sorted.length) >> 2]!]
  return `${median(values).toFixed(1)} (half of the pairs: ${low.toFixed(1)} to ${high.toFixed(1)})`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
