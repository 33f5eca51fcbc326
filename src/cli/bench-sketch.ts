import { spawn } from 'node:child_process'
import type * as Engine from '../index.ts'
import type { DrawRequest, Frame, Preset } from '../index.ts'
import { median, PHOTO, pictures, timed } from './measure.ts'
import { answer } from './say.ts'

/** What of `fewline bench sketch` was typed. */
export interface SketchBenchOptions {
  encoder?: string
  randomWeights?: true
  preset: Preset[]
  device: DrawRequest['device'][]
  threads: number[]
  runs: number
  /** One drawing, in this process. */
  alone?: true
}

/** Steps that are not counted: until then the program is still being compiled. */
const WARM_UP = 12
const PARTS = ['raster', 'views', 'encode', 'backward', 'optimiser'] as const

/**
 * `fewline bench sketch --encoder NAME`: medians of a whole iteration and of its parts, in ms, for each preset and device,
 * what a whole sketch takes at that rate, and the most memory that was taken. Each is measured in a process of its own;
 * resolves to the exit code of the first that fails, else to 0.
 */
export async function benchSketchWith(fewline: typeof Engine, options: SketchBenchOptions): Promise<number> {
  const encoder = `${options.randomWeights ? 'random:' : ''}${options.encoder ?? 'builtin'}`
  if (options.alone) {
    const [preset, device, threads] = [options.preset[0]!, options.device[0]!, options.threads[0]]
    answer(await row(fewline, { photo: PHOTO, encoder, preset, device, threads }, options.runs))
    return 0
  }
  const columns = ['preset  ', 'device', 'precision', 'views', ...PARTS, 'iteration', 'sketch s', 'peak MB']
  answer(`${encoder}, 16 strokes, medians of ${options.runs} in ms`)
  answer(columns.join('  '))
  for (const preset of options.preset) {
    for (const device of options.device) {
      const code = await alone(encoder, preset, device ?? 'cpu', options)
      if (code !== 0) return code
    }
  }
  return 0
}

/** The same command for one preset and device, in another process, so that its peak of memory is its own. */
function alone(
  encoder: string,
  preset: Preset,
  device: string,
  { threads, runs }: SketchBenchOptions,
): Promise<number> {
  const [, program] = process.argv
  const args = ['bench', 'sketch', '--alone', '--encoder', encoder, '--preset', preset, '--device', device]
  if (threads[0] !== undefined) args.push('--threads', String(threads[0]))
  const child = spawn(process.execPath, [program!, ...args, '--runs', String(runs)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

async function row(fewline: typeof Engine, request: DrawRequest, runs: number): Promise<string> {
  const laps: { whole: number; times: Frame['times'] }[] = []
  let before: { at: number; frame: Frame } | undefined
  let last: Frame | undefined
  for await (const frame of fewline.draw({ ...request, iterations: WARM_UP + runs, seeds: 1, frameEvery: 1 })) {
    const now = performance.now()
    if (before && frame.step === before.frame.step + 1 && frame.step > WARM_UP) {
      const { at, frame: earlier } = before
      const spent = Object.entries(frame.times).map(([part, time]) => [part, time - (earlier.times[part] ?? 0)])
      laps.push({ whole: now - at, times: Object.fromEntries(spent) as Frame['times'] })
    }
    before = { at: performance.now(), frame }
    if (frame.views.length > 0 || !last) last = frame
  }
  const { preset = 'standard' } = request
  const peak = process.resourceUsage().maxRSS / 1000
  const batch = 1 + last!.views.length
  const encode = await forward(fewline, request, batch, Math.min(runs, 7))
  const part = (name: string): number => median(laps.map(({ times }) => times[name] ?? 0))
  const parts = { ...{ raster: part('raster'), views: part('views'), encode }, optimiser: part('optimiser') }
  const whole = median(laps.map((lap) => lap.whole))
  const times = { ...parts, backward: Math.max(0, part('encoder') - encode) }
  const plan = fewline.planFor({ preset }, request.encoder === 'builtin' ? 'lines' : 'photo')
  return [
    ...[preset.padEnd(8), last!.device.padEnd(6), last!.precision.padEnd(9), String(last!.views.length).padStart(5)],
    ...PARTS.map((name) => times[name].toFixed(1).padStart(name.length)),
    ...[
      whole.toFixed(0).padStart(9),
      ((fewline.stepsOf(plan) * whole) / 1000).toFixed(0).padStart(8),
      peak.toFixed(0).padStart(7),
    ],
  ].join('  ')
}

/** Looking at as many drawings as an iteration does, without the way back. */
async function forward(fewline: typeof Engine, request: DrawRequest, batch: number, runs: number): Promise<number> {
  const encoder = await fewline.openEncoder(request.encoder!, request)
  const images = pictures(encoder, batch)
  const times: number[] = []
  for (let i = -1; i < runs; i++) {
    const [time] = await timed(() => encoder.encode(images))
    if (i >= 0) times.push(time)
  }
  await encoder.dispose()
  return median(times)
}
