import { readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { FewlineError, unwritable } from '../errors.ts'
import { filesOf, modelNamed, plainName, readCatalogue, type CatalogueFile, type CatalogueModel } from './catalogue.ts'
import { fetchFile, lengthOf, partialStem, sha256Of, type DownloadOptions } from './download.ts'
import { cacheFolder, fileAt, installedPath, modelsFolder } from './folder.ts'
import { isLineNet } from './line-net.ts'
import { abandoned } from './partial.ts'

/** A model that is installed or can be. */
export interface ModelState {
  readonly name: string
  readonly kind: CatalogueModel['kind'] | 'lines'
  readonly purpose: string
  /** What Fewline can do with it. */
  readonly unlocks: string
  readonly licence: string
  /** All its files together. */
  readonly bytes: number
  /** Whether `bytes` is known exactly. */
  readonly exact: boolean
  /** How much of that is not there yet. */
  readonly missing: number
  /** Nobody has published its checksum: it is fetched by hand, from here, and imported. */
  readonly byHand?: readonly string[]
  /** All that it needs is there. */
  readonly installed: boolean
  /** Where. */
  readonly path?: string
  /** It came from a file of the user's. */
  readonly imported: boolean
}

/** Imported weights are named after what they are, and the beginning of their SHA-256. */
const IMPORTED = /^(.+)-([0-9a-f]{8})\.(?:pt|safetensors|onnx|json)$/

/** How the names of imported finders that the catalogue does not have begin: as `architectureOf` names them. */
const FINDER = /^(owlvit|owlv2|clipseg|groupvit)-/i

/** The models of the catalogue, and those that were imported besides. */
export function listModels(): ModelState[] {
  const { models, shared } = readCatalogue()
  const states = models.map((model) => stateOf(model, shared))
  const shown = new Set(models.flatMap((model) => [...placesOf(model)]))
  return [
    ...states,
    ...importedPaths()
      .filter((path) => !shown.has(path))
      .map(stateOfImported),
  ]
}

/**
 * The weights of an installed model, by its name, or by its path when there is such a file; undefined when there is neither.
 * A model of the catalogue may have come another way: then it is the imported file of its kind.
 */
export function locateModel(nameOrPath: string): string | undefined {
  const model = modelNamed(readCatalogue().models, nameOrPath)
  if (model) return placesOf(model)[0]
  const imported = importedPaths().find((path) => plainName(stem(path)) === plainName(nameOrPath))
  if (imported !== undefined) return imported
  return fileAt(nameOrPath) && nameOrPath
}

/** All files of a model of the catalogue, the weights first; undefined unless all are there. */
export function locateFiles(name: string): string[] | undefined {
  const model = modelNamed(readCatalogue().models, name)
  const paths = (model ? placesOf(model) : []).filter((path) => path !== undefined)
  return model && paths.length === model.files.length ? paths : undefined
}

/** The name of the best encoder that is installed: the catalogue has the best first. */
export function bestInstalled(): string | undefined {
  return listModels().find(({ kind, path }) => kind === 'encoder' && path !== undefined)?.name
}

/** The net of the user's that finds lines, if one was imported. */
export function installedLineNet(): string | undefined {
  return importedPaths().find(isLineNet)
}

/** What to say when `locateModel` finds nothing. */
export function notInstalled(nameOrPath: string): FewlineError {
  const { models } = readCatalogue()
  const known = modelNamed(models, nameOrPath)
  return new FewlineError({
    kind: known ? 'model' : 'call',
    expected: known
      ? `${known.name} to be installed`
      : `a model (${models.map(({ name }) => name).join(', ')}) or its file`,
    came: known ? 'it is not' : `"${nameOrPath}" is none`,
    todo: known ? `get it with "fewline models download ${known.name}"` : 'see "fewline models list"',
  })
}

/**
 * Downloads what is missing of a model and gives the path of its weights; the network is not touched when nothing is.
 * Throws as `fetchFile` does, and a FewlineError of kind `call` for a name that is not in the catalogue.
 */
export async function downloadModel(name: string, options?: DownloadOptions): Promise<string> {
  const { models, shared } = readCatalogue()
  const model = modelNamed(models, name)
  if (!model) throw notInstalled(name)
  checkDigests(model)
  const [weights] = await inTurn([...model.files, ...shared], (file) => fetchFile(file, options))
  return weights!
}

/**
 * Removes the weights of a model, what was left of its downloads, and what was prepared from models. What all models share
 * goes with the last one.
 * Gives the paths that are gone. Throws a FewlineError of kind `call` when the model is not there.
 */
export async function removeModel(name: string): Promise<string[]> {
  const { shared, models } = readCatalogue()
  const model = modelNamed(models, name)
  const named = importedPaths().find((path) => plainName(stem(path)) === plainName(name)) ?? importedAs(name)
  const imported = model ? placesOf(model) : [named]
  const own = model ? await traces(model.files) : []
  const gone = own.length > 0 ? own : imported.filter((path) => path !== undefined)
  if (gone.length === 0) {
    throw new FewlineError({
      kind: 'call',
      expected: 'a model that is installed',
      came: `"${name}" is not`,
      todo: 'see "fewline models list"',
    })
  }
  await inTurn(gone, remove)
  // A running drawing may hold on to some of it.
  await rm(cacheFolder(), { recursive: true, force: true }).catch(() => undefined)
  if (listModels().some(({ path }) => path !== undefined)) return gone
  const common = await traces(shared)
  await inTurn(common, remove)
  return [...gone, ...common]
}

/** Whether an installed file is still what it was. */
export interface Verified {
  readonly path: string
  readonly right: boolean
}

/** Reads every installed file again and compares its SHA-256. */
export async function verifyModels(signal?: AbortSignal): Promise<Verified[]> {
  const files = filesOf(readCatalogue())
  const known = files.flatMap(({ name, sha256 }) => (sha256 ? [{ path: join(modelsFolder(), name), sha256 }] : []))
  const imported = importedPaths().map((path) => ({ path, sha256: IMPORTED.exec(basename(path))![2]! }))
  const there = [...known, ...imported].filter(({ path }) => fileAt(path))
  return inTurn(there, async ({ path, sha256 }) => ({ path, right: (await sha256Of(path, signal)).startsWith(sha256) }))
}

/** The name that imported weights are stored under, without their ending. */
export function importedName(label: string, sha256: string): string {
  return `${label.replaceAll('/', '-')}-${sha256.slice(0, 8)}`
}

/** What the imported file of a model's is called: after the model, and what it is where there are several. */
export function labelOf({ name }: CatalogueModel, file: number, architecture = ''): string {
  return file === 0 ? name : `${name}.${architecture}`
}

/** Where each file of a model lies. */
function placesOf(model: CatalogueModel): (string | undefined)[] {
  return model.files.map((file, i) => installedPath(file) ?? importedAs(labelOf(model, i, file.architecture)))
}

/** Throws a FewlineError of kind `model` where something is missing that nobody vouches for. */
function checkDigests(model: CatalogueModel): void {
  const missing = model.files.filter((file, i) => file.sha256 === undefined && placesOf(model)[i] === undefined)
  if (missing.length === 0) return
  throw new FewlineError({
    kind: 'model',
    expected: `a published checksum of ${model.name}`,
    came: 'there is none to hold a download against',
    todo: `fetch ${missing.flatMap(({ urls }) => urls).join(' and ')} with a browser, then "fewline models import FILE"`,
  })
}

/** Imported weights, by name. */
function importedPaths(): string[] {
  const folder = modelsFolder()
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder)
    .filter((name) => IMPORTED.test(name))
    .sort()
    .map((name) => join(folder, name))
}

function importedAs(name: string): string | undefined {
  return importedPaths().find((path) => plainName(IMPORTED.exec(basename(path))![1]!) === plainName(name))
}

function stateOf(model: CatalogueModel, shared: readonly CatalogueFile[]): ModelState {
  const files = [...model.files, ...shared]
  const { name, kind, purpose, unlocks, licence } = model
  const own = installedPath(model.files[0]!)
  const places = placesOf(model)
  const [path] = places
  const absent = [
    ...model.files.filter((_, i) => places[i] === undefined),
    ...shared.filter((file) => installedPath(file) === undefined),
  ]
  const unknown = model.files.filter(({ sha256 }) => sha256 === undefined)
  return {
    ...{ name, kind, purpose, unlocks, licence },
    bytes: total(files),
    exact: files.every(({ bytes }) => bytes !== undefined),
    missing: total(absent),
    ...(unknown.length > 0 && { byHand: unknown.flatMap(({ urls }) => urls) }),
    installed: places.every((place) => place !== undefined),
    ...(path === undefined ? {} : { path }),
    imported: path !== own,
  }
}

function stateOfImported(path: string): ModelState {
  return {
    name: stem(path),
    kind: isLineNet(path) ? 'lines' : /\.(onnx|json)$/.test(path) || FINDER.test(stem(path)) ? 'finder' : 'encoder',
    purpose: 'imported',
    unlocks: isLineNet(path) ? 'the lines of photos, in place of those that Fewline’s own eye sees' : '',
    licence: 'as its source says',
    bytes: statSync(path).size,
    exact: true,
    missing: 0,
    installed: true,
    path,
    imported: true,
  }
}

function total(files: readonly CatalogueFile[]): number {
  return files.reduce((sum, file) => sum + lengthOf(file), 0)
}

/** Where these files lie, and what was left of their downloads. */
async function traces(files: readonly CatalogueFile[]): Promise<string[]> {
  const folder = modelsFolder()
  const parts = await inTurn(files, (file) => abandoned(folder, partialStem(file)))
  const names = [...files.map(({ name }) => name), ...parts.flat()]
  return names.map((name) => join(folder, name)).filter((path) => fileAt(path))
}

async function remove(path: string): Promise<void> {
  await rm(path).catch((error: unknown) => {
    throw unwritable(path, error)
  })
}

function stem(path: string): string {
  return basename(path, extname(path))
}

/** Does one after another. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}
