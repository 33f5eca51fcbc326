import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openSession } from '../../src/onnx/session.ts'
import { tensor } from '../../src/tensor.ts'

const folder = mkdtempSync(join(tmpdir(), 'fewline-eye-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the script', () => {
  const root = join(import.meta.dirname, '..', '..')
  const least = ['--scenes', '2', '--held-out', '1', '--steps', '5', '--threads', '1']
  /** As `npm run eye` starts it, or what that has compiled. */
  const train = (program: readonly string[], at: string): ChildProcess =>
    spawn(process.execPath, [...program, '--folder', at, ...least])
  const script = [join(root, 'scripts', 'eye.mjs'), 'train']
  const compiled = [join(root, 'out', 'eye', 'scripts', 'eye', 'train.js')]
  const ended = async (child: ChildProcess): Promise<number | null> => {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }
  const [straight, stopped] = [join(folder, 'straight'), join(folder, 'stopped')]

  test('writes the eye, and the same one after it was stopped', async () => {
    expect(await ended(train(script, straight))).toBe(0)
    expect(readdirSync(straight).sort()).toEqual(['eye.onnx', 'held-out', 'scenes', 'state.bin', 'trained.bin'])
    cpSync(join(straight, 'scenes'), join(stopped, 'scenes'), { recursive: true })
    cpSync(join(straight, 'held-out'), join(stopped, 'held-out'), { recursive: true })

    const first = train(compiled, stopped)
    await once(first.stdout!, 'data')
    first.kill('SIGTERM')
    await ended(first)
    expect(existsSync(join(stopped, 'eye.onnx'))).toBe(false)
    expect(await ended(train(compiled, stopped))).toBe(0)
    const [a, b] = [straight, stopped].map((at) => readFileSync(join(at, 'eye.onnx')))
    expect(a!.equals(b!)).toBe(true)
    expect(a!.length).toBeLessThan(400_000)

    const session = await openSession(join(straight, 'eye.onnx'), { threads: 1 })
    const seen = await session.run({ image: tensor([1, 3, 224, 224]) })
    await session.dispose()
    for (const head of ['lines', 'figure']) {
      expect(seen[head]!.shape).toEqual([1, 1, 224, 224])
      expect(seen[head]!.data.every((number) => number >= 0 && number <= 1)).toBe(true)
    }
  }, 300_000)

  test('refuses numbers that are none', async () => {
    const child = spawn(process.execPath, [...compiled, '--threads', 'many'])
    const said = once(child.stderr, 'data')
    expect(await ended(child)).toBe(2)
    expect(String(await said)).toContain('--threads, but got "many"')
  })
})
