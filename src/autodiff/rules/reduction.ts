import type { Value } from '../../onnx/graph.ts'
import { reducedAxes } from '../../onnx/parameters.ts'
import { sizeOf } from '../../tensor.ts'
import type { Rule, Site } from '../rule.ts'

/** `value` with one element along each axis that was reduced, whether or not the node has kept them. */
function kept({ o, node, x }: Site, value: Value): Value {
  const axes = reducedAxes(node, o.g.shapes)
  return o.reshape(
    value,
    o.shape(x).map((side, axis) => (axes.includes(axis) ? 1 : side)),
  )
}

const sharedEvenly: Rule = (site) => {
  const { o, x, y, dy } = site
  const count = sizeOf(o.shape(x)) / sizeOf(o.shape(y))
  return [() => o.expand(kept(site, o.mul(dy, 1 / count)), o.shape(x))]
}

/** Where several elements are the extreme one, they share the gradient evenly. */
const extreme: Rule = (site) => {
  const { o, node, x, y, dy } = site
  return [
    () => {
      const chosen = o.indicator(o.compare('Equal', x, kept(site, y)), x)
      return o.mul(chosen, o.div(kept(site, dy), o.sum(chosen, reducedAxes(node, o.g.shapes))))
    },
  ]
}

export const REDUCTION = {
  ReduceSum: (site) => [() => site.o.expand(kept(site, site.dy), site.o.shape(site.x))],
  ReduceMean: sharedEvenly,
  GlobalAveragePool: ({ o, x, y, dy }) => [
    () => o.expand(o.mul(dy, sizeOf(o.shape(y)) / sizeOf(o.shape(x))), o.shape(x)),
  ],
  ReduceSumSquare: (site) => [() => site.o.mul(site.x, kept(site, site.o.mul(site.dy, 2)))],
  ReduceL1: (site) => [() => site.o.mul(site.o.apply('Sign', site.x), kept(site, site.dy))],
  ReduceL2: (site) => [() => site.o.mul(site.x, kept(site, site.o.div(site.dy, site.y)))],
  ReduceMax: extreme,
  ReduceMin: extreme,
} satisfies Record<string, Rule>
