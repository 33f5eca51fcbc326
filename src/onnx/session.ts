import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FewlineError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { type ElementArray, type ElementType, numbersOf } from './elements.ts'
import { type Graph, bytesIn } from './graph.ts'
import { writeWithoutWeights } from './outside.ts'
import { type InferenceSession, isQuiet, ort, type Tensor as OrtTensor } from './runtime.ts'

export interface SessionOptions {
  /** Where it runs: `cpu` (also `auto`), `webgpu`, `cuda`, `dml`, `coreml`. The runtime never falls back by itself. */
  device?: string
  /** CPU threads of one run; when absent as many as the machine has cores, or as `limitThreads` allows. */
  threads?: number
  /**
   * How far the runtime rewrites the graph; `all` when absent. `all` also blocks channels by 16 for convolutions on the
   * CPU, which is a loss where a graph has only a few channels: such a graph is faster with `extended`.
   */
  optimisation?: 'none' | 'basic' | 'extended' | 'all'
  /** Files that the model's external data names, already in memory. */
  externalData?: { path: string; data: Uint8Array }[]
  /**
   * Also writes the model to this file as the runtime has rewritten it, and its weights to `weights` in the same folder.
   * Such a file opens in no time, with `none`, by the same runtime on the same kind of processor.
   */
  saveAs?: { path: string; weights: string }
  /**
   * Takes memory for each value as it comes and gives it back at once, instead of keeping a stock. For large graphs that
   * is a third less, at no cost; small ones become a twentieth slower.
   */
  lean?: boolean
  /**
   * Keeps a stock of memory without planning from the second run on where each value lies in it: a plan asks for the memory
   * of all values once more.
   */
  unplanned?: boolean
}

/** Devices that this system's runtime knows, the CPU among them. CUDA only where its library, a package apart, is present. */
export function supportedDevices(): string[] {
  const known = ort.listSupportedBackends().map(({ name }) => name)
  return known.filter(
    (name) =>
      name === 'cpu' || name === 'webgpu' || name === 'dml' || name === 'coreml' || (name === 'cuda' && hasCuda()),
  )
}

/** The version of ONNX Runtime. */
export function runtimeVersion(): string {
  return ort.env.versions.node ?? ort.env.versions.common
}

function hasCuda(): boolean {
  const bin = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin')
  const file = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so'
  return readdirSync(bin).some((version) => existsSync(join(bin, version, process.platform, process.arch, file)))
}

/** What a run takes in: a Tensor, or elements of another type (token ids are int64 or int32). */
export interface Feed {
  data: ElementArray
  shape: readonly number[]
}

/** Which runtime this is, by its name and version. */
export const runtime = `onnxruntime-node ${ort.env.versions.node ?? ''}`

/** A graph, ready to run. A run blocks the thread it is called on until it is done. */
export interface Session {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly device: string
  /**
   * Feeds every input by name and computes the named outputs, or all of them. Outputs of other types become floats.
   * Throws a FewlineError: kind `model` for a feed that doesn't fit and for an unknown output, `memory` when it did not
   * suffice, `device` when a device other than the CPU fails.
   */
  run(feeds: Record<string, Feed>, outputs?: readonly string[]): Promise<Record<string, Tensor>>
  dispose(): Promise<void>
}

/** A graph with its weights, ready to run: see `openSession`. */
export async function openGraph(graph: Graph, options: SessionOptions = {}): Promise<Session> {
  const externalData: { path: string; data: Uint8Array }[] = []
  const model = writeWithoutWeights(graph, (path, constant) => {
    externalData.push({ path, data: bytesIn(constant) })
    return { location: path, offset: 0 }
  })
  return openSession(model, { ...options, externalData })
}

/**
 * Makes an ONNX model, given by its bytes or its path, ready to run, optimised for the device.
 * Throws a FewlineError: kind `model` when the runtime refuses the model, `device` when the device is not to be had,
 * `memory` when it does not suffice, `call` when no graph can run in this process (see `isQuiet`).
 */
export async function openSession(model: Uint8Array | string, options: SessionOptions = {}): Promise<Session> {
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
        throw failed(device, cause)
      }
    },
    dispose: () => session.release(),
  }
}

async function create(model: Uint8Array | string, device: string, options: SessionOptions): Promise<InferenceSession> {
  if (!isQuiet) {
    throw new FewlineError({
      kind: 'call',
      expected: 'a process whose runtime keeps everything on this computer',
      came: "a worker thread can't see to that",
      todo: 'set ORT_DISABLE_TELEMETRY=1 before the program is started, or draw in a process of its own',
    })
  }
  // The runtime would skip a device that it doesn't know.
  if (!ort.listSupportedBackends().some(({ name }) => name === device))
    throw unavailable(device, 'this system has no such thing')
  const threads = options.threads ?? mostThreads
  try {
    // The runtime tells bytes and paths apart by itself; its types want to know beforehand.
    return await ort.InferenceSession.create(model as string, {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      ...(threads && { intraOpNumThreads: threads }),
      ...(options.externalData && { externalData: options.externalData }),
      graphOptimizationLevel: LEVELS[options.optimisation ?? 'all'],
      enableMemPattern: !options.lean && !options.unplanned,
      enableCpuMemArena: !options.lean,
      ...(options.saveAs && { optimizedModelFilePath: options.saveAs.path }),
      logSeverityLevel: 4,
      // Threads that wait for work by spinning make a run about a fifth faster; they stop when the run ends, so that
      // the cores are free for what happens between two runs.
      extra: {
        session: {
          force_spinning_stop: '1',
          intra_op: { allow_spinning: '1' },
          ...(options.saveAs && { optimized_model_external_initializers_file_name: options.saveAs.weights }),
        },
      },
    })
  } catch (cause) {
    if (OUT_OF_MEMORY.test(messageOf(cause))) throw failed(device, cause)
    if (device === 'cpu') throw refused('a model that ONNX Runtime can load', cause, 'export or download it again')
    throw unavailable(device, `ONNX Runtime says: ${messageOf(cause)}`, cause)
  }
}

let mostThreads: number | undefined

/** From now on a model that nobody gives threads of its own has so many: for a process that is one of several at work. */
export function limitThreads(threads: number): void {
  mostThreads = threads
}

const LEVELS = { none: 'disabled', basic: 'basic', extended: 'extended', all: 'all' } as const

function unavailable(device: string, came: string, cause?: unknown): FewlineError {
  return new FewlineError(
    { kind: 'device', expected: `to compute with ${device}`, came, todo: 'choose the device "cpu"' },
    { cause },
  )
}

/** How the runtime and the drivers below it say that memory did not suffice. */
const OUT_OF_MEMORY = /out of (device )?memory|bad_alloc|failed to allocate|alloc_?failed|not enough memory|8007000E/i

/** A run, or the start of a session, that came to nothing. */
function failed(device: string, cause: unknown): FewlineError {
  const came = `ONNX Runtime says: ${messageOf(cause)}`
  if (OUT_OF_MEMORY.test(came)) {
    const problem = { expected: `enough memory to compute with ${device}`, came, todo: 'close other programs' }
    return new FewlineError({ kind: 'memory', ...problem }, { cause })
  }
  if (device !== 'cpu') return unavailable(device, came, cause)
  return refused('a run of the model to succeed', cause, 'check the shapes and types of its inputs')
}

function floats(result: OrtTensor): Tensor {
  const shape = [...result.dims]
  if (result.type === 'float32') return { data: result.data as Float32Array, shape }
  return { data: Float32Array.from(numbersOf(result.type as ElementType, result.data as ElementArray)), shape }
}

function refused(expected: string, cause: unknown, todo: string): FewlineError {
  return new FewlineError({ kind: 'model', expected, came: `ONNX Runtime says: ${messageOf(cause)}`, todo }, { cause })
}

/** The runtime's own words, less the place in its source, as one part of a sentence. */
function messageOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message
    .replace(/^\/\S+:\d+ .* was false\. /s, '')
    .trim()
    .replace(/\.$/, '')
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
