import { existsSync } from 'node:fs'
import { runtimeVersion, supportedDevices } from '../onnx/session.ts'
import { ask, OWN_PROGRAM } from './ask.ts'
import { chooseDevice, type Choice, refusalOf } from './choose.ts'
import { driverState, memoryFile, remembering } from './memory.ts'

/**
 * Where an encoder should compute on this machine: `asked`, or the best there is for `auto`. Devices are tried in
 * processes of their own, which takes seconds the first time and nothing later, until a driver changes.
 */
export async function deviceFor(asked: string): Promise<Choice> {
  if (asked === 'cpu' || !existsSync(OWN_PROGRAM)) return { device: 'cpu', precision: 'single', notes: [] }
  const asking = await remembering(ask, memoryFile(), await driverState(runtimeVersion()))
  return chooseDevice(
    asked,
    supportedDevices().filter((device) => device !== 'cpu'),
    asking,
  )
}

/** A device that was tried, and why it does not compute, as it reads after "but"; a small task takes it so many milliseconds. */
export interface Tried {
  device: string
  refusal?: string
  milliseconds?: number
}

/** All devices that this system might have, tried as `deviceFor` tries them. */
export async function triedDevices(): Promise<Tried[]> {
  if (!existsSync(OWN_PROGRAM)) return []
  const asking = await remembering(ask, memoryFile(), await driverState(runtimeVersion()))
  const cpu = await asking('cpu')
  if ('failed' in cpu) return [{ device: 'cpu', refusal: cpu.failed }]
  const tried: Tried[] = [{ device: 'cpu', milliseconds: cpu.milliseconds }]
  for (const device of supportedDevices().filter((one) => one !== 'cpu')) {
    const answer = await asking(device)
    const refusal = refusalOf(answer, cpu)
    tried.push({ device, ...(refusal !== undefined && { refusal }), ...('milliseconds' in answer && answer) })
  }
  return tried.map(({ device, refusal, milliseconds }) => ({ device, refusal, milliseconds }))
}
