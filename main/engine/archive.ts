import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { zipSync } from 'fflate'
import { FewlineError } from '../../src/index.ts'

/** The largest archive that is put together, in bytes: it goes to a browser as a whole. */
const MOST = 1e9

/**
 * Files in one archive. Most are packed already, so they are only put beside each other. Throws a FewlineError when they
 * are too much.
 */
export async function packFiles({ paths }: { paths: string[] }): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {}
  let bytes = 0
  for (const path of paths) {
    const content = await readFile(path).catch(() => undefined)
    if (!content) continue
    bytes += content.length
    if (bytes > MOST) {
      const expected = 'an archive of at most 1 GB'
      throw new FewlineError({
        kind: 'output',
        expected,
        came: 'the results are more',
        todo: 'remove some that you have',
      })
    }
    files[basename(path)] = content
  }
  return zipSync(files, { level: 0 })
}
