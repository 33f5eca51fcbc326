import { readFile } from 'node:fs/promises'
import { adamFor } from '../drawing/descent.ts'
import { TEMPLATES } from '../encoder/sentences.ts'
import { FewlineError } from '../errors.ts'
import { goesFrom, means, wayFrom } from '../objective/wants.ts'
import { ramped } from '../optimiser/schedule.ts'
import type { Tensor } from '../tensor.ts'
import { generatorCanvas, openGenerator } from './generator.ts'
import { readNpy } from './npy.ts'
import type { EditRequest, GeneratorFiles } from './request.ts'
import type { Setting } from './setting.ts'

/** As published (StyleCLIP: Patashnik et al. 2021). */
const [ITERATIONS, RATE] = [300, 0.1]

/** A generator's picture, to be changed by moving its latent. */
export async function generating({
  generator: files,
  source,
  keep = 1,
  seed = 0,
  threads,
}: EditRequest & Required<Pick<EditRequest, 'generator'>>): Promise<Setting> {
  const generator = await openedGenerator(files, seed, threads)
  const canvas = generatorCanvas(generator, keep)
  const latent = { latent: generator.latent }
  const before = source === undefined ? undefined : (await canvas.show(latent)).output
  return {
    mode: 'generator',
    canvas,
    begin: () => latent,
    iterations: ITERATIONS,
    optimiser: (iterations) => adamFor({ latent: ramped(RATE, iterations) }, iterations),
    ...{ views: 0, bank: [], notes: [] },
    wants: (text) => [before ? goesFrom(before, wayFrom(source!, text, TEMPLATES)) : means(text)],
    dispose: () => generator.dispose(),
  }
}

/** The generator of a request, with the latent where it begins. */
export async function openedGenerator({ files, latent }: GeneratorFiles, seed: number, threads?: number) {
  return openGenerator(files, await latentOf(latent), seed, threads === undefined ? {} : { threads })
}

async function latentOf(latent: string | Uint8Array): Promise<Tensor | 'random'> {
  if (latent === 'random') return latent
  if (typeof latent !== 'string') return readNpy(latent)
  const bytes = await readFile(latent).catch((cause: unknown) => {
    const problem = {
      expected: 'a latent (.npy) or "random"',
      came: `"${latent}" can't be read`,
      todo: 'check its path',
    }
    throw new FewlineError({ kind: 'call', ...problem }, { cause })
  })
  return readNpy(bytes)
}
