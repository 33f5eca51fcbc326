/** What things are made of: skin and hair, fur, leaves, metal, wood, glaze. */
import type { Dice } from './dice.ts'
import { clamp, even, FURS, hsv, lit, near, SKINS, someColour, someSkin, type Colour, type Skin } from './skins.ts'
import type { Material } from './stage.ts'
import { SLOT, type Look } from './things/shape.ts'

const skinTone = (dice: Dice): Colour =>
  hsv(dice.between(0.035, 0.085), dice.between(0.3, 0.62), dice.between(0.12, 0.95))

/** The colours of fur and feathers: black to white, brown, sandy, grey; of some animals any. */
function coat(dice: Dice): Colour {
  if (dice.chance(0.15)) return someColour(dice)
  return hsv(dice.between(0.04, 0.13), clamp(dice.normal(0.25) + 0.3), dice.between(0.02, 0.95) ** 1.3)
}

/** Every material of a thing by slot. `behind` is a colour of what it stands before, which it may hide in. */
export function materialsOf(dice: Dice, look: Look, behind: Colour | undefined): Material[] {
  const hides = behind !== undefined && dice.chance(look === 'animal' ? 0.3 : 0.15)
  const base = hides ? lit(near(dice, behind, 0.15), dice.between(0.5, 1.3)) : baseOf(dice, look)
  const plain = dice.chance(look === 'person' ? 0.85 : look === 'plant' ? 0.6 : 0.3)
  const skins = look === 'animal' && dice.chance(0.6) ? FURS : SKINS
  const first: Skin = plain ? even(base) : someSkin(dice, look === 'person' ? SOFT : skins, base)
  const shine = shineOf(dice, look)
  const matt = { gloss: 0, power: 10, mirror: 0 }
  const other = (colour: Colour): Material => ({
    skin: dice.chance(0.4) ? even(colour) : someSkin(dice, skins, colour),
    ...(look === 'person' && dice.chance(0.8) ? matt : shine),
  })
  const own = (): Colour =>
    look === 'animal'
      ? dice.chance(0.5)
        ? near(dice, base, 0.4)
        : coat(dice)
      : dice.chance(0.35)
        ? near(dice, base, 0.4)
        : someColour(dice)
  const dark: Colour = dice.chance(0.88) ? lit([0.02, 0.02, 0.02], dice.between(0.5, 4)) : someColour(dice)
  const light: Colour = dice.chance(0.75) ? [0.85, 0.85, 0.8] : someColour(dice)
  const accent: Colour =
    look === 'person'
      ? lit(near(dice, [0.5, 0.12, 0.1], 0.2), dice.between(0.5, 1.3))
      : dice.chance(0.5)
        ? hsv(dice.normal(0.04) + 1, 0.6, dice.between(0.3, 0.8))
        : someColour(dice)
  const main: Material = { skin: first, ...shine }
  const hair = dice.chance(0.7) ? hsv(0.07, 0.5, dice.between(0.01, 0.5)) : someColour(dice)
  const found: Material[] = []
  found[SLOT.main] = main
  found[SLOT.second] = look !== 'person' && dice.chance(0.3) ? main : other(own())
  found[SLOT.third] =
    look === 'person' ? { skin: someSkin(dice, FURS, hair), ...matt } : dice.chance(0.3) ? main : other(own())
  found[SLOT.dark] = { skin: even(dark), gloss: 0.6, power: 60, mirror: 0 }
  found[SLOT.light] = { skin: even(light), ...shine }
  found[SLOT.accent] = { skin: even(accent), ...shine }
  return found
}

function baseOf(dice: Dice, look: Look): Colour {
  if (look === 'person') return dice.chance(0.92) ? skinTone(dice) : someColour(dice)
  if (look === 'animal') return coat(dice)
  if (look === 'plant')
    return dice.chance(0.8)
      ? hsv(dice.between(0.2, 0.38), dice.between(0.3, 0.8), dice.between(0.08, 0.7))
      : someColour(dice)
  return someColour(dice)
}

function shineOf(dice: Dice, look: Look): Omit<Material, 'skin'> {
  const [glossy, mirrors] = { person: [0.15, 0], animal: [0.2, 0.02], plant: [0.3, 0], made: [0.45, 0.28] }[look] as [
    number,
    number,
  ]
  return {
    gloss: dice.chance(glossy) ? dice.between(0.1, look === 'made' ? 0.9 : 0.4) : 0,
    power: dice.between(6, 90),
    mirror: dice.chance(mirrors) ? dice.between(0.15, 0.9) : 0,
  }
}

/** What human skin looks like when it isn't even. */
const SOFT = SKINS.slice(0, 2)
