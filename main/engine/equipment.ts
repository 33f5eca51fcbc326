import { availableParallelism, cpus } from 'node:os'
import { PRESETS } from '../../src/index.ts'
import type { Equipment } from '../api.ts'

const ABOUT_PRESETS: Record<string, { name: string; about: string }> = {
  fast: { name: 'Fast', about: 'A first look, in about a second' },
  standard: { name: 'Standard', about: 'Good lines in a few seconds' },
  paper: { name: 'Paper', about: 'As published: slow, for encoders that know what is in the photo' },
}

/** What there is to draw with on this machine. */
export async function equipment(): Promise<Equipment> {
  const processor = cpus()[0]?.model.trim() ?? 'CPU'
  return {
    devices: [
      { id: 'auto', name: 'Automatic', available: true },
      { id: 'cpu', name: `${processor} (${availableParallelism()} threads)`, available: true },
    ],
    encoders: [
      { id: 'auto', name: 'Automatic', about: 'The best that is installed', installed: true, readsText: false },
      { id: 'builtin', name: 'Lines', about: 'Sees lines; needs no download', installed: true, readsText: false },
    ],
    presets: Object.entries(PRESETS).map(([id, { lines }]) => ({
      ...{ id, iterations: lines.iterations },
      ...(ABOUT_PRESETS[id] ?? { name: id, about: '' }),
    })),
  }
}
