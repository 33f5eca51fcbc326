import { type Value, floatAttribute, intAttribute } from '../../onnx/graph.ts'
import { axisFrom, range, softmaxAxes } from '../../onnx/parameters.ts'
import type { Rule, Site } from '../rule.ts'

export const NORMALISATION = {
  Softmax: (site) => {
    const { o, y, dy } = site
    return [() => o.mul(y, o.sub(dy, o.sum(o.mul(dy, y), axesOfSoftmax(site))))]
  },
  LogSoftmax: (site) => {
    const { o, y, dy } = site
    return [() => o.sub(dy, o.mul(o.apply('Exp', y), o.sum(dy, axesOfSoftmax(site))))]
  },

  /** Ba et al. 2016, with s = 1/√(variance + ε), n = (x − mean) s, y = n scale + bias. */
  LayerNormalization: ({ o, node, inputs: [x, scale], dy }) => {
    const rank = o.shape(x).length
    const axes = range(rank).slice(axisFrom(intAttribute(node, 'axis', -1), rank))
    const centred = o.sub(x, o.mean(x, axes))
    const variance = o.mean(o.mul(centred, centred), axes)
    const s = o.div(1, o.apply('Sqrt', o.add(variance, floatAttribute(node, 'epsilon', 1e-5))))
    const n = o.mul(centred, s)
    return [
      () => {
        const dn = o.mul(dy, scale)
        const along = o.mul(n, o.mean(o.mul(dn, n), axes))
        return o.mul(s, o.sub(o.sub(dn, o.mean(dn, axes)), along))
      },
      () => o.mul(dy, n),
      () => dy,
    ]
  },

  /** Ulyanov et al. 2016: the same over each plane of a picture, with a scale and a bias for each channel. */
  InstanceNormalization: ({ o, node, inputs: [x, scale], dy }) => {
    const [, channels, ...sizes] = o.shape(x)
    const axes = range(sizes.length).map((axis) => axis + 2)
    const centred = o.sub(x, o.mean(x, axes))
    const variance = o.mean(o.mul(centred, centred), axes)
    const s = o.div(1, o.apply('Sqrt', o.add(variance, floatAttribute(node, 'epsilon', 1e-5))))
    const n = o.mul(centred, s)
    const ofChannels = (value: Value): Value => o.reshape(o.sum(value, [0, ...axes]), [channels!])
    return [
      () => {
        const dn = o.mul(dy, o.reshape(scale, [channels!, ...sizes.map(() => 1)]))
        const along = o.mul(n, o.mean(o.mul(dn, n), axes))
        return o.mul(s, o.sub(o.sub(dn, o.mean(dn, axes)), along))
      },
      () => ofChannels(o.mul(dy, n)),
      () => ofChannels(dy),
    ]
  },

  /** As it is when a model is used: mean and variance are constants. */
  BatchNormalization: ({ o, node, inputs: [x, scale, , , variance], dy }) => [
    () => {
      const s = o.div(scale, o.apply('Sqrt', o.add(variance, floatAttribute(node, 'epsilon', 1e-5))))
      return o.mul(dy, o.reshape(s, [-1, ...o.shape(x).slice(2).fill(1)]))
    },
  ],
} satisfies Record<string, Rule>

function axesOfSoftmax({ o, node, x }: Site): number[] {
  return softmaxAxes(node, o.shape(x).length, o.g.opset)
}
