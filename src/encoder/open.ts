import { FewlineError } from '../errors.ts'
import { builtin } from './builtin.ts'
import type { EncoderOptions, ImageEncoder } from './encoder.ts'
import { encoderOf } from './tower.ts'

/**
 * Opens an encoder by its name; `auto` is the best that is installed.
 * Throws a FewlineError of kind `model` for a name it doesn't know.
 */
export async function openEncoder(nameOrPath: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  if (nameOrPath === 'builtin' || nameOrPath === 'auto') return encoderOf(builtin, options)
  throw new FewlineError({
    kind: 'model',
    expected: 'an encoder that is installed (builtin)',
    came: `"${nameOrPath}" is not`,
    todo: 'use --encoder builtin',
  })
}
