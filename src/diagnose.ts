import { arch, cpus, platform, release, totalmem } from 'node:os'
import { triedDevices } from './devices/devices.ts'
import { impersonal } from './impersonal.ts'
import { freeMemory } from './memory.ts'
import { listModels } from './models/store.ts'
import { runtimeVersion } from './onnx/session.ts'

/** What the reader of a report needs to know of the machine, a line each: English, and nothing that tells whose it is. */
export async function diagnose(): Promise<string[]> {
  const [processor] = cpus()
  const devices = await triedDevices()
  const models = listModels().filter(({ installed }) => installed)
  return [
    `System: ${platform()} ${release()}, ${arch()}, Node ${process.versions.node}`,
    `Processor: ${processor?.model.trim() ?? 'unknown'}, ${cpus().length} threads`,
    `Memory: ${gigabytes(totalmem())} in all, ${gigabytes(freeMemory())} free, ${gigabytes(process.memoryUsage().rss)} taken by the engine`,
    `Runtime: ONNX Runtime ${runtimeVersion()}`,
    ...devices.map(({ device, refusal, milliseconds }) => {
      const took = milliseconds === undefined ? '' : ` (${milliseconds.toFixed(1)} ms)`
      return `Device ${device}${took}: ${refusal === undefined ? 'computes' : `not used, ${impersonal(refusal)}`}`
    }),
    // A model that was imported may be named by its owner.
    `Models: ${models.map(({ name, imported, missing }) => `${imported ? 'imported' : name}${missing > 0 ? ' (incomplete)' : ''}`).join(', ') || 'none'}`,
  ]
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
