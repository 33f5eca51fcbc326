import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Dice } from '../../scripts/eye/dice.ts'
import type { Scene } from '../../scripts/eye/shards.ts'
import { eyeGraph } from '../../scripts/eye/training/export.ts'
import { parametersOf } from '../../scripts/eye/training/graph.ts'
import { type Measures, Measurement } from '../../scripts/eye/training/measure.ts'
import { type Widths, eye } from '../../scripts/eye/training/net.ts'
import { WIDTHS as SHIPPED } from '../../scripts/eye/training/plan.ts'
import { begin, byName, readState } from '../../scripts/eye/training/state.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { openGraph } from '../../src/onnx/session.ts'
import { tensor } from '../../src/tensor.ts'

const SIDE = 64

/** A square from 16 to 48: its outline one pixel thin, and a weak line that may be drawn or not. */
function square(): Scene {
  const plane = (label: (x: number, y: number) => number): Uint8Array =>
    Uint8Array.from({ length: SIDE * SIDE }, (_, at) => label(at % SIDE, Math.floor(at / SIDE)))
  const depth = (x: number, y: number): number => Math.min(x - 16, y - 16, 48 - x, 48 - y)
  return {
    side: SIDE,
    photo: new Uint8Array(3 * SIDE * SIDE),
    lines: plane((x, y) => (depth(x, y) === 0 ? 255 : y === 5 ? 60 : 0)),
    figure: plane((x, y) => (depth(x, y) >= 0 ? 255 : 0)),
  }
}

function measured(lines: (at: number) => number, figure: (at: number) => number): Measures {
  const measurement = new Measurement()
  const plane = (value: (at: number) => number): Float32Array =>
    Float32Array.from({ length: SIDE * SIDE }, (_, at) => value(at))
  measurement.add(square(), { lines: plane(lines), figure: plane(figure) })
  return measurement.result()
}

describe('what a net is measured by', () => {
  const { lines, figure } = square()
  const exact = (at: number) => Number(lines[at] === 255)

  test('is 1 for the labels, with or without what may be drawn or not', () => {
    const { f, precision, recall, overlap } = measured(exact, (at) => figure[at]! / 255)
    expect([f, precision, recall, overlap]).toEqual([1, 1, 1, 1])
    expect(measured((at) => Math.ceil(lines[at]! / 255), exact).precision).toBe(1)
  })

  test('forgives a shift of two pixels and not one of four', () => {
    expect(
      measured(
        (at) => exact(at - 2),
        () => 0,
      ).f,
    ).toBe(1)
    expect(
      measured(
        (at) => exact(at - 4 - 4 * SIDE),
        () => 0,
      ).f,
    ).toBeLessThan(0.3)
  })

  test('is 0 for a net that says nothing, and low for one that says everything', () => {
    expect(
      measured(
        () => 0,
        () => 0,
      ),
    ).toMatchObject({ f: 0, overlap: 0 })
    expect(
      measured(
        (at) => ((at * 7919) % 101) / 101,
        () => 1,
      ),
    ).toMatchObject({ overlap: (33 * 33) / SIDE ** 2 })
    expect(
      measured(
        (at) => ((at * 7919) % 101) / 101,
        () => 1,
      ).precision,
    ).toBeLessThan(0.5)
  })
})

describe('the eye in a file', () => {
  const WIDTHS: Widths = [4, 6, 8, 8, 8]
  const parameters = parametersOf(WIDTHS)
  const { weights } = begin(parameters, 1)
  const dice = new Dice(2)
  weights.forEach((weight, i) => (weights[i] = weight + dice.normal(0.02)))
  const image = tensor([1, 3, 224, 224])
  image.data.forEach((_, i) => (image.data[i] = 0.5 + 0.5 * Math.sin((i % 224) / 9) * Math.cos(i / 4000)))

  test('says with eight bits what its weights say', async () => {
    const g = new GraphBuilder()
    const named = byName(parameters, weights)
    const heads = eye(g, g.input('image', [1, 3, 224, 224]), (name) => g.constant(named[name]!), WIDTHS)
    g.output('lines', g.op('Sigmoid', [heads.lines]))
    const exact = await openGraph(g.toGraph(), { threads: 1 })
    const small = await openGraph(eyeGraph(WIDTHS, named), { threads: 1 })
    const [a, b] = [(await exact.run({ image })).lines!.data, (await small.run({ image })).lines!.data]
    const off = b.reduce((most, line, i) => Math.max(most, Math.abs(line - a[i]! / (3 - 2 * a[i]!))), 0)
    expect(off).toBeGreaterThan(0)
    expect(off).toBeLessThan(0.01)
    for (const session of [exact, small]) await session.dispose()
  })

  test('can be trained on from the state that is kept', () => {
    const all = parametersOf(SHIPPED)
    const kept = join(import.meta.dirname, '..', '..', 'scripts', 'eye', 'trained.bin')
    const state = readState(kept, begin(all, 0).weights.length)
    expect(state.step).toBeGreaterThan(0)
    for (const numbers of [state.weights, state.average, state.adam.mean, state.adam.square]) {
      expect(numbers.every(Number.isFinite)).toBe(true)
      expect(numbers.some((number) => number !== 0)).toBe(true)
    }
  })

  test('has one byte for a weight', () => {
    expect(writeModel(eyeGraph(WIDTHS, byName(parameters, weights))).length).toBeLessThan(1.3 * weights.length + 20_000)
  })
})
