import { type Value, intAttribute, intsAttribute } from '../../onnx/graph.ts'
import { type Window, checkTable, range, windowsOf, zeros } from '../../onnx/parameters.ts'
import type { Ops } from '../ops.ts'
import type { Rule } from '../rule.ts'

export const POOLING = {
  AveragePool: ({ o, node, x, dy }) => [
    () => {
      const [, , ...sizes] = o.shape(x)
      const windows = windowsOf(node, sizes, intsAttribute(node, 'kernel_shape', []))
      if (windows.every(isSinglePixel)) return o.g.op('AveragePool', [dy], { kernel_shape: sizes.map(() => 1) })
      if (windows.every(isTiling)) return spread(o, dy, windows)
      const withPadding = intAttribute(node, 'count_include_pad', 0) === 1
      return windows.reduce((gradient, window, i) => o.along(gradient, i + 2, shares(window, withPadding)), dy)
    },
  ],
} satisfies Record<string, Rule>

/** A pool of these changes nothing. It stays a pool on the way back, for whoever put it there. */
function isSinglePixel(window: Window): boolean {
  return isTiling(window) && window.kernel === 1
}

/** Windows side by side that cover everything once. */
function isTiling({ size, count, kernel, stride, dilation, before }: Window): boolean {
  return stride === kernel && dilation === 1 && before === 0 && count * kernel === size
}

/** Each gradient is shared evenly by the tile that it stands for. */
function spread(o: Ops, dy: Value, windows: readonly Window[]): Value {
  const share = windows.reduce((product, { kernel }) => product / kernel, 1)
  return o.enlarge(o.mul(dy, share), [1, 1, ...windows.map(({ kernel }) => kernel)])
}

/** Entry [i][j]: how much of window j's gradient element i gets. Averaging is separable, so one axis at a time. */
function shares(
  { size, count, kernel, stride, dilation, before, after }: Window,
  withPadding: boolean,
): Float64Array[] {
  const rows = zeros(size, count)
  checkTable(count, kernel)
  for (const j of range(count)) {
    const covered = range(kernel).map((k) => j * stride + k * dilation - before)
    const inside = covered.filter((i) => i >= 0 && i < size)
    // Padding counts, but not what a last window with ceil_mode has beyond it.
    const divisor = withPadding ? covered.filter((i) => i < size + after).length : inside.length
    for (const i of inside) rows[i]![j] = 1 / divisor
  }
  return rows
}
