import { type Value, intAttribute } from '../../onnx/graph.ts'
import { type Window, range, windowsOf } from '../../onnx/parameters.ts'
import type { Ops } from '../ops.ts'
import type { Rule } from '../rule.ts'

export const CONVOLUTION = {
  Conv: ({ o, node, inputs: [x, w], dy }) => {
    const [, , ...sizes] = o.shape(x)
    const [, , ...kernels] = o.shape(w)
    const windows = windowsOf(node, sizes, kernels)
    const group = intAttribute(node, 'group', 1)
    return [
      () => (fitsFlipped(windows) ? flippedConv(o, dy, w, windows, group) : transposedConv(o, dy, w, windows, group)),
      () => (fitsProduct(windows) ? shiftedProduct : weightGradient)(o, x, w, dy, windows, group),
      () => {
        const spatial = range(sizes.length).map((axis) => axis + 2)
        return o.reshape(o.sum(dy, [0, ...spatial]), [o.shape(w)[0]!])
      },
    ]
  },

  /** The way back of a Conv, so that its own is that Conv: what came out is convolved with the same weights. */
  ConvTranspose: ({ o, node, inputs: [x, w], dy }) => {
    const [, , ...sizes] = o.shape(dy)
    const [, , ...counts] = o.shape(x)
    const [, perGroup, ...kernels] = o.shape(w)
    const group = intAttribute(node, 'group', 1)
    const windows = windowsOf(node, sizes, kernels).map((window, i) => ({ ...window, count: counts[i]! }))
    return [
      () =>
        o.g.op('Conv', [dy, w], {
          group,
          strides: windows.map(({ stride }) => stride),
          dilations: windows.map(({ dilation }) => dilation),
          pads: [...windows.map(({ before }) => before), ...windows.map(({ after }) => after)],
        }),
      () => (fitsProduct(windows) ? shiftedProduct : weightGradient)(o, dy, w, x, windows, group),
      () => o.reshape(o.sum(dy, [0, ...range(sizes.length).map((axis) => axis + 2)]), [perGroup! * group]),
    ]
  },
} satisfies Record<string, Rule>

/** How far the padding of the flipped convolution reaches: what the forward padding leaves of the kernel. */
const reach = ({ kernel, dilation }: Window) => (kernel - 1) * dilation

function fitsFlipped(windows: readonly Window[]): boolean {
  return windows.every(
    (window) => window.stride === 1 && window.before <= reach(window) && window.after <= reach(window),
  )
}

/** At stride 1 the gradient is itself a Conv, with the kernel flipped and its channels swapped: the fastest there is. */
function flippedConv(o: Ops, dy: Value, w: Value, windows: readonly Window[], group: number): Value {
  const spatial = windows.flatMap(({ kernel }, i) => (kernel > 1 ? [i + 2] : []))
  const flipped = spatial.length > 0 ? o.flip(w, spatial) : w
  return o.g.op('Conv', [dy, swappedChannels(o, flipped, group)], {
    group,
    dilations: windows.map(({ dilation }) => dilation),
    pads: [
      ...windows.map((window) => reach(window) - window.before),
      ...windows.map((window) => reach(window) - window.after),
    ],
  })
}

/** Weights [out, in / group, …] → [in, out / group, …]. */
function swappedChannels(o: Ops, w: Value, group: number): Value {
  const [out, perGroup, ...kernels] = o.shape(w)
  const axes = range(kernels.length)
  if (group === 1) return o.transpose(w, [1, 0, ...axes.map((axis) => axis + 2)])
  const groups = o.reshape(w, [group, out! / group, perGroup!, ...kernels])
  const swapped = o.transpose(groups, [0, 2, 1, ...axes.map((axis) => axis + 3)])
  return o.reshape(swapped, [group * perGroup!, out! / group, ...kernels])
}

function transposedConv(o: Ops, dy: Value, w: Value, windows: readonly Window[], group: number): Value {
  return o.g.op('ConvTranspose', [dy, w], {
    group,
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
    pads: [...windows.map(({ before }) => before), ...windows.map(({ after }) => after)],
    // What the last window leaves over.
    output_padding: windows.map(
      (window) => window.size + window.before + window.after - reach(window) - 1 - (window.count - 1) * window.stride,
    ),
  })
}

/** In the plane, at stride 1. */
function fitsProduct(windows: readonly Window[]): boolean {
  return windows.length === 2 && windows.every(({ stride }) => stride === 1)
}

/**
 * An entry of a kernel at row i and column j gets Σ dy[y, x] · input[y + i, x + j] = Σ dy[y − i, x] · input[y, x + j]. So dy
 * is stacked in all shifts by rows and the input in all shifts by columns, and one product of these matrices holds all
 * entries. That is twice as fast as a Conv with a kernel as large as the picture.
 */
function shiftedProduct(o: Ops, x: Value, w: Value, dy: Value, windows: readonly Window[], group: number): Value {
  const [out, perGroup] = o.shape(w)
  const batch = o.shape(x)[0]!
  const [rows, columns] = windows as [Window, Window]
  const places = (rows.count + reach(rows)) * columns.count
  const stacked = (channels: number, window: Window, shifted: (offset: number) => Value): Value => {
    const copies = range(window.kernel).map((k) =>
      o.reshape(shifted(k * window.dilation), [batch, group, channels, places]),
    )
    return copies.length === 1 ? copies[0]! : o.g.op('Concat', copies, { axis: 2 })
  }
  const left = stacked(out! / group, rows, (offset) => o.pad(dy, [0, 0, offset, 0], [0, 0, reach(rows) - offset, 0]))
  const right = stacked(perGroup!, columns, (offset) => {
    const before = columns.before - offset
    return o.pad(x, [0, 0, rows.before, before], [0, 0, rows.after, columns.count - columns.size - before])
  })
  const product = o.sum(o.matmul(left, o.transposeLast(right)), [0])
  const entries = o.reshape(product, [group, rows.kernel, out! / group, columns.kernel, perGroup!])
  return o.reshape(o.transpose(entries, [0, 2, 4, 1, 3]), o.shape(w))
}

/** A Conv of x with dy: the batch is summed over like channels, and stride and dilation change places. */
function weightGradient(o: Ops, x: Value, w: Value, dy: Value, windows: readonly Window[], group: number): Value {
  const [out, perGroup, ...kernels] = o.shape(w)
  const [batch, , ...sizes] = o.shape(x)
  const axes = range(sizes.length)
  const behind = (first: number) => axes.map((axis) => axis + first)
  const channels = o.reshape(o.transpose(o.reshape(x, [batch!, group, perGroup!, ...sizes]), [2, 1, 0, ...behind(3)]), [
    perGroup!,
    group * batch!,
    ...sizes,
  ])
  const full = o.g.op('Conv', [channels, o.transpose(dy, [1, 0, ...behind(2)])], {
    group,
    strides: windows.map(({ dilation }) => dilation),
    dilations: windows.map(({ stride }) => stride),
    pads: [...windows.map(({ before }) => before), ...windows.map(({ after }) => after)],
  })
  // [in / group, out, …], and larger than the kernel where the last window leaves something over.
  const cropped = axes.reduce((gradient, axis) => o.slice(gradient, axis + 2, 0, kernels[axis]!), full)
  return o.reshape(o.transpose(cropped, [1, 0, ...behind(2)]), [out!, perGroup!, ...kernels])
}
