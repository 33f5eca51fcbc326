import { existsSync, readFileSync } from 'node:fs'
import type { Tensor } from '../../src/tensor.ts'
import { sizeOf } from '../../src/tensor.ts'

/** Reference values computed by PyTorch and diffvg; they lie beside a checkout, and not everyone has them. */
export const SHARED = '../shared'
export const hasShared = existsSync(SHARED)

type Index = Record<string, { shape: number[]; offset: number }>

/** The float32 arrays of `golden/NAME.bin`, as `golden/NAME.json` lists them; read when the first is asked for. */
export function goldenArrays(name: string): (key: string) => Tensor {
  let files: { index: Index; bytes: Buffer } | undefined
  return (key) => {
    const { index, bytes } = (files ??= readGolden(name))
    const entry = index[key]
    if (!entry) throw new Error(`golden/${name} has no array ${key}`)
    const data = new Float32Array(sizeOf(entry.shape))
    for (let i = 0; i < data.length; i++) data[i] = bytes.readFloatLE(entry.offset + 4 * i)
    return { data, shape: entry.shape }
  }
}

function readGolden(name: string): { index: Index; bytes: Buffer } {
  const parsed = JSON.parse(readFileSync(`${SHARED}/golden/${name}.json`, 'utf8')) as { arrays?: Index } & Index
  return { index: parsed.arrays ?? parsed, bytes: readFileSync(`${SHARED}/golden/${name}.bin`) }
}
