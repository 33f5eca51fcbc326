import type { ChildProcess } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, test, vi } from 'vitest'
import { fewline, pathsIn, photo, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()
const place = (name: string) => join(folder.path, name)
const read = (name: string) => readFileSync(place(name), 'utf8')
const QUICK = ['--strokes', '4', '--iterations', '2']
/** A shape that hardly stands out. */
const DIM = Buffer.from('<svg width="30" height="24"><rect width="30" height="24" fill="#0e0e0e"/></svg>')
const NAMES = ['a', 'b', 'c', 'd', 'e']

/** Calls `then` when the command has said something like this. */
function when(said: RegExp, then: (child: ChildProcess) => void) {
  return (child: ChildProcess) => {
    let text = ''
    const hear = (more: string): void => {
      text += more
      if (!said.test(text)) return
      child.stderr?.off('data', hear)
      then(child)
    }
    child.stderr?.on('data', hear)
  }
}

test('many photos are drawn at once, in their folders; a corrupt one is a sentence; what is there is left out', async () => {
  mkdirSync(place('in/sub'), { recursive: true })
  for (const name of ['in/a.png', 'in/b.png', 'in/sub/a.png']) await writePhoto(place(name))
  writeFileSync(place('in/c.png'), 'no picture')
  const black = { width: 64, height: 48, channels: 3, background: '#050505' } as const
  await sharp({ create: black })
    .composite([{ input: DIM, left: 16, top: 12 }])
    .png()
    .toFile(place('in/dark.png'))
  const call = ['sketch', 'in', '-o', 'out/', '--recursive', '--jobs', '2', '--json', 'report.json', ...QUICK]
  const { code, stderr } = await fewline(folder.path, call)
  expect(code).toBe(1)
  expect(stderr).toContain('"in/c.png" is not a picture')
  expect(stderr).toMatch(/\d of 5 photos · [\d.]+ a minute · \d+:\d\d left\n/)
  expect(stderr).toContain('4 of 5 photos were drawn.\n')
  expect(stderr).toMatch(/Note on the photo "dark": The photo is very dark: brighten it/)
  const report = JSON.parse(read('report.json')) as { photos: { photo: string; skipped?: true }[] }
  expect(report.photos.map((about) => about.photo)).toEqual([
    ...['in/a.png', 'in/b.png', 'in/c.png', 'in/dark.png', 'in/sub/a.png'],
  ])
  expect(report.photos[2]).toMatchObject({ error: { kind: 'photo' } })
  expect(pathsIn(read('out/sub/a.svg'))).toBe(4)

  // Drawn alone it is the same.
  await fewline(folder.path, ['sketch', 'in/a.png', ...QUICK])
  expect(read('a.svg')).toBe(read('out/a.svg'))
  // What a photo lacks, and memory, is told before it is drawn.
  vi.stubEnv('FEWLINE_MEMORY', '0.2')
  const dark = await fewline(folder.path, ['sketch', 'in/dark.png', ...QUICK])
  const said = [/^Note: builtin takes about 0\.3 GB of memory/m, /^Note: The photo is very dark/m, /^dark: step/m]
  const at = said.map((sentence) => dark.stderr.search(sentence))
  expect(at, dark.stderr).toEqual([...at].sort((one, other) => one - other))
  expect(at[0], dark.stderr).toBe(0)

  rmSync(place('out/b.svg'))
  writeFileSync(place('in/c.png'), await photo())
  writeFileSync(place('out/a.svg'), 'of somebody else')
  vi.stubEnv('FEWLINE_MEMORY', '0.5')
  const again = await fewline(folder.path, [...call, '--skip-existing'])
  vi.unstubAllEnvs()
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('2 of 2 photos were drawn, 3 were there.') })
  expect(again.stderr).toMatch(/^Note: Each photo takes about 0\.3 GB .* 0\.5 GB are free: 1 at once, not 2\.$/m)
  expect(read('out/a.svg')).toBe('of somebody else')
  expect(pathsIn(read('out/c.svg'))).toBe(4)
  const { photos: left } = JSON.parse(read('report.json')) as typeof report
  expect(left.filter(({ skipped }) => skipped).length).toBe(3)
})

test.skipIf(process.platform === 'win32')('a Ctrl-C leaves nothing half drawn, and the same call goes on', async () => {
  mkdirSync(place('in'))
  for (const name of NAMES) await writePhoto(place(`in/${name}.png`))
  const call = ['sketch', 'in', '-o', 'out/', '--jobs', '2', '--skip-existing', '--strokes', '4']
  const stopped = await fewline(
    folder.path,
    [...call, '--iterations', '100'],
    when(/\.svg/, (child) => child.kill('SIGINT')),
  )
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toContain('Nothing is left half drawn')
  const drawn = NAMES.filter((name) => existsSync(place(`out/${name}.svg`)))
  expect(drawn.length).toBeGreaterThan(0)
  expect(drawn.length).toBeLessThan(NAMES.length)
  // No checkpoints, nothing temporary.
  expect(readdirSync(place('out')).sort()).toEqual(drawn.map((name) => `${name}.svg`))
  expect((await fewline(folder.path, [...call, ...QUICK])).code).toBe(0)
  for (const name of NAMES) expect(pathsIn(read(`out/${name}.svg`))).toBe(4)
})

test('a hot folder: whole files are drawn, again when they are replaced, and whatever else comes is survived', async () => {
  mkdirSync(place('in'))
  const picture = await photo()
  const half = picture.length >> 1
  writeFileSync(place('in/early.png'), picture)
  const has = async (name: string, since = 0) => {
    await expect
      .poll(() => existsSync(place(name)) && statSync(place(name)).mtimeMs > since, { timeout: 60_000 })
      .toBe(true)
  }
  const watching = fewline(folder.path, ['watch', 'in', '-o', 'out', '--jobs', '1', ...QUICK], (child) => {
    void (async () => {
      await has('out/early.svg')
      writeFileSync(place('in/notes.txt'), 'no photo')
      writeFileSync(place('in/broken.jpg'), 'no picture')
      writeFileSync(place('in/slow.png'), picture.subarray(0, half))
      writeFileSync(place('in/vanishes.png'), picture)
      rmSync(place('in/vanishes.png'))
      for (let at = half; at < picture.length; at += half >> 1) {
        await setTimeout(300)
        appendFileSync(place('in/slow.png'), picture.subarray(at, at + (half >> 1)))
      }
      await has('out/slow.svg')
      const before = statSync(place('out/early.svg')).mtimeMs
      writeFileSync(place('in/early.png'), await photo('jpeg'))
      await has('out/early.svg', before)
      child.kill('SIGINT')
    })()
  })
  const { code, stderr } = await watching
  expect(code).toBe(0)
  expect(stderr.match(/notes\.txt is no photo/g)).toHaveLength(1)
  expect(stderr.match(/"in\/broken\.jpg" is not a picture/g)).toHaveLength(1)
  expect(stderr).not.toContain('slow.png')
  expect(stderr).not.toContain('vanishes')
  for (const name of ['early', 'slow']) expect(pathsIn(read(`out/${name}.svg`))).toBe(4)

  const wrong = await fewline(folder.path, ['watch', 'in', '-o', 'in/'])
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('another folder') })
  expect(await fewline(folder.path, ['watch', 'nowhere', '-o', 'out/'])).toMatchObject({ code: 2 })
})
