import type { Precision } from '../onnx/half.ts'
import type { Answer } from './ask.ts'
import type { ProbeResult } from './probe.ts'

/** Where to compute and in which precision, and what its owner should know about that choice, in plain sentences. */
export interface Choice {
  device: string
  precision: Precision
  notes: string[]
}

/** How well a device's numbers must agree with the CPU's: the angle between gradients, and how far lengths are apart. */
const TOLERANCE = {
  single: { cosine: 0.9999, apart: 0.002 },
  half: { cosine: 0.999, apart: 0.01 },
}

/**
 * Chooses a device. `auto` tries `candidates` one after the other and keeps the fastest of those whose result agrees with
 * the CPU's and that beat it (a software adapter doesn't). One that is named need not be fast; if it can't be had, or
 * is wrong, the CPU computes and a note says so. A device computes in half precision where that agrees as well and is
 * faster there. `ask` tries a device, in the precision that is named behind it if any, and never fails.
 */
export async function chooseDevice(
  asked: string,
  candidates: readonly string[],
  ask: (trial: string) => Promise<Answer>,
): Promise<Choice> {
  const cpuComputes = (...notes: string[]): Choice => ({ device: 'cpu', precision: 'single', notes })
  const named = asked !== 'auto'
  const onTrial = named ? [asked] : candidates
  if (asked === 'cpu' || onTrial.length === 0) return cpuComputes()
  const cpu = await ask('cpu')
  if ('failed' in cpu) return cpuComputes()
  let best = { device: 'cpu', milliseconds: named ? Infinity : cpu.milliseconds }
  for (const device of onTrial) {
    const answer = await ask(device)
    const fault = faultOf(answer, cpu, 'single')
    if (named && fault !== undefined) return cpuComputes(instead(device, fault))
    best = faster(answer, best.milliseconds) && fault === undefined ? { device, ...answer } : best
  }
  if (best.device === 'cpu') return cpuComputes()
  const half = await ask(`${best.device} half`)
  const better = faster(half, best.milliseconds) && faultOf(half, cpu, 'half') === undefined
  return { device: best.device, precision: better ? 'half' : 'single', notes: [] }
}

function faster(answer: Answer, milliseconds: number): answer is ProbeResult {
  return 'milliseconds' in answer && answer.milliseconds < milliseconds
}

function instead(device: string, fault: string): string {
  return `Expected to compute with ${device}, but ${fault}: the processor does it instead.`
}

/** Why a device does not compute, as it reads after "but"; undefined when it would. */
export function refusalOf(answer: Answer, cpu: ProbeResult): string | undefined {
  const fault = faultOf(answer, cpu, 'single')
  return fault ?? (faster(answer, cpu.milliseconds) ? undefined : 'the processor is faster')
}

/** Why a device failed, or how its numbers differ from the CPU's, as it reads after "but"; undefined when they agree. */
function faultOf(answer: Answer, cpu: ProbeResult, precision: Precision): string | undefined {
  if ('failed' in answer) return answer.failed
  const { values } = answer
  const wrong = 'its results differ from the processor’s'
  if (values.length !== cpu.values.length) return wrong
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)
  // the loss apart from the gradient: one number would not show among many
  const [loss = NaN, ...gradient] = values
  const [loss2 = NaN, ...gradient2] = cpu.values
  const cosine = dot(gradient, gradient2) / Math.sqrt(dot(gradient, gradient) * dot(gradient2, gradient2))
  const lengths = Math.sqrt(dot(gradient, gradient) / dot(gradient2, gradient2))
  const near = (ratio: number): boolean => Math.abs(ratio - 1) <= TOLERANCE[precision].apart
  return cosine >= TOLERANCE[precision].cosine && near(lengths) && near(loss / loss2) ? undefined : wrong
}
