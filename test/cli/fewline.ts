import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect } from 'vitest'
import type { useFolder } from '../support/folder.ts'

export { useFolder } from '../support/folder.ts'

/** The command as it is installed; `npm test` builds it. */
export const CLI = join(import.meta.dirname, '../../dist/engine/cli.js')

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** Calls the real command in `cwd` and waits for its end; `started` is given the process meanwhile. */
export function fewline(
  cwd: string,
  args: readonly string[],
  started?: (child: ChildProcess) => void,
): Promise<Outcome> {
  return outcomeOf(process.execPath, [CLI, ...args], cwd, started)
}

export function outcomeOf(
  program: string,
  args: readonly string[],
  cwd: string,
  started?: (child: ChildProcess) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const outcome = { code: null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...outcome, code }))
    started?.(child)
  })
}

/** One plain sentence, and no trace of where in the code it came from. */
export function expectSentence(stderr: string): void {
  expect(stderr).toMatch(/^Expected [^\n]+, but [^\n]+: [^\n]+\.\n$/)
}

/** `sketch` refuses the photo a.png with these arguments: exit code 2, one sentence that holds the hint, and nothing written. */
export async function expectRefused(
  folder: ReturnType<typeof useFolder>,
  args: readonly string[],
  hint: string,
): Promise<void> {
  const photo = await writePhoto(join(folder.path, 'a.png'))
  const { code, stdout, stderr } = await fewline(folder.path, ['sketch', photo, ...args])
  expect([code, stdout]).toEqual([2, ''])
  expectSentence(stderr)
  expect(stderr).toContain(hint)
  expect(folder.files()).toEqual(['a.png'])
}

export function pathsIn(svg: string): number {
  return svg.match(/<path /g)?.length ?? 0
}

const SHAPE = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#fff"/>
  <ellipse cx="110" cy="80" rx="70" ry="50" fill="#777"/><circle cx="190" cy="50" r="25" fill="#222"/></svg>`

/** A picture of a few shapes on white, three to two. */
export async function photo(format: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  return sharp(Buffer.from(SHAPE)).flatten({ background: 'white' }).toFormat(format).toBuffer()
}

export async function writePhoto(path: string): Promise<string> {
  writeFileSync(path, await photo(/\.jpe?g$/.test(path) ? 'jpeg' : 'png'))
  return path
}

/** An even picture: nothing to draw. */
export async function blank(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .png()
    .toBuffer()
}
