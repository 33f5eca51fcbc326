import { describe, expect, test } from 'vitest'
import { generatorCanvas, openGenerator, type Generator } from '../../src/edit/generator.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { agreement, laterDifferences } from '../support/differences.ts'
import { colourGenerator, SIDE, twoFiles, unfit } from '../support/generators.ts'
import { random } from '../support/random.ts'

const latentOf = (...numbers: number[]): Tensor => tensor([numbers.length], Float32Array.from(numbers))
const ONE = { threads: 1 }

async function expectGradient(generator: Generator, near: number): Promise<void> {
  const canvas = generatorCanvas(generator, near)
  const next = random(11)
  const latent = generator.latent.map((v) => v + 0.3 * next())
  const { output, pullback } = await canvas.show({ latent })
  const weights = output.data.map((_, i) => Math.sin(i / 3000) / 50)
  const cost = async () => {
    const { output, terms } = await canvas.show({ latent })
    return output.data.reduce((sum, v, i) => sum + v * weights[i]!, 0) + terms['latent']!
  }
  const gradient = (await pullback({ data: weights, shape: output.shape })) as { latent: Float32Array }
  const differences = await laterDifferences(cost, latent, 1e-3)
  const { cos, norm } = agreement(gradient.latent, differences)
  expect(cos).toBeGreaterThan(0.999)
  expect(Math.abs(norm - 1)).toBeLessThan(0.02)
}

describe('a generator', () => {
  test('makes the picture that its latent says, and its gradient agrees with central differences', async () => {
    const generator = await openGenerator([colourGenerator()], latentOf(-0.4, 0.2, 0.6), 0, ONE)
    const { output } = await generator.make(Float32Array.of(0.5, -0.5, 0))
    expect(output.shape).toEqual([3, SIDE, SIDE])
    for (const [c, z] of [0.5, -0.5, 0].entries()) {
      expect(output.data[c * SIDE * SIDE + 17]).toBeCloseTo((Math.tanh(z) + 1) / 2, 5)
    }
    await expectGradient(generator, 3)
    await generator.dispose()
  })

  test('in two files, of what StyleGAN2 is made of, has a gradient, noise that stays, and begins where its mapping says', async () => {
    const open = (seed: number) => openGenerator(twoFiles(), latentOf(0.3, -0.2, 0.5, 0.1), seed, ONE)
    const [one, same, other] = [await open(0), await open(0), await open(1)]
    expect([one.latent.length, one.width, one.height]).toEqual([6, 8, 16])
    const [picture, again, noisy] = [
      await one.make(one.latent),
      await same.make(one.latent),
      await other.make(one.latent),
    ]
    expect(again.output).toEqual(picture.output)
    expect(noisy.output).not.toEqual(picture.output)
    await expectGradient(one, 0)
    const direct = await openGenerator(twoFiles(), tensor([1, 2, 3], one.latent), 0, ONE)
    expect(direct.latent).toEqual(one.latent)
    for (const generator of [one, same, other, direct]) await generator.dispose()
  })

  test('by chance begins elsewhere for every seed, and at the same place for one', async () => {
    const open = async (files: Uint8Array[], seed: number) => {
      const generator = await openGenerator(files, 'random', seed, ONE)
      await generator.dispose()
      return generator.latent
    }
    for (const files of [[colourGenerator()], twoFiles()]) {
      expect(await open(files, 4)).toEqual(await open(files, 4))
      expect(await open(files, 5)).not.toEqual(await open(files, 4))
    }
  })

  const only = (what: keyof typeof unfit) => () => [unfit[what]()]
  test.each<[string, () => Uint8Array[], Tensor | 'random', string]>([
    ['an operator without a gradient', only('an operator without a gradient'), 'random', 'Mish'],
    ['shapes that are open', only('shapes that are open'), 'random', 'whose shapes are fixed'],
    ['two inputs', only('two inputs'), 'random', 'with one input, the latent, but it has 2 ("z", "c")'],
    ['no picture', only('no picture'), 'random', '"p" is [1, 3]'],
    ['no model at all', () => [Buffer.from('nothing')], 'random', 'the bytes of an ONNX graph'],
    ['a latent of another length', () => [colourGenerator()], latentOf(1, 2), 'a latent of 3 numbers, but it has 2'],
    [
      'two files that do not fit',
      () => [twoFiles()[0], colourGenerator()],
      'random',
      'the mapping makes 6 numbers, the synthesis takes 3',
    ],
  ])('is refused in a sentence with %s', async (_, files, latent, said) => {
    await expect(openGenerator(files(), latent, 0, ONE)).rejects.toThrow(said)
  })
})
