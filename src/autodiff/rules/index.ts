import type { Rule } from '../rule.ts'
import { CONVOLUTION } from './convolution.ts'
import { ELEMENTWISE } from './elementwise.ts'
import { NORMALISATION } from './normalisation.ts'
import { POOLING } from './pooling.ts'
import { PRODUCT } from './product.ts'
import { REDUCTION } from './reduction.ts'
import { RESAMPLING } from './resampling.ts'
import { SHAPING } from './shaping.ts'

/** The table of rules, by ONNX operator. */
const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries<Rule>({
    ...ELEMENTWISE,
    ...REDUCTION,
    ...NORMALISATION,
    ...PRODUCT,
    ...CONVOLUTION,
    ...POOLING,
    ...RESAMPLING,
    ...SHAPING,
  }),
)

/** Operators that are constant between their steps, or whatever comes in: no gradient goes through them. */
const STEPS: ReadonlySet<string> = new Set(['Ceil', 'Floor', 'RandomNormalLike', 'Round', 'Sign'])

export { RULES, STEPS }
