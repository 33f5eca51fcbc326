import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMIT, packedFiles } from '../scripts/packed.mjs'
import { outcomeOf, pathsIn, type Outcome, writePhoto } from './cli/fewline.ts'
import { BROWSER, launch } from './e2e/browser.ts'
import { serve } from './e2e/serve.ts'
import { SAMPLES, windowOf } from './e2e/studio.ts'
import { LANGUAGES, languageOf } from '../src/words/languages.ts'
import { TINY_RN, writeClip } from './support/clip.ts'
import { writeElectron } from './support/electron/distribution.ts'

/*
 * What is packed, by the real electron-builder, with a stand-in for Electron's program; and started from where it was
 * packed to, by Node alone.
 */

/** How a fuse that is on is written. */
const ON: number = '1'.charCodeAt(0)
const ROOT = join(import.meta.dirname, '..')
const programs = (name: string) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))
const [sevenZip, strace] = ['7za', 'strace'].map((name) => programs(name).find(existsSync))
const isLinux = process.platform === 'linux'
if (isLinux && !sevenZip) console.warn('7za is not installed: no tar.gz is packed here')
if (isLinux && !strace) console.warn('strace is not installed: what the packed app opens is not seen here')

/** Runs what follows in a folder, with nothing where the checkout was. */
const hidingIn = (folder: string) => {
  const script = `mount -t tmpfs none '${ROOT}' && cd '${folder}' && exec "$@"`
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh']
}
const [unshare = '', ...hiding] = hidingIn(tmpdir())
const canHide = isLinux && spawnSync(unshare, [...hiding, 'true']).status === 0
if (isLinux && !canHide)
  console.warn('the checkout can not be taken away here: it is only looked at whether it is opened')

describe.runIf(isLinux)('the packed app', () => {
  let folder: string
  let archive: string
  /** Where it was unpacked to. */
  let home: string
  let unpacked: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fewline packed '))
    const electron = writeElectron(join(folder, 'electron'))
    const settings = [`-c.electronDist=${electron}`, `-c.directories.output=${folder}`]
    const args = ['scripts/package.mjs', '--linux', ...(sevenZip ? ['tar.gz'] : ['dir']), ...settings]
    const env = { ...process.env, ELECTRON_BUILDER_7ZIP_PATH: sevenZip, ELECTRON_BUILDER_COMPRESSION_LEVEL: '5' }
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' })
    expect(status, stdout + stderr).toBe(0)
    archive = join(folder, readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '')
    home = join(folder, 'linux-unpacked')
    if (sevenZip) {
      mkdirSync((home = join(folder, 'elsewhere')))
      spawnSync('tar', ['-xzf', archive, '--strip-components=1', '-C', home])
    }
    unpacked = join(home, 'resources/app.asar.unpacked')
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000)

  /** A command of the packed app as it is run where there is no checkout, as far as this machine lets one take it away. */
  const away = (...command: readonly string[]) => (canHide ? [...hidingIn(folder), ...command] : command)
  const run = ([program, ...args]: readonly string[]) => outcomeOf(program!, args, folder)
  const fewline = (args: readonly string[]) => run(away(join(home, 'resources/bin/fewline'), ...args))

  test('holds what runs and nothing else, and the report tells the same', () => {
    const asar = join(home, 'resources/app.asar')
    const packed = listPackage(asar, { isPack: false })
      .map((path) => path.slice(1))
      .filter((path) => !('files' in statFile(asar, path)))
    const reported = packedFiles(ROOT, { platform: 'linux', arch: process.arch }).map(({ path }) => path)
    expect(packed.sort()).toEqual(reported.sort())

    const isIdle = /\.(map|[mc]?ts|tsbuildinfo)$|(^|\/)(test|tests|__tests__|docs|examples?)\//
    expect(packed.filter((path) => isIdle.test(path))).toEqual([])
    for (const name of ['electron', 'svelte', 'vitest', 'typescript', 'adm-zip']) {
      expect(packed.filter((path) => path.startsWith(`node_modules/${name}/`))).toEqual([])
    }
    const natives = packed.filter((path) => /\.(node|so[\d.]*|dll|dylib|exe)$/.test(path))
    expect(natives.length).toBe(4)
    for (const path of natives) expect(path).toMatch(new RegExp(`linux[-/]${process.arch}`))
    expect(
      packed.filter((path) => /^dist\/(main\/main\.js|preload\/)/.test(path) && existsSync(join(unpacked, path))),
    ).toEqual([])
  })

  test('has Chromium’s own words in each of our languages, and in no other', () => {
    const names = readdirSync(join(home, 'locales')).map((name) => name.replace('.pak', ''))
    expect(names.map(languageOf).sort()).toEqual([...LANGUAGES].sort())
    expect(names).not.toContain('fr')
  })

  test.runIf(sevenZip)('is no larger than it may be', () => {
    console.log(`The packed app, without Electron: ${(statSync(archive).size / 1e6).toFixed(1)} MB compressed`)
    expect(statSync(archive).size).toBeLessThan(LIMIT)
  })

  test('has the fuses of a program that runs nothing but itself', async () => {
    const wire = await getCurrentFuseWire(join(home, 'fewline-studio'))
    const on = Object.values(FuseV1Options).filter((fuse) => typeof fuse === 'number' && Number(wire[fuse]) === ON)
    expect(on).toEqual(
      expect.arrayContaining([FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar]),
    )
    expect(on).not.toContain(FuseV1Options.EnableNodeOptionsEnvironmentVariable)
    expect(on).not.toContain(FuseV1Options.EnableNodeCliInspectArguments)
    expect(on).not.toContain(FuseV1Options.GrantFileProtocolExtraPrivileges)
  })

  test('is the command line, with its exit codes, and opens nothing of the checkout', async () => {
    await writePhoto(join(folder, 'shapes.png'))
    const trace = join(folder, 'trace')
    const command = join(home, 'resources/bin/fewline')
    const traced = (...args: string[]): Promise<Outcome> =>
      strace ? run([strace, '-f', '-qq', '-e', 'trace=%file', '-A', '-o', trace, command, ...args]) : fewline(args)
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(await traced('--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
    expect(await traced('sketch', 'shapes.png', '--preset', 'fast')).toMatchObject({ code: 0 })
    expect(pathsIn(readFileSync(join(folder, 'shapes.svg'), 'utf8'))).toBe(16)
    expect(await traced('sketch', 'nothing.png')).toMatchObject({ code: 1 })
    expect(await traced('sketch', '--strokes', 'many')).toMatchObject({ code: 2 })
    if (strace) {
      const opened = readFileSync(trace, 'utf8').split('\n')
      expect(opened.some((line) => line.includes(unpacked))).toBe(true)
      expect(opened.filter((line) => line.includes(`"${ROOT}/`) && !line.includes(' = -1 E'))).toEqual([])
    }
  })

  test('draws with CLIP, and has what reads HEIC and writes PDF', async () => {
    writeClip(join(folder, 'tiny.pt'), TINY_RN)
    const photo = await writePhoto(join(folder, 'shapes.jpg'))
    const clip = ['--encoder', 'tiny.pt', '--iterations', '2', '--seeds', '1', '-o', 'clip.svg']
    expect(await fewline(['sketch', photo, ...clip])).toMatchObject({ code: 0 })
    expect(pathsIn(readFileSync(join(folder, 'clip.svg'), 'utf8'))).toBe(16)
    copyFileSync(join(ROOT, 'test/fixtures/quadrants.heic'), join(folder, 'quadrants.heic'))
    expect(await fewline(['sketch', 'quadrants.heic', '--iterations', '0', '-o', 'out.pdf'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'out.pdf'), 'latin1')).toMatch(/^%PDF-/)
  })

  test('hands what is asked of the app to the command line', async () => {
    // Electron reads it from within the archive.
    const main = 'dist/main/main.js'
    writeFileSync(join(unpacked, main), extractFile(join(home, 'resources/app.asar'), main))
    const app = (...args: string[]) => run(away(join(home, 'fewline-studio'), ...args))
    expect(await app('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('fewline [options] [command]'),
    })
    expect(await app('sketch', 'nothing.png')).toMatchObject({ code: 1 })
    expect(await app('sketch', '--strokes', 'many')).toMatchObject({ code: 2 })
    expect(await app()).toMatchObject({ code: 0, stderr: '' })
  })

  test.runIf(BROWSER)('serves the studio, and draws in it', async () => {
    const served = await serve(undefined, away(join(home, 'resources/bin/fewline')))
    const browser = await launch()
    try {
      const window = await windowOf(await browser.newPage(), served.url)
      await window.openPhoto(join(SAMPLES, 'flamingo.png'))
      await window.button('Draw').click()
      await window.waitFor(/^Done/)
      expect((await window.paths()).length).toBeGreaterThan(5)
      expect(window.faults).toEqual([])
    } finally {
      await browser.close()
      await served.close()
    }
  })
})
