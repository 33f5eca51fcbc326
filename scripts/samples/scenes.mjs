/** The sample pictures, one scene each, in the order in which a gallery shows them. */
import { cactus } from './cactus.mjs'
import { cat } from './cat.mjs'
import { cup } from './cup.mjs'
import { duck } from './duck.mjs'
import { flamingo } from './flamingo.mjs'
import { horse } from './horse.mjs'
import { lamp } from './lamp.mjs'
import { teapot } from './teapot.mjs'

export const scenes = [flamingo, horse, cat, teapot, duck, cactus, cup, lamp]
