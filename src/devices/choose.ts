import type { Answer } from './ask.ts'
import type { ProbeResult } from './probe.ts'

/** Where to compute, and what its owner should know about that choice, in plain sentences. */
export interface Choice {
  device: string
  notes: string[]
}

/** How well a device's numbers must agree with the CPU's: the angle between them, and their lengths. */
const LEAST_COSINE = 0.9999
const LENGTHS_APART = 0.002

/**
 * Chooses a device. `auto` tries `candidates` one after the other and keeps the fastest of those whose result agrees with
 * the CPU's and that beat it (a software adapter doesn't). One that is named need not be fast; if it can't be had, or
 * is wrong, the CPU computes and a note says so. `ask` tries a device and never fails.
 */
export async function chooseDevice(
  asked: string,
  candidates: readonly string[],
  ask: (device: string) => Promise<Answer>,
): Promise<Choice> {
  const named = asked !== 'auto'
  const onTrial = named ? [asked] : candidates
  if (asked === 'cpu' || onTrial.length === 0) return { device: 'cpu', notes: [] }
  const cpu = await ask('cpu')
  if ('failed' in cpu) return { device: 'cpu', notes: [] }
  let best = { device: 'cpu', milliseconds: named ? Infinity : cpu.milliseconds }
  for (const device of onTrial) {
    const answer = await ask(device)
    const fault = 'failed' in answer ? answer.failed : disagreement(answer, cpu)
    if (named && fault !== undefined) return { device: 'cpu', notes: [instead(device, fault)] }
    if (fault === undefined && 'milliseconds' in answer && answer.milliseconds < best.milliseconds) {
      best = { device, milliseconds: answer.milliseconds }
    }
  }
  return { device: best.device, notes: [] }
}

function instead(device: string, fault: string): string {
  return `Expected to compute with ${device}, but ${fault}: the processor does it instead.`
}

/** How a device's numbers differ from the CPU's, as it reads after "but"; undefined when they agree. */
function disagreement({ values }: ProbeResult, cpu: ProbeResult): string | undefined {
  const wrong = 'its results differ from the processor’s'
  if (values.length !== cpu.values.length) return wrong
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)
  // the loss apart from the gradient: one number would not show among many
  const [loss = NaN, ...gradient] = values
  const [loss2 = NaN, ...gradient2] = cpu.values
  const cosine = dot(gradient, gradient2) / Math.sqrt(dot(gradient, gradient) * dot(gradient2, gradient2))
  const lengths = Math.sqrt(dot(gradient, gradient) / dot(gradient2, gradient2))
  const near = (ratio: number): boolean => Math.abs(ratio - 1) <= LENGTHS_APART
  return cosine >= LEAST_COSINE && near(lengths) && near(loss / loss2) ? undefined : wrong
}
