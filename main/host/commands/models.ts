import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { temporaryIn } from '../../../src/temporary.ts'
import type { Model, Source } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import { droppedPath, refuse } from '../problems.ts'
import type { Host } from '../host.ts'
import type { Window } from '../telling.ts'

type ModelCommands = Pick<
  Handlers,
  'equipment' | 'models' | 'downloadModel' | 'stopDownload' | 'importModel' | 'removeModel'
>

/** What there is to draw with. */
export function modelCommands({ engine, downloads }: Host, window: Window): ModelCommands {
  const models = async (): Promise<{ models: Model[] }> => {
    const known = await engine.work('models')
    return { models: known.map((model) => ({ ...model, downloading: downloads.has(model.name) })) }
  }
  return {
    equipment: async () => ({ equipment: await engine.work('equipment') }),
    models,
    async downloadModel({ name }) {
      const model = (await engine.work('models')).find((known) => known.name === name)
      if (!model) throw refuse('a model of the catalogue', `"${name}" is none`, 'choose one of the list')
      downloads.begin(name, model.bytes)
      return {}
    },
    stopDownload({ name }) {
      downloads.stop(name)
      return {}
    },
    async importModel({ source }) {
      await withFile(window, source, (path) => engine.work('importModel', { path }))
      return models()
    },
    async removeModel({ name }) {
      await engine.work('removeModel', { name })
      return models()
    },
  }
}

/** Weights as a file, for as long as they are read. */
async function withFile({ shell }: Window, source: Source, use: (path: string) => Promise<void>): Promise<void> {
  if (source.from === 'path') return use(droppedPath(source.path, shell.mayOpen))
  if (source.from === 'dialog') {
    const chosen = await shell.chooseFile?.()
    return chosen === undefined ? undefined : use(chosen)
  }
  if (source.from !== 'bytes') throw refuse('a file of weights', 'something else came', 'choose the file itself')
  const folder = temporaryIn(tmpdir())
  const path = join(folder, `weights${extname(source.name)}`)
  try {
    await mkdir(folder, { mode: 0o700 })
    await writeFile(path, source.bytes, { mode: 0o600 })
    await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
