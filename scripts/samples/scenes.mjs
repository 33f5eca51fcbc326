/** The sample pictures, one scene each, in the order in which a gallery shows them. */
import { duck } from './duck.mjs'
import { flamingo } from './flamingo.mjs'
import { teapot } from './teapot.mjs'

export const scenes = [flamingo, teapot, duck]
