import { readFile, stat } from 'node:fs/promises'
import { arch, homedir, platform, release } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../temporary.ts'
import { ANSWER, type Answer } from './ask.ts'

/** Answers that devices gave, by device and precision, all under one state of the machine's drivers. */
const REMEMBERED = z.object({ drivers: z.string(), answers: z.record(z.string(), ANSWER) })

/**
 * `ask`, but trying each device, in each precision, only once per state of the drivers: answers are kept in `file`. A file
 * that can't be read or written only costs the asking.
 */
export async function remembering(
  ask: (trial: string) => Promise<Answer>,
  file: string,
  drivers: string,
): Promise<(trial: string) => Promise<Answer>> {
  const answers = await recall(file, drivers)
  return async (trial) => {
    const known = answers[trial]
    if (known) return known
    const answer = await ask(trial)
    answers[trial] = answer
    // A processor that fails is no device's fault, and will not fail for ever.
    if (trial === 'cpu' && 'failed' in answer) return answer
    store(file, JSON.stringify({ drivers, answers }))
    return answer
  }
}

async function recall(file: string, drivers: string): Promise<Record<string, Answer>> {
  try {
    const remembered = REMEMBERED.parse(JSON.parse(await readFile(file, 'utf8')))
    return remembered.drivers === drivers ? remembered.answers : {}
  } catch {
    return {}
  }
}

function store(file: string, text: string): void {
  try {
    writeWhole(file, text)
  } catch {
    // Not remembering is slow, not wrong.
  }
}

/** Where answers are kept: the platform's folder for what can be made again, or FEWLINE_CACHE. */
export function memoryFile(): string {
  const { FEWLINE_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const folders: Partial<Record<NodeJS.Platform, string>> = {
    win32: join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Fewline', 'Cache'),
    darwin: join(homedir(), 'Library', 'Caches', 'Fewline'),
  }
  const folder = FEWLINE_CACHE ?? folders[platform()] ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fewline')
  return join(folder, 'devices.json')
}

/** Files and folders that change when a graphics driver is installed; macOS brings its drivers with the system. */
const DRIVER_PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: ['C:\\Windows\\System32\\DriverStore\\FileRepository'],
  linux: ['/proc/driver/nvidia/version', '/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/lib/x86_64-linux-gnu'],
}

/** The state of the machine's drivers and of the runtime, as one line: when it changes, devices are tried anew. */
export async function driverState(runtime: string): Promise<string> {
  const places = DRIVER_PLACES[platform()] ?? []
  const changed = await Promise.all(places.map(changeOf))
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES } = process.env
  const environment = [VK_ICD_FILENAMES, VK_DRIVER_FILES, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES]
  return JSON.stringify([runtime, platform(), arch(), release(), changed, environment])
}

async function changeOf(place: string): Promise<string> {
  // What /proc tells has no time of its own.
  if (place.startsWith('/proc/')) return readFile(place, 'utf8').catch(() => '')
  return stat(place).then(
    ({ mtimeMs }) => String(mtimeMs),
    () => '',
  )
}
