import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { FewlineError } from '../errors.ts'
import { resource } from '../resources.ts'

/** A name that is a plain file on every system. */
const FileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is no file name')

const File = z
  .object({
    name: FileName,
    /** Exact length in bytes. */
    bytes: z.int().positive().optional(),
    /** Its length as far as it is known, where nobody has published the exact one. */
    about: z.int().positive().optional(),
    /** Only finders may lack it, where nobody whom we trust has published it: they are not downloaded, only imported. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is no SHA-256')
      .optional(),
    /** As `publishedAs` names it, where a model has several files. */
    architecture: z.string().optional(),
    /** Where it can be had; each is tried in turn. */
    urls: z.array(z.url({ protocol: /^https?$/ })).min(1),
  })
  .refine(({ bytes, about }) => bytes !== undefined || about !== undefined, 'says neither bytes nor about')

const Model = z
  .object({
    name: z.string().min(1),
    /** An encoder looks at drawings, a finder finds things in photos. */
    kind: z.enum(['encoder', 'finder']).default('encoder'),
    purpose: z.string().default(''),
    unlocks: z.string().default(''),
    licence: z.string().default('licence not told'),
    /** As `architectureOf` names it: how a file that came another way is told to be this model. */
    architecture: z.string().optional(),
    /** The weights first. */
    files: z.array(File).min(1),
  })
  .refine(({ kind, files }) => kind === 'finder' || files.every(({ sha256 }) => sha256 !== undefined), 'has no sha256')

const Catalogue = z.object({
  /** Files that every model needs. */
  shared: z
    .array(File.refine(({ sha256 }) => sha256 !== undefined, { path: ['sha256'], error: 'is missing' }))
    .default([]),
  models: z.array(Model),
})

export type CatalogueFile = Readonly<z.infer<typeof File>>
export type CatalogueModel = Readonly<z.infer<typeof Model>>
export type Catalogue = Readonly<z.infer<typeof Catalogue>>

/**
 * The models there are: those of resources/models.json, or of the file that FEWLINE_CATALOGUE names.
 * Throws a FewlineError of kind `call` when that file is no catalogue.
 */
export function readCatalogue(): Catalogue {
  const path = process.env.FEWLINE_CATALOGUE || resource('models.json')
  const { success, data, error } = Catalogue.safeParse(parse(path))
  if (success) return data
  const [issue] = error.issues
  throw wrong(`"${path}" is wrong at ${issue!.path.join('.') || 'its root'} (${issue!.message})`)
}

/** Every file there is, whichever model needs it. */
export function filesOf({ shared, models }: Catalogue): CatalogueFile[] {
  return [...shared, ...models.flatMap(({ files }) => files)]
}

/** The model of that name, in capitals or not, with - for / or not. */
export function modelNamed(models: readonly CatalogueModel[], name: string): CatalogueModel | undefined {
  return models.find((model) => plainName(model.name) === plainName(name))
}

/** A name as a file's name may hold it, and as names are compared. */
export function plainName(name: string): string {
  return name.replaceAll('/', '-').toLowerCase()
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error
    throw wrong(`"${path}" ${missing ? "can't be read" : 'is not JSON'}`, error)
  }
}

function wrong(came: string, cause?: unknown): FewlineError {
  const expected = 'a catalogue of models'
  return new FewlineError({ kind: 'call', expected, came, todo: 'check FEWLINE_CATALOGUE' }, { cause })
}
