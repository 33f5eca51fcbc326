import { FewlineError } from '../../errors.ts'
import { type Node, intAttribute, stringAttribute } from '../../onnx/graph.ts'
import { type Rescaling, range, rescalings, zeros } from '../../onnx/parameters.ts'
import type { Rule } from '../rule.ts'

export const RESAMPLING = {
  /** Interpolation is linear and separable: along each axis, the transposed matrix of its weights. */
  Resize: ({ o, node, dy }) => [
    () =>
      rescalings(node, o.g.shapes).reduce((gradient, axis) => o.along(gradient, axis.axis, weightsOf(node, axis)), dy),
  ],
} satisfies Record<string, Rule>

/** Entry [i][j]: how much of input element i is in output element j. */
function weightsOf(node: Node, rescaling: Rescaling): Float64Array[] {
  const { from, to } = rescaling
  const mode = stringAttribute(node, 'mode', 'nearest')
  if ((mode !== 'nearest' && mode !== 'linear') || intAttribute(node, 'antialias', 0)) {
    throw unsupported(mode === 'cubic' ? 'its mode is cubic' : 'it is to smooth (antialias)')
  }
  const rows = zeros(from, to)
  for (const j of range(to)) {
    const position = sourcePosition(stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel'), j, rescaling)
    if (mode === 'nearest') {
      const nearest = rounded(stringAttribute(node, 'nearest_mode', 'round_prefer_floor'), position)
      rows[Math.min(Math.max(nearest, 0), from - 1)]![j] = 1
    } else {
      const clamped = Math.min(Math.max(position, 0), from - 1)
      const floor = Math.floor(clamped)
      const share = clamped - floor
      rows[floor]![j] = 1 - share
      if (share > 0) rows[floor + 1]![j] = share
    }
  }
  return rows
}

/** Where output element `j` lies among the input elements. Rounded like the runtime, which computes with floats. */
function sourcePosition(mode: string, j: number, { from, to, scale }: Rescaling): number {
  const halfPixel = Math.fround(Math.fround((j + 0.5) / scale) - 0.5)
  switch (mode) {
    case 'half_pixel':
      return halfPixel
    case 'pytorch_half_pixel':
      return to > 1 ? halfPixel : 0
    case 'half_pixel_symmetric':
      return (from / 2) * (1 - to / (scale * from)) + halfPixel
    case 'align_corners':
      return to > 1 ? Math.fround((j * (from - 1)) / (to - 1)) : 0
    case 'asymmetric':
      return Math.fround(j / scale)
    default:
      throw unsupported(`its coordinates are ${mode}`)
  }
}

function rounded(mode: string, position: number): number {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(position - 0.5)
    case 'round_prefer_ceil':
      return Math.floor(position + 0.5)
    case 'ceil':
      return Math.ceil(position)
    default:
      return Math.floor(position)
  }
}

function unsupported(came: string): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: 'Resize to be nearest or linear, by half_pixel, align_corners or asymmetric coordinates',
    came,
    todo: 'export the model with one of these',
  })
}
