import { existsSync } from 'node:fs'
import { runtimeVersion, supportedDevices } from '../onnx/session.ts'
import { ask, OWN_PROGRAM } from './ask.ts'
import { chooseDevice, type Choice } from './choose.ts'
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
