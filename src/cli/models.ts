import type { Command } from 'commander'
import type * as Engine from '../index.ts'
import type { ModelState } from '../index.ts'
import { WrongCall } from './complain.ts'
import { openDownloads } from './downloads.ts'
import { verbose } from './options.ts'
import { answer, answerAsIs, jsonLines, said, say } from './say.ts'

type Fewline = typeof Engine

/** Adds `fewline models …`; each of its commands hands its exit code to `end`. */
export function addModelsCommands(models: Command, stop: AbortSignal, end: (code: number) => void): void {
  const command = (name: string, description: string): Command =>
    models
      .command(name, { isDefault: name === 'list' })
      .description(description)
      .addOption(verbose())
  command('list', 'what there is, and what is installed')
    .option('--json', 'as JSON')
    .allowExcessArguments()
    .action(async ({ json }: { json?: true }, { args }: Command) => end(await list(args[0], json)))
  command('download', 'fetch models, or what is missing of them')
    .argument('<names...>', 'as "fewline models list" names them')
    .action(async (names: string[]) => end(await stoppable(stop, (fewline) => download(fewline, names, stop))))
  command('import', 'take weights that are on this computer')
    .argument('<path>', 'a .pt, .safetensors or .onnx file, or a folder of them')
    .action(async (path: string) => end(await stoppable(stop, (fewline) => take(fewline, path, stop))))
  command('verify', 'read all installed files again and compare their checksums').action(async () =>
    end(await stoppable(stop, (fewline) => verify(fewline, stop))),
  )
  command('remove', 'delete a model')
    .argument('<name>', 'as "fewline models list" names it')
    .action(async (name: string) => end(await remove(name)))
}

/** The command when none is named, so also what meets the name of one that there is not. */
async function list(other: string | undefined, json?: true): Promise<number> {
  if (other !== undefined) {
    throw new WrongCall('list, download, import, verify or remove', `"${other}" came`, 'see fewline models --help')
  }
  const { listModels, modelsFolder } = await import('../index.ts')
  const models = listModels()
  if (json) answerAsIs(...jsonLines({ folder: modelsFolder(), models }))
  else answer(...models.flatMap(entryOf), '', `Folder: ${modelsFolder()}`)
  return 0
}

/** Two lines on a model: what it is, and what it is good for. */
function entryOf({
  name,
  purpose,
  unlocks,
  licence,
  bytes,
  exact,
  missing,
  installed,
  imported,
}: ModelState): string[] {
  const size = exact ? megabytes(bytes) : said(`about ${megabytes(bytes)}`)
  const how = imported ? 'imported' : installed ? 'installed' : 'not installed'
  const state = said(installed && missing > 0 ? `${how}, ${megabytes(missing)} missing` : how)
  const uses = unlocks === '' ? [] : [said(`  for ${unlocks}`)]
  return [`${name.padEnd(10)} ${state}, ${size}, ${licence}`, `  ${said(purpose)}`, ...uses]
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}

async function download(fewline: Fewline, names: readonly string[], signal: AbortSignal): Promise<number> {
  for (const name of names) {
    const path = await downloadOne(fewline, name, signal)
    answer(`${name} is installed: ${path}`)
  }
  return 0
}

async function downloadOne({ downloadModel }: Fewline, name: string, signal: AbortSignal): Promise<string> {
  const downloads = await openDownloads()
  try {
    return await downloadModel(name, { signal, onProgress: downloads.show })
  } finally {
    downloads.end()
  }
}

async function take(fewline: Fewline, path: string, signal: AbortSignal): Promise<number> {
  const { imported, refused } = await fewline.importModel(path, signal)
  for (const { from, path } of imported) answer(`${from} is installed: ${path}`)
  for (const { message } of refused) say(`Note: ${message}`)
  return 0
}

async function verify(fewline: Fewline, signal: AbortSignal): Promise<number> {
  const verified = await fewline.verifyModels(signal)
  for (const { path, right } of verified) {
    answer(right ? `${path} is as it should be` : `${path} is damaged: remove it, and download or import it again`)
  }
  if (verified.length === 0) answer('No model is installed: see "fewline models list".')
  return verified.every(({ right }) => right) ? 0 : 1
}

async function remove(name: string): Promise<number> {
  const { removeModel } = await import('../index.ts')
  for (const path of await removeModel(name)) answer(`${path} is removed`)
  return 0
}

/** Does work that Ctrl-C may end: then its exit code is 130. */
async function stoppable(stop: AbortSignal, work: (fewline: Fewline) => Promise<number>): Promise<number> {
  try {
    return await work(await import('../index.ts'))
  } catch (error) {
    if (!stop.aborted) throw error
    say('Stopped. What has come of a download is kept: the same call goes on from there.')
    return 130
  }
}
