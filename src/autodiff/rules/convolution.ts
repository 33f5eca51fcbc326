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
      () => weightGradient(o, x, w, dy, windows, group),
      () => {
        const spatial = range(sizes.length).map((axis) => axis + 2)
        return o.reshape(o.sum(dy, [0, ...spatial]), [o.shape(w)[0]!])
      },
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
