import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { importModel } from '../../src/models/import.ts'
import { bestInstalled, installedLineNet, listModels, removeModel, verifyModels } from '../../src/models/store.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import type { Value } from '../../src/onnx/graph.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { openPhoto } from '../../src/photo/photo.ts'
import { lookAtPhoto, withEye } from '../../src/subject/eye.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { useFolder } from '../support/folder.ts'

const DUCK = join(import.meta.dirname, '../../resources/samples/duck.jpg')

/**
 * A net that finds lines where grey changes by about 1 / `gain` from pixel to pixel, and neither where it changes less nor
 * more: only pictures that are shown as it wants have any.
 */
function lineNet(side: number, gain: number, finish?: (g: GraphBuilder, lines: Value) => void): Uint8Array {
  const g = new GraphBuilder()
  const picture = g.input('picture', [1, 3, side, side])
  const grey = g.op('Conv', [picture, g.constant(tensor([1, 3, 1, 1], new Float32Array(3).fill(gain / 3)))])
  const padded = g.op('Pad', [grey, g.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' })
  const along = [0, 0, 0, -0.5, 0, 0.5, 0, 0, 0]
  const down = [0, -0.5, 0, 0, 0, 0, 0, 0.5, 0]
  const slopes = g.op('Conv', [padded, g.constant(tensor([2, 1, 3, 3], Float32Array.from([...along, ...down])))])
  const steep = g.op('Sqrt', [g.op('ReduceSum', [g.op('Mul', [slopes, slopes]), g.ints([1])], { keepdims: 1 })])
  const less = g.op('Exp', [g.op('Sub', [g.scalar(1), steep])])
  const lines = g.op('Mul', [steep, less])
  if (finish) finish(g, lines)
  else g.output('lines', lines)
  return writeModel(g.toGraph())
}

describe('a net of the user’s that finds lines', () => {
  const folder = useFolder()
  beforeEach(() => void vi.stubEnv('FEWLINE_MODELS', join(folder.path, 'models')))
  afterEach(() => void vi.unstubAllEnvs())
  const file = (bytes: Uint8Array): string => {
    const path = join(folder.path, 'net.onnx')
    writeFileSync(path, bytes)
    return path
  }

  test.each([
    ['rgb', 3.3],
    ['imagenet', 3.3 * 0.226],
    ['bgr', 3.3 / 255],
  ])('is shown pictures as it wants: %s', async (manner, gain) => {
    const { imported } = await importModel(file(lineNet(96, gain)))
    expect(basename(imported[0]!.path)).toMatch(new RegExp(`^lines-${manner}-[0-9a-f]{8}\\.onnx$`))
  })

  test('says where the lines of photos are, until it is removed, and is no encoder', async () => {
    const photo = await openPhoto(DUCK)
    const own = await withEye((eye) => lookAtPhoto(photo, eye))
    const { imported } = await importModel(file(lineNet(CANVAS, 5)))
    expect(installedLineNet()).toBe(imported[0]!.path)
    expect(bestInstalled()).toBeUndefined()
    expect(await verifyModels()).toEqual([{ path: imported[0]!.path, right: true }])
    const other = await withEye((eye) => lookAtPhoto(photo, eye))
    expect(other.figure).toEqual(own.figure)
    expect(other.lines).not.toEqual(own.lines)
    expect(other.lines[40 * CANVAS + 40]).toBeLessThan(0.2)
    expect(Math.max(...other.lines)).toBeGreaterThan(0.8)
    const { name } = listModels().find(({ path }) => path === imported[0]!.path)!
    await removeModel(name)
    expect((await withEye((eye) => lookAtPhoto(photo, eye))).lines).toEqual(own.lines)
  })

  test('may give the logarithm of odds, instead of likelihoods', async () => {
    const odds = lineNet(96, 3.3, (g, lines) => {
      g.output('odds', g.op('Mul', [g.op('Sub', [lines, g.scalar(0.5)]), g.scalar(12)]))
    })
    expect((await importModel(file(odds))).imported).toHaveLength(1)
  })

  test('has one output, takes square pictures, and finds lines, or is refused in a sentence', async () => {
    const two = lineNet(96, 3.3, (g, lines) => {
      g.output('lines', lines)
      g.output('again', g.op('Mul', [lines, lines]))
    })
    await expect(importModel(file(two))).rejects.toThrow('of a net that finds lines, with one output, but')
    const none = lineNet(96, 3.3, (g, lines) => g.output('lines', g.op('Mul', [lines, g.scalar(0)])))
    await expect(importModel(file(none))).rejects.toThrow('finds no line where there is one')
    await expect(importModel(file(Uint8Array.of(1, 2, 3)))).rejects.toThrow(/^Expected /)
    expect(installedLineNet()).toBeUndefined()
  })
})
