/**
 * Trains the eye: `npm run eye`, or `node scripts/eye.mjs train [--folder FOLDER] [--scenes N] [--steps N] [--threads N]
 * [--minutes N] [--from STATE] [--out FOLDER]`. It makes its scenes beside the training, keeps them and its state in the
 * folder, and goes on where it was stopped or killed, to the same weights. See scripts/eye/README.md.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { eyeGraph } from './training/export.ts'
import { parametersOf } from './training/graph.ts'
import { measuredWeights } from './training/measured.ts'
import { HELD_OUT, planOf, rateAt } from './training/plan.ts'
import { Pool } from './training/pool.ts'
import { begin, byName, readState, writeState } from './training/state.ts'
import { LOSSES, type Told, Trainer } from './training/training.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.fewline/eye' },
    scenes: { type: 'string', default: '8000' },
    'held-out': { type: 'string', default: String(HELD_OUT.count) },
    steps: { type: 'string', default: '16000' },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    minutes: { type: 'string', default: 'Infinity' },
    from: { type: 'string' },
    out: { type: 'string' },
  },
})
const [scenes, heldOutCount, steps, seed, threads, minutes] = (
  ['scenes', 'held-out', 'steps', 'seed', 'threads', 'minutes'] as const
).map((name) => {
  const number = Number(values[name])
  if (values[name] && (Number.isSafeInteger(number) || name === 'minutes') && number >= (name === 'seed' ? 0 : 1))
    return number
  return refuse(`a whole number after --${name}`, `got "${values[name]}"`, 'see scripts/eye/README.md')
}) as [number, number, number, number, number, number]

/** How often losses are told, and the state is written, in steps and milliseconds; and the held-out scenes are looked at. */
const TELL_EVERY = 100
const WRITE_EVERY = 120_000
const MEASURE_EVERY = 1000

const plan = planOf(steps, seed, scenes)
const parameters = parametersOf(plan.widths)
const count = begin(parameters, seed).weights.length
mkdirSync(values.folder, { recursive: true })
const statePath = join(values.folder, 'state.bin')
const startPath = existsSync(statePath) ? statePath : values.from
const state = startPath ? readState(startPath, count) : begin(parameters, seed)

const pool = new Pool(join(values.folder, 'scenes'), 0, scenes)
const heldOut = new Pool(join(values.folder, 'held-out'), HELD_OUT.first, heldOutCount)
const trainer = new Trainer(plan, threads)
const begun = performance.now()
const minutesGone = (): number => (performance.now() - begun) / 60_000
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

console.log(`${count} weights; from step ${state.step} to ${steps}, learning in ${values.folder}`)
let told: Told[] = []
let written = performance.now()
try {
  while (state.step < steps && !stop.signal.aborted && minutesGone() < minutes) {
    const made = await pool.upTo(plan.pool(state.step), stop.signal)
    if (made.length < plan.pool(state.step)) break
    told.push(await trainer.step(state, made))
    // A run blocks the thread: signals are heard in between.
    await new Promise((resolve) => setImmediate(resolve))
    if (state.step % TELL_EVERY === 0) tell()
    if (state.step % MEASURE_EVERY === 0) await measure()
    if (performance.now() - written > WRITE_EVERY) write()
  }
  write()
  if (state.step >= steps) await finish()
} finally {
  pool.dispose()
  heldOut.dispose()
  await trainer.dispose()
}

function tell(): void {
  const means = LOSSES.map(
    (name) => `${name} ${(told.reduce((sum, one) => sum + one[name], 0) / told.length).toFixed(4)}`,
  )
  const { user, system } = process.cpuUsage()
  const time = `${minutesGone().toFixed(1)} min, ${((user + system) / 60e6).toFixed(1)} of a processor`
  console.log(`step ${state.step}: ${means.join(', ')}; rate ${rateAt(plan, state.step).toExponential(1)}; ${time}`)
  told = []
}

async function measure(): Promise<void> {
  const unseen = await heldOut.upTo(heldOutCount, stop.signal)
  const { f, precision, recall, overlap } = await measuredWeights(
    plan.widths,
    byName(parameters, state.average),
    unseen,
  )
  const lines = `lines F ${f.toFixed(3)} (precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)})`
  console.log(`step ${state.step}, ${unseen.length} held-out scenes: ${lines}, figure IoU ${overlap.toFixed(3)}`)
}

function write(): void {
  writeState(statePath, state)
  written = performance.now()
}

/** The eye, and the state it was left in. */
async function finish(): Promise<void> {
  await measure()
  const folder = values.out ?? values.folder
  mkdirSync(folder, { recursive: true })
  const model = writeModel(eyeGraph(plan.widths, byName(parameters, state.average)))
  writeFileSync(join(folder, 'eye.onnx'), model)
  writeState(join(folder, 'trained.bin'), state, true)
  console.log(`${join(folder, 'eye.onnx')}: ${Math.round(model.length / 1000)} kB`)
}

function refuse(expected: string, came: string, todo: string): never {
  console.error(`Expected ${expected}, but ${came}: ${todo}.`)
  process.exit(2)
}
