import { deviceOf } from '../encoder/open.ts'
import { openSession, type Feed, type Session } from '../onnx/session.ts'
import type { Tensor } from '../tensor.ts'
import type { FinderOptions } from './finder.ts'

/** ONNX files that are run as they were published. */
export interface Published {
  readonly notes: readonly string[]
  /** The inputs of one of them. */
  inputs(file: number): readonly string[]
  run(file: number, feeds: Record<string, Feed>): Promise<Record<string, Tensor>>
  dispose(): Promise<void>
}

/** Opens such files; on the processor where the device does not take them. Throws as `openSession` does. */
export async function openPublished(
  paths: readonly string[],
  { device: asked, threads }: FinderOptions,
): Promise<Published> {
  const { device, notes } = await deviceOf(paths[0]!, asked)
  const said = [...notes]
  const openAll = async (where: string): Promise<Session[]> => {
    const sessions: Session[] = []
    for (const path of paths) {
      sessions.push(await openSession(path, { device: where, ...(threads !== undefined && { threads }), lean: true }))
    }
    return sessions
  }
  const sessions = await openAll(device).catch((error: unknown) => {
    if (device === 'cpu') throw error
    said.push(`The device ${device} does not take this model: the processor computes it.`)
    return openAll('cpu')
  })
  return {
    notes: said,
    inputs: (file) => sessions[file]!.inputs,
    run: (file, feeds) => sessions[file]!.run(feeds),
    async dispose() {
      for (const session of sessions) await session.dispose()
    },
  }
}
