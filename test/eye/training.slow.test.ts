import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Dice } from '../../scripts/eye/dice.ts'
import type { Scene } from '../../scripts/eye/shards.ts'
import { augment } from '../../scripts/eye/training/augment.ts'
import { type Parameter, parametersOf, trainingGraph } from '../../scripts/eye/training/graph.ts'
import type { Widths } from '../../scripts/eye/training/net.ts'
import { type Plan, rateAt } from '../../scripts/eye/training/plan.ts'
import { type TrainingState, begin, byName, readState, writeState } from '../../scripts/eye/training/state.ts'
import { type Told, Trainer } from '../../scripts/eye/training/training.ts'
import { openGraph } from '../../src/onnx/session.ts'
import { type Tensor, tensor } from '../../src/tensor.ts'

const TINY: Widths = [3, 4, 4, 5, 5]
const folder = mkdtempSync(join(tmpdir(), 'fewline-eye-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A bright disc on a dark ground, with its outline. */
function disc(side: number, seed: number): Scene {
  const dice = new Dice(seed)
  const [x0, y0, radius] = [dice.between(0.4, 0.6) * side, dice.between(0.4, 0.6) * side, dice.between(0.2, 0.3) * side]
  const scene = {
    side,
    photo: new Uint8Array(3 * side * side),
    lines: new Uint8Array(side * side),
    figure: new Uint8Array(side * side),
  }
  for (let at = 0; at < side * side; at++) {
    const away = Math.hypot((at % side) - x0, Math.floor(at / side) - y0) - radius
    if (away < 0) scene.figure[at] = 255
    if (Math.abs(away) < 0.7) scene.lines[at] = 255
    for (let k = 0; k < 3; k++) scene.photo[3 * at + k] = (away < 0 ? 200 - 30 * k : 60 + 20 * k) + dice.between(-8, 8)
  }
  return scene
}

const scenes = [disc(64, 1), disc(64, 2)]
const plan: Plan = {
  widths: TINY,
  steps: 40,
  seed: 3,
  phases: [
    { from: 0, batch: 2, side: 64 },
    { from: 0.5, batch: 1, side: 96 },
  ],
  rate: { first: 1e-2, last: 1e-4, warmup: 1 },
  pool: () => scenes.length,
}

async function trained(state: TrainingState, steps: number, threads = 1, of = plan): Promise<Told[]> {
  const trainer = new Trainer(of, threads)
  const told: Told[] = []
  while (told.length < steps) told.push(await trainer.step(state, scenes))
  await trainer.dispose()
  return told
}

describe('the gradient of the whole training graph', () => {
  test('agrees with central differences in each weight', async () => {
    const [batch, side] = [2, 64]
    const { graph, parameters } = trainingGraph(TINY, batch, side)
    const session = await openGraph(graph, { threads: 1 })
    const dice = new Dice(5)
    const weights = lively(parameters, dice)
    const plane = (channels: number, number: () => number): Tensor =>
      tensor([batch, channels, side, side], Float32Array.from({ length: batch * channels * side ** 2 }, number))
    const blocks = tensor([batch, 1, side, side])
    blocks.data.forEach((_, i) => (blocks.data[i] = Number((i >> 3) % 3 === 0)))
    const feeds = {
      image: plane(3, () => dice.next()),
      lines: plane(1, () => Number(dice.chance(0.1))),
      figure: blocks,
      inside: plane(1, () => Number(dice.chance(0.9))),
    }
    const run = () => session.run({ ...feeds, ...byName(parameters, weights) })
    const gradients = await run()

    for (const { name } of parameters) {
      const weight = byName(parameters, weights)[name]!.data
      const gradient = gradients[`grad_${name}`]!.data
      const size = Math.hypot(...gradient)
      expect(size, name).toBeGreaterThan(1e-6)
      // Along the gradient, and across it somewhere.
      const direction = gradient.map((g) => g / size + dice.normal(0.3) / Math.sqrt(gradient.length))
      const expected = direction.reduce((sum, d, i) => sum + d * gradient[i]!, 0)
      const start = weight.slice()
      const lossAt = async (along: number): Promise<number> => {
        weight.set(start.map((number, i) => number + along * direction[i]!))
        const { loss } = await run()
        weight.set(start)
        return loss!.data[0]!
      }
      // Long steps meet the net's kinks, where only one side agrees, and short ones the last digits of the loss.
      const errors: number[] = []
      for (const step of [1e-2, 3e-3, 1e-3]) {
        const [below, at, above] = [await lossAt(-step), await lossAt(0), await lossAt(step)]
        for (const difference of [(above - below) / 2, above - at, at - below]) {
          errors.push(Math.abs(difference / step - expected) / expected)
        }
        if (Math.min(...errors) < 0.03) break
      }
      expect(Math.min(...errors), name).toBeLessThan(0.03)
    }
    await session.dispose()
  })
})

/** Weights none of which is 0, not even those that begin so. */
function lively(parameters: readonly Parameter[], dice: Dice): Float32Array {
  return Float32Array.from(
    parameters.flatMap(({ shape, start }) => {
      const deviation = 'deviation' in start && start.deviation > 0 ? start.deviation : 0.1
      return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => dice.normal(deviation))
    }),
  )
}

describe('training', () => {
  test('ten steps on two scenes take the loss down by a quarter', async () => {
    const told = await trained(begin(parametersOf(TINY), 1), 11)
    expect(told[10]!.loss / told[0]!.loss).toBeLessThan(0.75)
  })

  test('killed training goes on to the same weights', async () => {
    const parameters = parametersOf(TINY)
    const whole = begin(parameters, 1)
    whole.step = whole.adam.step = 17 // The pictures grow at step 20.
    const path = join(folder, 'state.bin')
    writeState(path, whole)
    await trained(whole, 6)
    for (const steps of [2, 3, 1]) {
      const part = readState(path, whole.weights.length)
      await trained(part, steps)
      writeState(path, part)
    }
    expect(readState(path, whole.weights.length)).toEqual(whole)
  })

  test('two threads make the same weights as one', async () => {
    const [one, two] = [begin(parametersOf(TINY), 1), begin(parametersOf(TINY), 1)]
    await trained(one, 3, 1)
    await trained(two, 3, 2)
    expect(two).toEqual(one)
  })

  test('a state in half as many bits is about the same', async () => {
    const state = begin(parametersOf(TINY), 1)
    await trained(state, 2)
    const path = join(folder, 'half.bin')
    writeState(path, state, true)
    const half = readState(path, state.weights.length)
    expect(half.step).toBe(state.step)
    for (const [a, b] of [
      [half.weights, state.weights],
      [half.average, state.average],
      [half.adam.mean, state.adam.mean],
      [half.adam.square, state.adam.square],
    ] as const) {
      const size = Math.hypot(...b)
      expect(Math.hypot(...a.map((number, i) => number - b[i]!)) / size).toBeLessThan(2e-3)
    }
  })

  test('a file that is no state is refused', () => {
    const path = join(folder, 'other.bin')
    writeState(path, begin(parametersOf(TINY), 1))
    expect(() => readState(path, 7)).toThrow('is none')
  })

  test('the rate rises, stays and falls', () => {
    const long = { ...plan, steps: 1000, rate: { first: 3e-3, last: 1e-5, warmup: 60 } }
    expect(rateAt(long, 0)).toBeLessThan(1e-4)
    expect(rateAt(long, 100)).toBe(rateAt(long, 500))
    expect(rateAt(long, 999)).toBeLessThan(2e-5)
  })
})

describe('a sample', () => {
  const sampled = (scene: Scene, seed: number) => {
    const side = 80
    const plane = (channels: number) => new Float32Array(channels * side * side)
    const sample = { side, image: plane(3), lines: plane(1), figure: plane(1), inside: plane(1) }
    augment(scene, new Dice(seed), sample)
    return sample
  }

  test('keeps labels on what they label', () => {
    // White is the figure, whatever is done to shape and place.
    const scene = disc(64, 4)
    for (let i = 0; i < scene.figure.length; i++) scene.photo.fill(scene.figure[i]!, 3 * i, 3 * i + 3)
    for (let seed = 0; seed < 40; seed++) {
      const { image, figure, inside } = sampled(scene, seed)
      const area = figure.length
      const means = [0, 1].map((is) => {
        const places = [...figure.keys()].filter((i) => inside[i]! > 0 && figure[i] === is)
        return (
          places.reduce((sum, i) => sum + image[i]! + image[area + i]! + image[2 * area + i]!, 0) / 3 / places.length
        )
      })
      expect(means[1]! - means[0]!, `seed ${seed}`).toBeGreaterThan(0.3)
    }
  })

  test('is of numbers from 0 to 1, with labels inside the photo alone', () => {
    for (let seed = 0; seed < 40; seed++) {
      const { image, lines, figure, inside } = sampled(scenes[0]!, seed)
      for (const plane of [image, lines, figure, inside]) {
        expect(plane.every((number) => number >= 0 && number <= 1 + 1e-6)).toBe(true)
      }
      expect(inside.every((is, i) => is === 1 || (lines[i] === 0 && figure[i] === 0))).toBe(true)
    }
  })
})
