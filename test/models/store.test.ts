import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { readCatalogue } from '../../src/models/catalogue.ts'
import { modelsFolder } from '../../src/models/folder.ts'
import { importModel } from '../../src/models/import.ts'
import {
  downloadModel,
  listModels,
  locateModel,
  notInstalled,
  removeModel,
  verifyModels,
} from '../../src/models/store.ts'
import { openWeights } from '../../src/models/weights.ts'
import { useFolder } from '../support/folder.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import {
  randomTensor,
  writeSafetensors,
  writeStateDictionary,
  writeTorchArchive,
  type Tensors,
} from '../support/weights.ts'
import { sha256, writeCatalogue } from './server.ts'

const folder = useFolder()
const at = (name: string): string => join(folder.path, name)
const stored = (name: string): string => join(folder.path, 'models', name)

/** The tensors that tell what kind of CLIP it is. */
const RESNET: Tensors = {
  'visual.conv1.weight': randomTensor([4, 3, 3, 3], 1),
  ...Object.fromEntries(
    [1, 2, 3, 4].map((stage) => [`visual.layer${stage}.0.conv1.weight`, randomTensor([8, 8, 1, 1], stage, 'float16')]),
  ),
  'visual.attnpool.c_proj.weight': randomTensor([16, 256], 6),
  'visual.attnpool.positional_embedding': randomTensor([5, 256], 7),
}
const RESNET_KIND = 'resnet-1-1-1-1-w8-e16-r64'
const TRANSFORMER: Tensors = {
  'patch_embed.proj.weight': randomTensor([8, 3, 16, 16], 1),
  cls_token: randomTensor([1, 1, 8], 2),
  pos_embed: randomTensor([1, 5, 8], 3),
  'blocks.0.norm1.weight': randomTensor([8], 4),
  'head.weight': randomTensor([4, 8], 5),
}
const TRANSFORMER_KIND = 'vit-p16-w8-l1-e4-r32'

afterAll(() => vi.unstubAllEnvs())
beforeEach(() => {
  vi.stubEnv('FEWLINE_MODELS', join(folder.path, 'models'))
  vi.stubEnv('FEWLINE_CATALOGUE', undefined)
})

/** A catalogue whose one model is the RESNET of above, in a file that is not there yet. */
function listResnet(): Buffer {
  writeTorchArchive(at('RN.pt'), RESNET)
  const content = readFileSync(at('RN.pt'))
  const file = { name: 'tiny.pt', content, urls: ['http://127.0.0.1:9/tiny.pt'] }
  vi.stubEnv('FEWLINE_CATALOGUE', writeCatalogue(folder.path, [file], { architecture: RESNET_KIND }))
  return content
}

async function complaint(work: Promise<unknown>): Promise<FewlineError> {
  const error = await work.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(FewlineError)
  return error as FewlineError
}

describe('the catalogue', () => {
  test('that comes with Fewline has the five CLIPs, each from two places, and the vocabulary', () => {
    const { models: all, shared } = readCatalogue()
    const models = all.filter(({ kind }) => kind === 'encoder')
    expect(models.map(({ name }) => name).sort()).toEqual(['RN101', 'RN50', 'RN50x4', 'ViT-B/16', 'ViT-B/32'])
    expect(shared.map(({ name }) => name)).toEqual(['bpe_simple_vocab_16e6.txt.gz'])
    for (const { name, sha256, urls } of models.flatMap(({ files }) => files)) {
      expect(urls).toHaveLength(2)
      expect(urls[0]).toBe(`https://openaipublic.azureedge.net/clip/models/${sha256}/${name}`)
    }
    expect(new Set(models.map(({ architecture }) => architecture)).size).toBe(5)
  })

  test('has the finders too; whose digest nobody tells is not downloaded, and the way is told', async () => {
    const finders = readCatalogue().models.filter(({ kind }) => kind === 'finder')
    expect(finders.map(({ name }) => name)).toEqual([
      ...['OWLv2', 'OWL-ViT', 'CLIPSeg', 'GroupViT', 'SlimSAM', 'Grounding-DINO'],
    ])
    expect(finders.find(({ name }) => name === 'GroupViT')!.licence).toContain('NOT for commercial use')
    await expect(downloadModel('CLIPSeg')).rejects.toThrow(/with a browser, then "fewline models import FILE"/)
  })

  test.runIf(hasShared)('knows the vocabulary', () => {
    const [file] = readCatalogue().shared
    const content = readFileSync(`${SHARED}/models/${file!.name}`)
    expect([content.length, sha256(content)]).toEqual([file!.bytes, file!.sha256])
  })

  test.each([
    ['nothing', '', 'is not JSON'],
    ['a list', '[]', 'is wrong at its root'],
    [
      'a file without a checksum',
      '{"shared":[{"name":"a","bytes":1,"urls":["http://a/b"]}],"models":[]}',
      'shared.0.sha256',
    ],
    ['a file outside the folder', tampered({ name: '../a' }), 'models.0.files.0.name'],
    ['a file of no length', tampered({ bytes: undefined }), 'neither bytes nor about'],
    ['a file from this disk', tampered({ urls: ['file:///etc/hosts'] }), 'models.0.files.0.urls.0'],
  ])('of %s is refused', (_what, text, why) => {
    writeFileSync(at('c.json'), text)
    vi.stubEnv('FEWLINE_CATALOGUE', at('c.json'))
    expect(() => readCatalogue()).toThrow(`Expected a catalogue of models, but "${at('c.json')}"`)
    expect(() => readCatalogue()).toThrow(why)
  })

  test('that is not there is told', () => {
    vi.stubEnv('FEWLINE_CATALOGUE', at('nowhere.json'))
    expect(() => readCatalogue()).toThrow("can't be read: check FEWLINE_CATALOGUE")
  })
})

test('the folder is where the system keeps the data of programs, unless FEWLINE_MODELS says', () => {
  expect(modelsFolder()).toBe(join(folder.path, 'models'))
  vi.stubEnv('FEWLINE_MODELS', undefined)
  expect(modelsFolder()).toMatch(/fewline.*models$/)
})

describe('import', () => {
  test('knows a file of the catalogue by its content, whatever its name', async () => {
    const content = listResnet()
    writeFileSync(at('download (1)'), content)
    const { imported } = await importModel(at('download (1)'))
    expect(imported).toEqual([{ from: at('download (1)'), path: stored('tiny.pt') }])
    expect(readFileSync(stored('tiny.pt')).equals(content)).toBe(true)
    expect(locateModel('tiny/1')).toBe(stored('tiny.pt'))
    expect(listModels()).toMatchObject([{ name: 'Tiny/1', path: stored('tiny.pt'), imported: false, missing: 0 }])
  })

  test.each([
    ['an archive', 'a.bin', writeStateDictionary, 'pt'],
    ['a safetensors file', 'b.safetensors', writeSafetensors, 'safetensors'],
  ])('takes %s of a model in the catalogue for it', async (_what, name, write, ending) => {
    listResnet()
    write(at(name), { ...RESNET, logit_scale: randomTensor([], 9) })
    const { imported } = await importModel(at(name))
    const { path } = imported[0]!
    expect(basename(path)).toBe(`Tiny-1-${sha256(readFileSync(at(name))).slice(0, 8)}.${ending}`)
    expect(locateModel('TINY-1')).toBe(path)
    expect(locateModel(basename(path, `.${ending}`))).toBe(path)
    expect(listModels()).toMatchObject([{ name: 'Tiny/1', path, imported: true, missing: 0 }])
  })

  test("takes a model that is in no catalogue, under timm's names too", async () => {
    writeSafetensors(at('model.safetensors'), TRANSFORMER)
    const { path } = (await importModel(at('model.safetensors'))).imported[0]!
    expect(basename(path)).toMatch(new RegExp(`^${TRANSFORMER_KIND}-[0-9a-f]{8}\\.safetensors$`))
    expect(listModels().at(-1)).toMatchObject({ name: basename(path, '.safetensors'), path, imported: true })
    const { tensors, close } = openWeights(path)
    expect(tensors.get('visual.positional_embedding')!.shape).toEqual([5, 8])
    close()
  })

  test('once is enough', async () => {
    writeSafetensors(at('m.safetensors'), TRANSFORMER)
    const first = await importModel(at('m.safetensors'))
    const { mtimeMs } = statSync(first.imported[0]!.path)
    expect(await importModel(at('m.safetensors'))).toEqual(first)
    expect(statSync(first.imported[0]!.path).mtimeMs).toBe(mtimeMs)
    expect(readdirSync(join(folder.path, 'models'))).toHaveLength(1)
  })

  test('takes what is good in a folder, and says what is not', async () => {
    mkdirSync(at('folder'))
    writeSafetensors(at('folder/a.safetensors'), TRANSFORMER)
    writeFileSync(at('folder/b.pt'), 'not weights')
    writeFileSync(at('folder/readme.txt'), 'not asked')
    const { imported, refused } = await importModel(at('folder'))
    expect(imported.map(({ from }) => from)).toEqual([at('folder/a.safetensors')])
    expect(refused.map(({ message }) => message)).toEqual([expect.stringContaining('b.pt" is neither')])
  })

  test.each<[string, () => string, string]>([
    ['nothing', () => at('nowhere.pt'), 'does not exist'],
    ['a folder of nothing', () => folder.path, 'is a folder that holds none'],
    ['half a file', () => half(), 'is damaged'],
    ['weights of something else', () => other(), 'holds none of CLIP'],
    ['numbers that are none', () => nan(), 'has numbers that are none (in visual.conv1.weight)'],
    ['a changed byte', () => changed(), 'is damaged (a checksum differs)'],
  ])('refuses %s and leaves nothing behind', async (_what, make, why) => {
    const { message, problem } = await complaint(importModel(make()))
    expect([message, problem.kind]).toEqual([expect.stringContaining(why), 'model'])
    expect(existsSync(join(folder.path, 'models'))).toBe(false)
  })

  test('ends when it is told to, and leaves nothing behind', async () => {
    listResnet()
    await expect(importModel(at('RN.pt'), AbortSignal.abort())).rejects.toThrow(/abort/i)
    expect(existsSync(stored('tiny.pt'))).toBe(false)
  })

  test.runIf(hasShared)('takes the archives that PyTorch wrote', async () => {
    const { imported } = await importModel(`${SHARED}/golden/tiny-rn.pt`)
    expect(basename(imported[0]!.path)).toMatch(/^resnet-1-2-2-1-w8-e32-r64-/)
  })

  test.runIf(hasShared)('takes the vocabulary', async () => {
    const name = 'bpe_simple_vocab_16e6.txt.gz'
    expect((await importModel(`${SHARED}/models/${name}`)).imported[0]!.path).toBe(stored(name))
  })
})

describe('a model', () => {
  test('is found by its path, when no model has that name', () => {
    writeSafetensors(at('m.safetensors'), TRANSFORMER)
    expect(locateModel(at('m.safetensors'))).toBe(at('m.safetensors'))
    expect(locateModel(at('nowhere.safetensors'))).toBeUndefined()
    expect(locateModel(folder.path)).toBeUndefined()
    expect(locateModel('RN101')).toBeUndefined()
  })

  test('that is not installed is told so', () => {
    expect(notInstalled('rn101').message).toBe(
      'Expected RN101 to be installed, but it is not: get it with "fewline models download RN101".',
    )
    expect(notInstalled('RN102').problem.kind).toBe('call')
  })

  test('whose file is cut short is not installed', () => {
    const content = listResnet()
    mkdirSync(join(folder.path, 'models'))
    writeFileSync(stored('tiny.pt'), content.subarray(1))
    expect(locateModel('Tiny/1')).toBeUndefined()
    expect(listModels()).toMatchObject([{ missing: content.length }])
  })

  test('is removed with what was left of its downloads, and no other', async () => {
    const content = listResnet()
    await importModel(at('RN.pt'))
    const part = stored(`tiny.pt.${sha256(content).slice(0, 8)}.part`)
    writeFileSync(part, content.subarray(0, 9))
    mkdirSync(stored('cache/graph'), { recursive: true })
    writeSafetensors(at('m.safetensors'), TRANSFORMER)
    const other = (await importModel(at('m.safetensors'))).imported[0]!.path
    expect((await removeModel('Tiny/1')).sort()).toEqual([stored('tiny.pt'), part])
    expect(existsSync(stored('cache'))).toBe(false)
    expect(listModels().map(({ path }) => path)).toEqual([undefined, other])
    expect((await complaint(removeModel('Tiny/1'))).problem.kind).toBe('call')
    expect(await removeModel(basename(other, '.safetensors'))).toEqual([other])
    expect(readdirSync(join(folder.path, 'models'))).toEqual([])
  })

  test.runIf(hasShared)('takes the vocabulary with it when it was the last', async () => {
    const vocabulary = 'bpe_simple_vocab_16e6.txt.gz'
    await importModel(`${SHARED}/models/${vocabulary}`)
    const [first, second] = [TRANSFORMER, { ...TRANSFORMER, logit_scale: randomTensor([], 1) }].map((tensors, i) => {
      writeSafetensors(at(`${i}.safetensors`), tensors)
      return at(`${i}.safetensors`)
    })
    const names: string[] = []
    for (const path of [first!, second!]) {
      names.push(basename((await importModel(path)).imported[0]!.path, '.safetensors'))
    }
    expect(await removeModel(names[0]!)).toHaveLength(1)
    expect(await removeModel(names[1]!)).toContain(stored(vocabulary))
  })
})

test('verify reads every file again', async () => {
  const content = listResnet()
  await importModel(at('RN.pt'))
  writeSafetensors(at('m.safetensors'), TRANSFORMER)
  const { path } = (await importModel(at('m.safetensors'))).imported[0]!
  expect(await verifyModels()).toEqual([
    { path: stored('tiny.pt'), right: true },
    { path, right: true },
  ])
  content[100]! ^= 1
  writeFileSync(stored('tiny.pt'), content)
  copyFileSync(at('RN.pt'), path)
  expect((await verifyModels()).map(({ right }) => right)).toEqual([false, false])
})

/** A catalogue of one model, with something else said of its file. */
function tampered(change: object): string {
  const file = { name: 'a.pt', bytes: 1, sha256: '0'.repeat(64), urls: ['http://a/b'], ...change }
  return JSON.stringify({ models: [{ name: 'A', purpose: '', unlocks: '', licence: '', files: [file] }] })
}

function half(): string {
  writeTorchArchive(at('half.pt'), RESNET)
  writeFileSync(at('half.pt'), readFileSync(at('half.pt')).subarray(0, 3000))
  return at('half.pt')
}

function other(): string {
  writeSafetensors(at('other.safetensors'), { 'conv1.weight': randomTensor([4, 3, 3, 3], 1) })
  return at('other.safetensors')
}

function nan(): string {
  const holed = { data: new Float32Array(108).fill(NaN), shape: [4, 3, 3, 3] }
  writeSafetensors(at('nan.safetensors'), { ...RESNET, 'visual.conv1.weight': holed })
  return at('nan.safetensors')
}

function changed(): string {
  writeTorchArchive(at('changed.pt'), RESNET)
  const bytes = readFileSync(at('changed.pt'))
  bytes[200]! ^= 1
  writeFileSync(at('changed.pt'), bytes)
  return at('changed.pt')
}
