import * as ort from 'onnxruntime-node'
import { FewlineError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { type ElementArray, type ElementType, numbersOf } from './elements.ts'

export interface SessionOptions {
  /** Where it runs: `cpu` (also `auto`), `webgpu`, `cuda`, `dml`, `coreml`. The runtime never falls back by itself. */
  device?: string
  /** CPU threads of one run; as many as the machine has cores when absent. */
  threads?: number
  /**
   * How far the runtime rewrites the graph; `all` when absent. `all` also blocks channels by 16 for convolutions on the
   * CPU, which is a loss where a graph has only a few channels: such a graph is faster with `extended`.
   */
  optimisation?: 'basic' | 'extended' | 'all'
  /** Files that the model's external data names, already in memory. */
  externalData?: { path: string; data: Uint8Array }[]
}

/** What a run takes in: a Tensor, or elements of another type (token ids are int64 or int32). */
export interface Feed {
  data: ElementArray
  shape: readonly number[]
}

/** A graph, ready to run. A run blocks the thread it is called on until it is done. */
export interface Session {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly device: string
  /**
   * Feeds every input by name and computes the named outputs, or all of them. Outputs of other types become floats.
   * Throws a FewlineError of kind `model` for a feed that doesn't fit and for an unknown output.
   */
  run(feeds: Record<string, Feed>, outputs?: readonly string[]): Promise<Record<string, Tensor>>
  dispose(): Promise<void>
}

/**
 * Makes an ONNX model ready to run, optimised for the device.
 * Throws a FewlineError: kind `model` when the runtime refuses the model, `device` when the device is not to be had.
 */
export async function openSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const device = !options.device || options.device === 'auto' ? 'cpu' : options.device
  const session = await create(model, device, options)
  const types = new Map(session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : 'string']))

  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    device,
    async run(feeds, outputs = session.outputNames) {
      checkNames('feeds', session.inputNames, Object.keys(feeds), true)
      checkNames('outputs', session.outputNames, outputs, false)
      try {
        const inputs = mapValues(
          feeds,
          ({ data, shape }, name) => new ort.Tensor(types.get(name) as 'float32', data as Float32Array, shape),
        )
        return mapValues(await session.run(inputs, outputs), floats)
      } catch (cause) {
        throw refused('a run of the model to succeed', cause, 'check the shapes and types of its inputs')
      }
    },
    dispose: () => session.release(),
  }
}

async function create(model: Uint8Array, device: string, options: SessionOptions): Promise<ort.InferenceSession> {
  // The runtime would skip a device that it doesn't know.
  if (!ort.listSupportedBackends().some(({ name }) => name === device))
    throw unavailable(device, 'this system has no such thing')
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      ...(options.threads && { intraOpNumThreads: options.threads }),
      ...(options.externalData && { externalData: options.externalData }),
      graphOptimizationLevel: options.optimisation ?? 'all',
      logSeverityLevel: 4,
      // Threads that wait for work by spinning make a run about a fifth faster; they stop when the run ends, so that
      // the cores are free for what happens between two runs.
      extra: { session: { force_spinning_stop: '1', intra_op: { allow_spinning: '1' } } },
    })
  } catch (cause) {
    if (device === 'cpu') throw refused('a model that ONNX Runtime can load', cause, 'export or download it again')
    throw unavailable(device, `ONNX Runtime says: ${messageOf(cause)}`, cause)
  }
}

function unavailable(device: string, came: string, cause?: unknown): FewlineError {
  return new FewlineError(
    { kind: 'device', expected: `to compute with ${device}`, came, todo: 'choose the device "cpu"' },
    { cause },
  )
}

function floats(result: ort.Tensor): Tensor {
  const shape = [...result.dims]
  if (result.type === 'float32') return { data: result.data as Float32Array, shape }
  return { data: Float32Array.from(numbersOf(result.type as ElementType, result.data as ElementArray)), shape }
}

function refused(expected: string, cause: unknown, todo: string): FewlineError {
  return new FewlineError({ kind: 'model', expected, came: `ONNX Runtime says: ${messageOf(cause)}`, todo }, { cause })
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function checkNames(what: string, known: readonly string[], came: readonly string[], all: boolean): void {
  const missing = all ? known.find((name) => !came.includes(name)) : undefined
  const unknown = came.find((name) => !known.includes(name))
  if (missing === undefined && unknown === undefined) return
  throw new FewlineError({
    kind: 'model',
    expected: `the model's ${what} (${known.map((name) => `"${name}"`).join(', ')})`,
    came: missing === undefined ? `"${unknown}" is none of them` : `"${missing}" is missing`,
    todo: 'name them as the model does',
  })
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]))
}

/** Where models may run on this system, by the runtime's names; a device of that kind need not be there. */
export function supportedDevices(): string[] {
  return ort.listSupportedBackends().map(({ name }) => name)
}
