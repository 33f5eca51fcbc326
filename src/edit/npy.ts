import { FewlineError } from '../errors.ts'
import { sizeOf, tensor, type Tensor } from '../tensor.ts'

/** No latent has more numbers. */
const MOST = 2 ** 22
const MAGIC = Buffer.from('\x93NUMPY', 'latin1')
/** What is in a file: real numbers, the lowest byte first. */
const READERS: Readonly<Record<string, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  '<f4': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
}

/**
 * The numbers of a NumPy file (.npy, versions 1 to 3: numpy.lib.format): float32 or float64, row by row. Throws a
 * FewlineError of kind `call` for anything else, whatever it is.
 */
export function readNpy(bytes: Uint8Array): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || !MAGIC.equals(bytes.subarray(0, 6))) throw wrong('it is none')
  const version = bytes[6]!
  if (version < 1 || version > 3) throw wrong(`it is of version ${version}`)
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  if (start + length > bytes.length) throw wrong('it ends early')
  const header = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1')
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? ''
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const sides = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined
  if (order === undefined || sides === undefined) throw wrong('its header is damaged')
  if (!reader) throw wrong(`its numbers are of type "${type}"`)
  const shape = (sides.match(/\d+/g) ?? []).map(Number)
  const count = sizeOf(shape)
  if (!(count <= MOST)) throw wrong(`it has more than ${MOST} numbers`)
  if (order === 'True' && shape.filter((side) => side > 1).length > 1) throw wrong('it is written column by column')
  if (bytes.length !== start + length + count * reader.bytes) throw wrong('it is longer or shorter than it says')
  const data = Float32Array.from({ length: count }, (_, i) => reader.read(view, start + length + i * reader.bytes))
  if (!data.every(Number.isFinite)) throw wrong('not all of its numbers are finite')
  return tensor(shape, data)
}

function wrong(came: string): FewlineError {
  return new FewlineError({
    kind: 'call',
    expected: 'a NumPy file of numbers (float32 or float64)',
    came,
    todo: "write it with numpy.save(path, z.astype('float32'))",
  })
}
