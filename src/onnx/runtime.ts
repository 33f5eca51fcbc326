import { isMainThread } from 'node:worker_threads'

/**
 * ONNX Runtime. On Linux and macOS it would call its maker's host, and keep an identifier of this machine in its user's
 * cache, unless this variable forbids it: nobody else loads it, so that it is always set before. On Windows it only traces
 * for the system, which keeps that to itself. Node's edition of the runtime has no call of its own for either. On Linux what it
 * would report is read from the command line, with a recursion as deep as that is long: forbidden, it stands any length.
 */
const SWITCH = 'ORT_DISABLE_TELEMETRY'

/** A worker thread has a copy of the environment, where the runtime does not look. */
const wasOff = process.env[SWITCH] === '1'
process.env[SWITCH] = '1'

/** Whether the runtime keeps to itself here: in a worker thread only where its process was told so before. */
export const isQuiet = isMainThread || wasOff

// Imported only now: an `import` statement would be the first thing to be done, whatever stands above it.
export const ort = await import('onnxruntime-node')
export type { InferenceSession, Tensor } from 'onnxruntime-node'
