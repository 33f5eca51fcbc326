import type { Handlers } from '../connection.ts'
import { refuse } from '../problems.ts'
import type { Host } from '../studio.ts'

type ModelCommands = Pick<
  Handlers,
  'equipment' | 'models' | 'downloadModel' | 'stopDownload' | 'importModel' | 'removeModel'
>

/** What there is to draw with. */
export function modelCommands({ engine }: Host): ModelCommands {
  const none = () => {
    throw refuse('a model of the catalogue', 'there is none yet', 'draw with the built-in encoder')
  }
  return {
    equipment: async () => ({ equipment: await engine.work('equipment') }),
    models: () => ({ models: [] }),
    downloadModel: none,
    stopDownload: none,
    importModel: none,
    removeModel: none,
  }
}
