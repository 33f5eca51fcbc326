import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blank, CLI, expectSentence, fewline, outcomeOf, photo, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()
const QUICK = ['--strokes', '8', '--iterations', '5']

describe('a photo that cannot be drawn is exit code 1, one sentence, and nothing written', () => {
  test.each<[string, string, string, (() => Promise<Uint8Array>) | undefined]>([
    ['a missing file', 'a.png', 'does not exist', undefined],
    ['a text file named .png', 'a.png', 'not a picture', async () => Buffer.from('Dear diary, …')],
    ['an empty file', 'a.png', 'empty', async () => Buffer.alloc(0)],
    ['a truncated JPEG', 'a.jpg', 'cut short', async () => (await photo('jpeg')).subarray(0, 1500)],
    ['a picture of one pixel', 'a.png', '1 × 1', () => blank(1, 1)],
    ['an all-white picture', 'a.png', 'nothing to draw', () => blank(120, 90)],
  ])('%s', async (_what, name, hint, content) => {
    if (content) writeFileSync(join(folder.path, name), await content())
    const { code, stdout, stderr } = await fewline(folder.path, ['sketch', name, '--json', 'report.json'])
    expect([code, stdout]).toEqual([1, ''])
    expectSentence(stderr)
    expect(stderr).toContain(hint)
    expect(folder.files()).toEqual([...(content ? [name] : []), 'report.json'])

    const report = JSON.parse(readFileSync(join(folder.path, 'report.json'), 'utf8')) as Record<string, unknown>
    expect(report).toMatchObject({ photo: name, error: { kind: 'photo', message: stderr.trim() } })
  })

  test('where it came from is shown when asked for', async () => {
    const { code, stderr } = await fewline(folder.path, ['sketch', 'nowhere.png', '--verbose'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Expected .*\n[^]*\n {4}at /)
  })
})

describe('an output that cannot be written', () => {
  test('a folder that does not exist', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', '-o', 'nowhere/out.svg'])
    expect(code).toBe(1)
    expectSentence(stderr)
    expect(stderr).toContain('its folder does not exist')
    expect(folder.files()).toEqual(['a.png'])
  })

  const mayWriteAnywhere = process.getuid?.() === 0 || process.platform === 'win32'
  test.skipIf(mayWriteAnywhere)('a folder that may not be written in', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    const locked = join(folder.path, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o555)
    const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', '-o', 'locked/'])
    expect(code).toBe(1)
    expectSentence(stderr)
    expect(stderr).toContain('may not be written in')
  })

  // The kernel stops a file of this process at 1 KiB, as a full disk would.
  test.skipIf(process.platform !== 'linux')('a disk with no room for the sketch', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    const script = `ulimit -f 1; exec "$0" "$@" sketch a.png --strokes 32 --iterations 5`
    const { code, stderr } = await outcomeOf('bash', ['-c', script, process.execPath, CLI], folder.path)
    expect(code).toBe(1)
    expectSentence(lastLine(stderr))
    expect(folder.files()).toEqual(['a.png'])
  })

  test('a disk that is full', async (context) => {
    await writePhoto(join(folder.path, 'a.png'))
    const disk = join(folder.path, 'disk')
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', disk], { stdio: 'ignore' })
    } catch {
      context.skip('a small disk can be mounted only by root on Linux')
    }
    try {
      writeFileSync(join(disk, 'full'), Buffer.alloc(4096))
      const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', '-o', 'disk/', ...QUICK])
      expect(code).toBe(1)
      expectSentence(lastLine(stderr))
      expect(stderr).toContain('the disk is full')
      rmSync(join(disk, 'full'))
      expect(execFileSync('ls', ['-A', disk], { encoding: 'utf8' })).toBe('')
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

/** What is said after the lines that tell how far the drawing is. */
function lastLine(stderr: string): string {
  return `${stderr.trimEnd().split('\n').at(-1)!}\n`
}
