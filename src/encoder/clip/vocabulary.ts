import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { FewlineError } from '../../errors.ts'
import { tokenizerFrom, type Tokenizer } from './tokenizer.ts'

const FILE = 'bpe_simple_vocab_16e6.txt.gz'
/** A file that unpacks to more is not the vocabulary. */
const LARGEST = 16 * 2 ** 20

/**
 * Reads CLIP's vocabulary from the first of these folders that has it.
 * Throws a FewlineError of kind `model` when none has, or the file is damaged.
 */
export async function openTokenizer(folders: readonly string[]): Promise<Tokenizer> {
  for (const folder of folders) {
    const packed = await readFile(join(folder, FILE)).catch(() => undefined)
    if (packed) return tokenizerFrom(await unpacked(packed, join(folder, FILE)))
  }
  throw problem(`"${FILE}" in ${folders.join(' or ')}`, 'it is not there', 'download it with: fewline models download')
}

async function unpacked(packed: Uint8Array, path: string): Promise<string> {
  try {
    return (await promisify(gunzip)(packed, { maxOutputLength: LARGEST })).toString('utf8')
  } catch {
    throw problem("CLIP's vocabulary", `"${path}" can't be unpacked`, 'download it again')
  }
}

function problem(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'model', expected, came, todo })
}
