import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FewlineError } from '../errors.ts'
import { architectureOf } from './architecture.ts'
import { filesOf, readCatalogue, type Catalogue } from './catalogue.ts'
import { sha256Of } from './download.ts'
import { openFile, refusal } from './file.ts'
import { checkRoom, makeFolder, modelsFolder } from './folder.ts'
import { lineNetIn } from './line-net.ts'
import { openPartial } from './partial.ts'
import { publishedAs } from './published.ts'
import { importedName, labelOf } from './store.ts'
import { openWeights } from './weights.ts'

export interface Imported {
  /** The file it was. */
  readonly from: string
  /** Where it is now; the name it goes by is that of this file. */
  readonly path: string
}

export interface ImportResult {
  readonly imported: Imported[]
  /** Why other files of the folder were not taken. */
  readonly refused: FewlineError[]
}

const WEIGHTS = /\.(pt|pth|bin|safetensors|onnx)$|^tokenizer\.json$/i
/** What is taken as it was published. */
const AS_IS = /\.onnx$|\btokenizer[^\\/]*\.json$/i

/**
 * Copies weights that the user has into the model folder: a file, or all files of weights in a folder. What a file is, its
 * content tells and not its name: one of the catalogue by its SHA-256, else the weights of a CLIP or of a finder, which are
 * read through, or a net that finds lines, which is tried, or one of the files that are run as they were published, whose
 * inputs are compared with those. Throws a FewlineError of kind `model` when there is nothing of the kind, of kind `output`
 * when it can't be written, and the signal's reason when it is aborted.
 */
export async function importModel(path: string, signal?: AbortSignal): Promise<ImportResult> {
  const catalogue = readCatalogue()
  const about = await stat(path).catch(() => undefined)
  const files = about?.isDirectory() ? await weightsIn(path, catalogue) : [path]
  const result: ImportResult = { imported: [], refused: [] }
  for (const from of files) {
    try {
      result.imported.push({ from, path: await importFile(from, catalogue, signal) })
    } catch (error) {
      if (!(error instanceof FewlineError) || error.problem.kind !== 'model') throw error
      result.refused.push(error)
    }
  }
  if (result.imported.length === 0) throw result.refused[0]!
  return result
}

async function weightsIn(folder: string, catalogue: Catalogue): Promise<string[]> {
  const known = new Set(filesOf(catalogue).map(({ name }) => name))
  const names = (await readdir(folder)).filter((name) => WEIGHTS.test(name) || known.has(name)).sort()
  if (names.length > 0) return names.map((name) => join(folder, name))
  throw refusal(folder, 'is a folder that holds none', 'choose one with a .pt, .safetensors or .onnx file')
}

async function importFile(from: string, catalogue: Catalogue, signal?: AbortSignal): Promise<string> {
  const { size, close } = openFile(from)
  close()
  const sha256 = await sha256Of(from, signal)
  const known = filesOf(catalogue).find((file) => file.sha256 === sha256)
  const target = join(modelsFolder(), known?.name ?? (await nameOf(from, sha256, catalogue, signal)))
  const there = await stat(target).catch(() => undefined)
  if (there?.size !== size) await copy({ from, size, sha256, target }, signal)
  return target
}

/** After the model of the catalogue that is built the same way, else after how it is built. */
async function nameOf(from: string, sha256: string, { models }: Catalogue, signal?: AbortSignal): Promise<string> {
  const architecture = AS_IS.test(from) ? ((await lineNetIn(from)) ?? publishedAs(from)) : readThrough(from, signal)
  const [label] = models.flatMap((model) =>
    model.files.flatMap((file, i) => {
      const own = file.architecture ?? (i === 0 ? model.architecture : undefined)
      return own === architecture ? [labelOf(model, i, own)] : []
    }),
  )
  const [, ending = 'pt'] = /\.(safetensors|onnx|json)$/i.exec(from) ?? []
  return `${importedName(label ?? architecture, sha256)}.${ending.toLowerCase()}`
}

/** Reads every tensor of a weight file; gives the architecture they make. */
function readThrough(path: string, signal?: AbortSignal): string {
  const { tensors, close } = openWeights(path)
  try {
    const architecture = architectureOf(tensors)
    if (architecture === undefined)
      throw refusal(path, 'holds none of CLIP', 'choose weights of a CLIP model, or of a finder')
    for (const [name, weight] of tensors) {
      signal?.throwIfAborted()
      if (!weight.read().every(Number.isFinite)) throw refusal(path, `has numbers that are none (in ${name})`)
    }
    return architecture
  } finally {
    close()
  }
}

interface Copy {
  readonly from: string
  readonly size: number
  readonly sha256: string
  readonly target: string
}

async function copy({ from, size, sha256, target }: Copy, signal?: AbortSignal): Promise<void> {
  await makeFolder(modelsFolder())
  await checkRoom(modelsFolder(), size)
  const partial = await openPartial(modelsFolder(), 'import')
  try {
    await partial.clear()
    for await (const bytes of createReadStream(from, { highWaterMark: 2 ** 20, signal })) {
      await partial.append(bytes as Buffer)
    }
    if ((await sha256Of(partial.path, signal)) !== sha256) throw refusal(from, 'changed meanwhile', 'try again')
    await partial.finish(target)
  } finally {
    await partial.discard()
  }
}
