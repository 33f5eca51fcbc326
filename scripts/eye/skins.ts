/**
 * What surfaces look like: a skin gives the colour (linear, 0 to 1) and relief at a place on a thing. Walls and grounds
 * are skinned the same way. Nothing a skin shows is a line.
 */
import type { Dice } from './dice.ts'
import { cells, fractal, hash, noise, type Cell } from './noise.ts'
import { turn, type Vec3 } from './vector.ts'

export type Colour = Vec3

/** Colour and height of one place; `height` is in the unit of the place. */
export interface Spot {
  r: number
  g: number
  b: number
  height: number
}

/** Writes what is at a place into `spot`. `fine` is the distance between samples there. */
export type Skin = (x: number, y: number, z: number, fine: number, spot: Spot) => void

const NATURAL: readonly (readonly [hue: number, saturation: number])[] = [
  ...([
    [0.08, 0.5],
    [0.1, 0.35],
    [0.07, 0.7],
    [0.28, 0.5],
    [0.22, 0.45],
    [0.33, 0.4],
  ] as const),
  ...([
    [0.58, 0.3],
    [0.6, 0.5],
    [0.12, 0.15],
    [0, 0.05],
    [0.05, 0.4],
    [0.15, 0.5],
  ] as const),
]

export function hsv(hue: number, saturation: number, value: number): Colour {
  const channel = (shift: number): number => {
    const h = (((hue + shift) % 1) + 1) % 1
    return value * (1 - saturation + saturation * clamp(Math.abs(h * 6 - 3) - 1))
  }
  return [channel(0), channel(2 / 3), channel(1 / 3)]
}

/** A colour as things have: mostly those of nature, sometimes any. */
export function someColour(dice: Dice): Colour {
  if (dice.chance(0.8)) {
    const [h, s] = dice.pick(NATURAL)
    return hsv(h + dice.normal(0.03), clamp(s + dice.normal(0.15)), dice.between(0.04, 0.95) ** 1.2)
  }
  return hsv(dice.next(), dice.between(0, 0.95) ** 1.7, dice.between(0.04, 1))
}

/** A colour a little different. */
export function near(dice: Dice, [r, g, b]: Colour, by: number): Colour {
  const k = 1 + dice.normal(1.5 * by)
  const channel = (c: number): number => Math.min(Math.max(c * k + dice.normal(0.35 * by), 0.01), 1)
  return [channel(r), channel(g), channel(b)]
}

/** A colour darker or lighter. */
export const lit = ([r, g, b]: Colour, by: number): Colour => [
  Math.min(1, r * by),
  Math.min(1, g * by),
  Math.min(1, b * by),
]

export const clamp = (x: number): number => Math.min(Math.max(x, 0), 1)

function set(spot: Spot, colour: Colour, light = 1): void {
  spot.r = colour[0] * light
  spot.g = colour[1] * light
  spot.b = colour[2] * light
}

function blend(spot: Spot, colour: Colour, t: number): void {
  spot.r += (colour[0] - spot.r) * t
  spot.g += (colour[1] - spot.g) * t
  spot.b += (colour[2] - spot.b) * t
}

/** How much is left of a pattern that repeats after `period` where samples are `fine` apart. */
const shown = (period: number, fine: number): number => clamp(period / (2 * fine) - 1)

const part = (x: number): number => x - Math.floor(x)

type Maker = (dice: Dice, base: Colour, size: number) => Skin

/** How patterns lie on a thing: turned, and moved within the lattice of the noise. */
function placed(dice: Dice, skin: Skin, upright = false): Skin {
  const m = upright
    ? turn([0, 1, 0], dice.between(0, 6.28))
    : turn([dice.normal(), dice.normal(), dice.normal()], dice.between(0, 3))
  const [a, b, c] = [dice.between(0, 200), dice.between(0, 200), dice.between(0, 200)]
  const [[m00, m01, m02], [m10, m11, m12], [m20, m21, m22]] = m
  return (x, y, z, fine, spot) => {
    const u = m00 * x + m01 * y + m02 * z
    const v = m10 * x + m11 * y + m12 * z
    const w = m20 * x + m21 * y + m22 * z
    skin(u + a, v + b, w + c, fine, spot)
  }
}

const plain: Maker = (dice, base, size) => {
  const amount = dice.between(0, 0.12)
  return (x, y, z, fine, spot) => {
    set(spot, base, 1 + amount * fractal(x / size, y / size, z / size, 3, 0.6, fine / size))
    spot.height = 0
  }
}

const marbled: Maker = (dice, base, size) => {
  const [one, two, three] = [near(dice, base, 0.25), near(dice, base, 0.4), near(dice, base, 0.2)]
  const [s, gain, stretch] = [size * dice.between(0.3, 1.5), dice.between(0.45, 0.85), dice.pick([1, 1, 2, 5])]
  const [contrast, relief] = [dice.between(0.4, 1), dice.between(0, 0.05) * s]
  return placed(dice, (x, y, z, fine, spot) => {
    const f = fractal(x / s, (y / s) * stretch, z / s, 6, gain, (fine / s) * stretch)
    set(spot, one)
    blend(spot, two, clamp(0.5 + contrast * f))
    blend(spot, three, clamp(-contrast * f))
    spot.height = relief * f
  })
}

const striped: Maker = (dice, base, size) => {
  const zebra = dice.chance(0.3)
  const one: Colour = zebra ? [0.8, 0.78, 0.74] : base
  const two: Colour = zebra ? [0.02, 0.02, 0.02] : dice.chance(0.5) ? near(dice, base, 0.5) : someColour(dice)
  const [period, wave, hard] = [size * dice.between(0.06, 0.4), dice.between(0, 1.2), dice.between(0.8, 6)]
  const [thick, s] = [dice.between(-0.4, 0.4), size * dice.between(0.2, 0.6)]
  return placed(dice, (x, y, z, fine, spot) => {
    const at = x / period + wave * noise(x / s, y / s, z / s)
    const m = clamp(0.5 + hard * (Math.sin(2 * Math.PI * at) - thick))
    set(spot, one)
    blend(spot, two, 0.5 + (m - 0.5) * shown(period, fine))
    spot.height = 0
  })
}

const checked: Maker = (dice, base, size) => {
  const two = dice.chance(0.5) ? near(dice, base, 0.4) : someColour(dice)
  const [a, b] = [size * dice.between(0.08, 0.35), dice.between(0.5, 2)]
  return placed(
    dice,
    (x, y, z, fine, spot) => {
      set(spot, base)
      const m = (Math.floor(x / a) + Math.floor((y / a) * b) + Math.floor(z / a)) & 1
      blend(spot, two, 0.5 + (m - 0.5) * shown(a, fine))
      spot.height = 0
    },
    dice.chance(0.6),
  )
}

const plaid: Maker = (dice, base, size) => {
  const lines = Array.from({ length: 4 }, () => ({
    colour: dice.chance(0.5) ? near(dice, base, 0.5) : someColour(dice),
    period: size * dice.between(0.1, 0.35),
    share: dice.between(0.1, 0.5),
    upright: dice.chance(0.5),
    strength: dice.between(0.3, 0.7),
  }))
  return placed(
    dice,
    (x, y, z, fine, spot) => {
      set(spot, base)
      for (const { colour, period, share, upright, strength } of lines) {
        const at = part((upright ? x + z : y) / period)
        blend(spot, colour, strength * (share + ((at < share ? 1 : 0) - share) * shown(period, fine)))
      }
      spot.height = 0
    },
    dice.chance(0.6),
  )
}

const spotted: Maker = (dice, base, size) => {
  const [two, three] = [dice.chance(0.5) ? near(dice, base, 0.5) : someColour(dice), near(dice, base, 0.4)]
  const [s, radius, ringed] = [size * dice.between(0.06, 0.3), dice.between(0.2, 0.5), dice.chance(0.25)]
  const cell: Cell = { near: 0, border: 0, id: 0 }
  return placed(dice, (x, y, z, fine, spot) => {
    cells(x / s, y / s, z / s, cell)
    const r = radius * (0.6 + 0.7 * cell.id)
    set(spot, base)
    blend(spot, two, clamp((r - cell.near) / 0.06) * shown(s, fine))
    if (ringed) blend(spot, three, clamp((0.6 * r - cell.near) / 0.06))
    spot.height = 0
  })
}

const patched: Maker = (dice, base, size) => {
  const [two, three] = [dice.chance(0.4) ? someColour(dice) : near(dice, base, 0.6), near(dice, base, 0.5)]
  const [s, hard, level] = [size * dice.between(0.15, 0.6), dice.between(2, 25), dice.between(-0.3, 0.3)]
  return placed(dice, (x, y, z, fine, spot) => {
    const f = fractal(x / s, y / s, z / s, 3, 0.4, fine / s)
    set(spot, base)
    blend(spot, two, clamp(0.5 + hard * (f - level)))
    blend(spot, three, clamp(hard * (f - level - 0.5)))
    spot.height = 0
  })
}

/** Tortoise, giraffe, cobbles, crackle. */
const netted: Maker = (dice, base, size) => {
  const gap = dice.chance(0.4) ? lit(near(dice, base, 0.3), 1.8) : lit(near(dice, base, 0.2), 0.3)
  const [s, line, relief] = [size * dice.between(0.08, 0.35), dice.between(0.05, 0.2), dice.between(0, 0.4)]
  const [two, cell] = [near(dice, base, 0.4), { near: 0, border: 0, id: 0 }]
  return placed(dice, (x, y, z, fine, spot) => {
    cells(x / s, y / s, z / s, cell)
    set(spot, base)
    blend(spot, two, cell.id)
    const m = clamp((line - cell.border) / 0.08 + 0.5) * shown(s, fine)
    blend(spot, gap, m)
    spot.height = relief * s * Math.min(cell.border, 0.35)
  })
}

/** Strands that lie one way, more or less. */
const furry: Maker = (dice, base, size) => {
  const [dark, light] = [lit(near(dice, base, 0.15), 0.4), lit(near(dice, base, 0.2), 1.4)]
  const [s, stretch, depth] = [size * dice.between(0.012, 0.04), dice.between(4, 14), dice.between(0.4, 1)]
  const patches = dice.between(0, 0.5)
  return placed(dice, (x, y, z, fine, spot) => {
    const lay = 0.35 * size * noise((3 * x) / size, (3 * y) / size, (3 * z) / size)
    const f = fractal((x + lay) / s, (y + lay) / s, z / s / stretch, 3, 0.7, fine / s)
    const wide = noise((4 * x) / size, (4 * y) / size, (4 * z) / size)
    set(spot, base, 1 + patches * wide)
    blend(spot, dark, clamp(-depth * f))
    blend(spot, light, clamp(0.7 * depth * f))
    spot.height = 0.3 * s * f
  })
}

/** Rows of scales, tiles, shingles or feathers, each row shifted by half. */
const scaled: Maker = (dice, base, size) => {
  const [s, tall, hue] = [size * dice.between(0.04, 0.14), dice.between(0.5, 1.2), dice.between(0.05, 0.4)]
  const rim = near(dice, base, 0.3)
  const relief = dice.between(0.1, 0.4)
  return placed(
    dice,
    (x, y, z, fine, spot) => {
      const u = (x + z) / s
      const row = Math.floor(y / s / tall)
      const v = y / s / tall - row
      const shift = u + 0.5 * (row & 1)
      const column = Math.floor(shift)
      const edge = v - 0.6 + 1.2 * (shift - column - 0.5) ** 2
      set(spot, base, 1 + hue * hash(column, row, 3) * shown(s, fine))
      blend(spot, rim, clamp(edge * 4) * 0.8 * shown(s, fine))
      spot.height = relief * s * (1 - v)
    },
    dice.chance(0.6),
  )
}

const bricked: Maker = (dice, base, size) => {
  const [long, tall] = [size * dice.between(0.12, 0.5), dice.between(0.3, 0.6)]
  const [mortar, joint, hue] = [near(dice, base, 0.3), dice.between(0.03, 0.09), dice.between(0.05, 0.35)]
  const s = size * 0.15
  const stacked = dice.chance(0.25)
  return (x, y, z, fine, spot) => {
    const row = Math.floor(y / long / tall)
    const v = y / long / tall - row
    const across = (x + z) / long + (stacked ? 0 : 0.5 * (row & 1))
    const column = Math.floor(across)
    const u = across - column
    const edge = Math.min(u, 1 - u, v * tall, (1 - v) * tall)
    set(spot, base, 1 + hue * hash(column, row, 9) + 0.15 * fractal(x / s, y / s, z / s, 4, 0.7, fine / s))
    const m = clamp((joint - edge) / 0.02 + 0.5) * shown(long * tall, fine)
    blend(spot, mortar, m)
    spot.height = -0.04 * long * m
  }
}

const planked: Maker = (dice, base, size) => {
  const [wide, long] = [size * dice.between(0.08, 0.4), dice.between(4, 30)]
  const [dark, hue, s] = [lit(near(dice, base, 0.1), 0.25), dice.between(0.05, 0.3), size * dice.between(0.02, 0.06)]
  const lying = dice.chance(0.5)
  const contrast = dice.between(0.05, 0.35)
  return (x, y, z, fine, spot) => {
    const [across, lengthwise] = lying ? [y + z, x] : [x, y + z]
    const k = Math.floor(across / wide)
    const u = across / wide - k
    const l = part(lengthwise / wide / long + 0.37 * k)
    const f = fractal(across / s + 7 * k, lengthwise / s / 12, z, 4, 0.7, fine / s)
    set(spot, base, 1 + hue * hash(k, Math.floor(lengthwise / wide / long + 0.37 * k), 1) + contrast * f)
    const edge = Math.min(u, 1 - u, l * long)
    blend(spot, dark, clamp((0.04 - edge) / 0.02) * shown(wide, fine))
    spot.height = edge < 0.04 ? -0.03 * wide : 0
  }
}

/** Rows of letters, or what looks like it. */
const printed: Maker = (dice, base, size) => {
  const ink = dice.chance(0.6) ? lit(near(dice, base, 0.2), 0.15) : someColour(dice)
  const [s, filled] = [size * dice.between(0.05, 0.2), dice.between(0.45, 0.6)]
  return placed(
    dice,
    (x, y, z, fine, spot) => {
      const [u, v] = [(x + z) / s, y / s / 1.5]
      const [column, row] = [Math.floor(u), Math.floor(v)]
      const [a, b] = [Math.floor(part(u) * 5), Math.floor(part(v) * 8)]
      set(spot, base)
      const word = hash(Math.floor(column / 6), row, 5) > -0.7 && hash(column, row, 2) > -0.7
      const on = word && a > 0 && b > 2 && hash(column * 5 + a, row * 8 + Math.floor(b / 2), 4) > 1 - 2 * filled
      blend(spot, ink, (on ? 1 : 0) * shown(s / 2, fine))
      spot.height = 0
    },
    true,
  )
}

/** Speckles, as granite, sand, gravel. */
const grainy: Maker = (dice, base, size) => {
  const [two, s] = [near(dice, base, 0.5), size * dice.between(0.01, 0.05)]
  const contrast = dice.between(0.2, 0.9)
  return placed(dice, (x, y, z, fine, spot) => {
    const f = fractal(x / s, y / s, z / s, 2, 0.8, fine / s)
    set(spot, base, 1 + 0.15 * noise((3 * x) / size, (3 * y) / size, (3 * z) / size))
    blend(spot, two, clamp(contrast * f))
    spot.height = 0.4 * s * f
  })
}

/** A cloth of folds: relief alone. */
const folded: Maker = (dice, base, size) => {
  const [s, depth] = [size * dice.between(0.15, 0.5), dice.between(0.03, 0.12)]
  const stretch = dice.between(1, 4)
  return placed(dice, (x, y, z, fine, spot) => {
    const f = fractal(x / s, y / s / stretch, z / s, 3, 0.5, fine / s)
    set(spot, base, 1 + 0.1 * f)
    spot.height = depth * s * (1 - 2 * Math.abs(f))
  })
}

/** Waves, seen as stripes of sky and depth that lie across. */
const watery: Maker = (dice, base, size) => {
  const [sky, deep] = [lit(near(dice, [0.6, 0.68, 0.75], 0.2), dice.between(0.6, 1.2)), lit(base, 0.5)]
  const [s, stretch, contrast] = [size * dice.between(0.05, 0.3), dice.between(2, 6), dice.between(0.3, 1.2)]
  return (x, y, z, fine, spot) => {
    const f = fractal(x / s / stretch, y / s, z, 5, 0.65, fine / s / 2)
    set(spot, base)
    blend(spot, sky, clamp(contrast * f))
    blend(spot, deep, clamp(-contrast * f))
    spot.height = 0.1 * s * f
  }
}

export const SKINS: readonly (readonly [number, Maker])[] = [
  [5, plain],
  [2, marbled],
  [1, striped],
  [0.5, checked],
  [0.7, plaid],
  [1, spotted],
  [1, patched],
  [0.8, netted],
  [2, furry],
  [0.8, scaled],
  [0.4, printed],
  [1, grainy],
  [1, folded],
]

/** Of animals: fur, feathers, hide, with or without a pattern. */
export const FURS: typeof SKINS = [
  [5, furry],
  [1, grainy],
  [0.6, spotted],
  [0.6, striped],
  [1, patched],
  [0.5, netted],
  [0.8, scaled],
]

export const WALLS: readonly (readonly [number, Maker])[] = [
  [2, plain],
  [2, marbled],
  [1.5, bricked],
  [1.5, planked],
  [0.7, netted],
  [0.5, striped],
  [0.4, checked],
  [0.4, spotted],
  [0.5, scaled],
  [0.6, printed],
  [1, grainy],
  [1, folded],
  [0.5, patched],
]

export const GROUNDS: readonly (readonly [number, Maker])[] = [
  [1.5, plain],
  [3, marbled],
  [1, planked],
  [0.8, checked],
  [1, netted],
  [2, grainy],
  [1.5, watery],
  [0.6, bricked],
  [1, furry],
  [1, folded],
  [0.6, patched],
  [0.3, plaid],
]

export function someSkin(dice: Dice, from: typeof SKINS, base: Colour, size = 1): Skin {
  return dice.weighted(from)(dice, base, size)
}

/** A skin of one even colour. */
export function even(colour: Colour): Skin {
  return (_x, _y, _z, _fine, spot) => {
    set(spot, colour)
    spot.height = 0
  }
}
