import { availableParallelism, cpus } from 'node:os'
import { listModels, MODES, PRESETS, supportedDevices } from '../../src/index.ts'
import type { Encoder, Equipment, EquipmentDevice, Model, PresetInfo } from '../api.ts'

const PRESET_WORDS: Record<string, { name: string; about: string }> = {
  fast: { name: 'Fast', about: 'A first look, in about a second' },
  standard: { name: 'Standard', about: 'Good lines in a few seconds' },
  paper: { name: 'Paper', about: 'As published: slow, for encoders that know what is in the photo' },
}

/** Graphics cards by the way to reach them. */
const DEVICE_WORDS: Record<string, string> = {
  webgpu: 'Graphics card (WebGPU)',
  cuda: 'NVIDIA graphics card (CUDA)',
  dml: 'Graphics card (DirectML)',
  coreml: 'Apple Core ML',
}

/** What there is to draw with on this machine. */
export async function equipment(): Promise<Equipment> {
  return { devices: devices(), encoders: encoders(), presets: presets(), modes: [...MODES] }
}

function devices(): EquipmentDevice[] {
  const processor = cpus()[0]?.model.trim() ?? 'Processor'
  const cards = supportedDevices().flatMap((id) => (DEVICE_WORDS[id] ? [{ id, name: DEVICE_WORDS[id] }] : []))
  const threads = availableParallelism()
  return [
    { id: 'auto', name: 'Automatic' },
    { id: 'cpu', name: `${processor}, ${threads} ${threads === 1 ? 'thread' : 'threads'}` },
    ...cards,
  ].map((device) => ({ ...device, available: true }))
}

function encoders(): Encoder[] {
  const eyes = listModels().filter(({ kind }) => kind === 'encoder')
  const models = eyes.map(({ name, purpose, installed }) => {
    return { id: name, name, about: purpose, installed, readsText: true, model: name }
  })
  const readsText = models.some(({ installed }) => installed)
  return [
    { id: 'auto', name: 'Automatic', about: 'The best that is installed', installed: true, readsText },
    { id: 'builtin', name: 'Lines', about: 'Sees lines; needs no download', installed: true, readsText: false },
    ...models,
  ]
}

function presets(): PresetInfo[] {
  return Object.entries(PRESETS).map(([id, { lines }]) => {
    return { id, iterations: lines.iterations, ...(PRESET_WORDS[id] ?? { name: id, about: '' }) }
  })
}

/** The models of the catalogue and those that were imported. Which are being downloaded, the host knows. */
export async function models(): Promise<Omit<Model, 'downloading'>[]> {
  return listModels().map(({ name, kind, purpose, unlocks, licence, bytes, installed }) => {
    return { name, kind, about: unlocks === '' ? purpose : `${purpose}; for ${unlocks}`, licence, bytes, installed }
  })
}
