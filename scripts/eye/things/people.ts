import type { Dice } from '../dice.ts'
import { leaf, moved } from '../mesh.ts'
import { add, after, mix, scale, turn, type Vec3 } from '../vector.ts'
import { Shape, SLOT, type Thing } from './shape.ts'

/** main is skin, second the clothes above, third those below and the hair. */
const { main, second, third, dark, light, accent } = SLOT

/** A person from head to foot, who looks along x. */
export function person(dice: Dice): Thing {
  const s = new Shape()
  const h = 0.085 * dice.between(0.85, 1.3)
  const pose = dice.weighted([
    [5, 'stands'],
    [3, 'walks'],
    [2, 'sits'],
  ] as const)
  const hipHeight = pose === 'sits' ? 0.28 : 0.5
  const lean = pose === 'walks' ? dice.between(0, 0.25) : dice.normal(0.08)
  const broad = dice.between(0.09, 0.14)
  const hip: Vec3 = [0, hipHeight, 0]
  const chest: Vec3 = [0.3 * Math.sin(lean), hipHeight + 0.27, 0]
  const neck: Vec3 = add(chest, [0.06 * Math.sin(lean), 0.06, 0])
  const deep = dice.between(0.5, 0.75)
  s.tube(
    second,
    [hip, mix(hip, chest, 0.5), chest, add(chest, [0, 0.035, 0])],
    [broad * 0.85, broad * dice.between(0.7, 1), broad, broad * 0.6],
    { columns: 18, width: deep, side: [1, 0, 0] },
  )
  s.tube(main, [chest, neck, add(neck, [0.01, 0.05, 0])], h * 0.5)
  head(dice, s, add(neck, [0.02, 0.05 + h * 0.8, 0]), h, turn([0, 1, 0], dice.normal(0.5)))
  const sleeve = dice.chance(0.6)
  const thin = dice.between(0.022, 0.034)
  for (const side of [-1, 1]) {
    const shoulder = add(chest, [0, 0.01, side * broad * 0.95])
    const swing = dice.chance(0.2) ? dice.between(0.8, 2.8) : dice.normal(0.35)
    const out = dice.between(0, 0.5) * (dice.chance(0.2) ? 3 : 1)
    const limb = (from: Vec3, a: number, far: number, o: number): Vec3 =>
      add(from, [far * Math.sin(a), -far * Math.cos(a) * Math.cos(o), side * far * Math.sin(o)])
    const elbow = limb(shoulder, swing, 0.15, out)
    const wrist = limb(elbow, swing + dice.between(0, 1.6), 0.14, out - dice.between(0, 0.8))
    s.tube(second, [shoulder, elbow], [thin * 1.5, thin * 1.15], { steps: 3 })
    s.tube(sleeve ? second : main, [elbow, wrist], [thin * 1.1, thin * 0.85], { steps: 3 })
    hand(dice, s, wrist, mix(elbow, wrist, 1.28), thin)
    if (side > 0 && dice.chance(0.3)) holds(dice, s, mix(elbow, wrist, 1.25))
  }
  const skirt = pose !== 'sits' && dice.chance(0.25)
  if (skirt) {
    const long = dice.between(0.15, 0.45)
    s.tube(
      third,
      [add(hip, [0, 0.06, 0]), add(hip, [0, -long / 2, 0]), add(hip, [0, -long, 0])],
      [broad * 0.8, broad * 1.1, broad * dice.between(1.1, 1.9)],
      { columns: 18, cut: true, width: 0.8, side: [1, 0, 0] },
    )
  }
  const stride = pose === 'walks' ? dice.between(0.2, 0.7) : dice.between(0, 0.12)
  const trousers = skirt ? main : third
  for (const side of [-1, 1]) {
    const from = add(hip, [0, 0, side * broad * 0.5])
    const a = pose === 'sits' ? 1.45 : side * stride
    const knee = add(from, [0.25 * Math.sin(a) + 0.02, -0.25 * Math.cos(a), side * dice.between(0, 0.03)])
    const b = pose === 'sits' ? dice.normal(0.2) : a - dice.between(0, pose === 'walks' ? 0.7 : 0.1)
    const ankle = add(knee, [0.24 * Math.sin(b), -0.24 * Math.cos(b), 0])
    const thick = broad * dice.between(0.4, 0.55)
    s.tube(trousers, [from, knee], [thick * 1.1, thick * 0.8], { steps: 4 })
    s.tube(dice.chance(0.7) ? trousers : main, [knee, ankle], [thick * 0.8, thick * 0.55], { steps: 4 })
    s.ball(dark, add(ankle, [0.035, -0.015, 0]), [0.07, 0.028, 0.032])
  }
  if (pose === 'sits') s.box(third, [0.02, hipHeight / 2 - 0.05, 0], [0.13, hipHeight / 2 - 0.02, 0.16])
  return s.thing('front', 'person')
}

/** Head and shoulders, as in a portrait. */
export function portrait(dice: Dice): Thing {
  const s = new Shape()
  const h = 0.22
  const broad = h * dice.between(1.3, 2.1)
  const m = turn([0, 1, 0], dice.normal(0.35))
  s.tube(
    second,
    [
      [0, -0.5, 0],
      [0, -0.2, 0],
      [0, 0.02, 0],
      [0, 0.09, 0],
    ],
    [broad * 1.05, broad * 1.1, broad * 0.9, broad * 0.35],
    { columns: 24, width: 0.55, side: [1, 0, 0], cut: true },
  )
  s.tube(
    main,
    [
      [-0.02, 0, 0],
      [0.02, 0.22, 0],
    ],
    h * dice.between(0.45, 0.6),
    { columns: 16 },
  )
  if (dice.chance(0.5))
    s.tube(
      accent,
      [
        [0.13, 0.08, -0.12],
        [0.17, 0.0, 0],
        [0.13, 0.08, 0.12],
      ],
      0.014,
    )
  head(dice, s, [0.05, 0.2 + h * 0.85, 0], h, m)
  return s.thing('front', 'person')
}

/** A head of half height h with all that is in a face. */
function head(dice: Dice, s: Shape, centre: Vec3, h: number, m: ReturnType<typeof turn>): void {
  const wide = dice.between(0.72, 0.88)
  const place = (x: number, y: number, z: number): Vec3 => {
    const v: Vec3 = [x * h, y * h, z * h]
    return add(centre, [
      m[0][0] * v[0] + m[0][1] * v[1] + m[0][2] * v[2],
      m[1][0] * v[0] + m[1][1] * v[1] + m[1][2] * v[2],
      m[2][0] * v[0] + m[2][1] * v[1] + m[2][2] * v[2],
    ])
  }
  s.ball(main, place(-0.05, 0.15, 0), [h * 0.92, h * 0.88, h * wide], m)
  s.ball(main, place(0.12, -0.42, 0), [h * 0.66, h * dice.between(0.52, 0.66), h * wide * 0.8], m)
  const nose = dice.between(0.12, 0.24)
  s.tube(
    main,
    [place(0.78, 0.1, 0), place(0.86 + nose * 0.6, -0.1, 0), place(0.84 + nose, -0.24, 0), place(0.8, -0.3, 0)],
    [0.07 * h, 0.09 * h, 0.13 * h, 0.08 * h],
    { columns: 10 },
  )
  const eye = h * dice.between(0.12, 0.17)
  const gap = dice.between(0.26, 0.36)
  const open = dice.between(0.5, 0.85)
  const brows = dice.chance(0.8)
  const glasses = dice.chance(0.15)
  for (const side of [-1, 1]) {
    const z = side * gap
    const front = 0.92 * Math.sqrt(1 - (z / wide) ** 2) - 0.1
    s.ball(light, place(front, 0.06, z), [eye * 0.7, eye * open, eye * 1.15], m)
    s.ball(
      dark,
      place(front + (0.5 * eye) / h, 0.06, z + dice.normal(0.015)),
      [eye * 0.4, eye * 0.62 * open ** 0.5, eye * 0.62],
      m,
    )
    if (brows)
      s.tube(
        dark,
        [
          place(front + 0.02, 0.22, z - side * 0.14),
          place(front + 0.03, 0.27, z),
          place(front - 0.1, 0.22, z + side * 0.2),
        ],
        h * dice.between(0.02, 0.04),
        { columns: 7 },
      )
    if (glasses)
      s.tube(
        dark,
        Array.from({ length: 10 }, (_, i): Vec3 =>
          place(front + 0.18, 0.05 + 0.2 * Math.sin(i * 0.7), z + 0.24 * Math.cos(i * 0.7)),
        ),
        h * 0.025,
        { columns: 6, steps: 2 },
      )
    s.ball(main, place(-0.1, -0.02, side * (wide + 0.02)), [h * 0.15, h * 0.24, h * 0.07], m)
  }
  const mouth = dice.between(0.2, 0.34)
  const smile = dice.normal(0.07)
  const lips = (y: number, r: number, slot: typeof accent | typeof dark): void =>
    s.tube(
      slot,
      [
        place(0.6, y - 0.5 + smile, -mouth),
        place(0.76, y - 0.5, -mouth / 2),
        place(0.79, y - 0.5 - smile * 0.3, 0),
        place(0.76, y - 0.5, mouth / 2),
        place(0.6, y - 0.5 + smile, mouth),
      ],
      [0.4, 0.9, 1, 0.9, 0.4].map((k) => k * r * h),
      { columns: 8 },
    )
  if (dice.chance(0.25)) lips(-0.02, 0.09, dark)
  lips(0.03, 0.05, accent)
  lips(-0.06, 0.055, accent)
  hair(dice, s, place, h, wide, m)
}

function hair(
  dice: Dice,
  s: Shape,
  place: (x: number, y: number, z: number) => Vec3,
  h: number,
  wide: number,
  m: ReturnType<typeof turn>,
): void {
  const kind = dice.pick(['short', 'short', 'long', 'long', 'hat', 'bun', 'strands', 'none'] as const)
  if (kind === 'none') return
  const back = dice.between(0.12, 0.3)
  s.ball(third, place(-back, dice.between(0.25, 0.4), 0), [h * 0.95, h * dice.between(0.85, 1), h * wide * 1.12], m)
  if (kind === 'long') {
    const down = dice.between(0.6, 2)
    s.ball(third, place(-0.45, -down * 0.5, 0), [h * 0.5, h * down, h * wide * dice.between(1, 1.4)], m)
    if (dice.chance(0.5))
      for (const side of [-1, 1])
        s.tube(
          third,
          [place(0.2, 0.8, side * 0.4), place(0.15, 0, side * (wide + 0.08)), place(0.05, -down, side * wide)],
          [h * 0.2, h * 0.22, h * 0.12],
          { width: 0.6 },
        )
  } else if (kind === 'bun') s.ball(third, place(-0.8, 0.8, 0), h * 0.45)
  else if (kind === 'strands') {
    const count = dice.whole(14, 40)
    for (let i = 0; i < count; i++) {
      const a = dice.between(0, 6.28)
      const strand = leaf(h * dice.between(0.5, 1.2), h * 0.12, -0.4, 0, 1)
      s.add(
        third,
        moved(
          strand,
          place(-back - 0.2 + 0.5 * Math.cos(a), 0.75, 0.5 * Math.sin(a)),
          after(m, after(turn([0, 1, 0], -a), turn([0, 0, 1], dice.between(-0.9, 0.9)))),
        ),
      )
    }
  } else if (kind === 'hat') {
    const brim = dice.chance(0.7)
    if (brim) s.ball(second, place(0, 0.62, 0), [h * dice.between(1.2, 1.9), h * 0.09, h * dice.between(1.1, 1.8)], m)
    else s.ball(second, place(0.75, 0.55, 0), [h * 0.5, h * 0.06, h * 0.6], m)
    s.ball(second, place(-0.05, 0.75, 0), [h * 0.95, h * dice.between(0.45, 0.9), h * wide * 1.1], m)
  }
}

function hand(dice: Dice, s: Shape, wrist: Vec3, end: Vec3, r: number): void {
  s.ball(main, mix(wrist, end, 0.5), [r * 1.2, r * 1.3, r * 0.8])
  const spread = dice.between(0.3, 1)
  for (let i = -1; i <= 2; i++) {
    const off: Vec3 = [i * r * 0.45, -Math.abs(i) * 0.003, i * r * 0.2 * spread]
    s.tube(main, [add(mix(wrist, end, 0.7), off), add(mix(wrist, end, 1.5), scale(off, 1.5))], r * 0.24, { columns: 7 })
  }
}

/** Something in the hand: a stick, a ball, a bag, an umbrella. */
function holds(dice: Dice, s: Shape, at: Vec3): void {
  const kind = dice.pick(['stick', 'ball', 'bag', 'umbrella', 'rod'] as const)
  if (kind === 'ball') s.ball(accent, add(at, [0.04, -0.04, 0]), dice.between(0.04, 0.1))
  else if (kind === 'bag') {
    s.tube(dark, [at, add(at, [0.04, -0.08, 0])], 0.006)
    s.box(accent, add(at, [0, -0.16, 0]), [0.08, 0.08, 0.03])
  } else if (kind === 'umbrella') {
    s.tube(dark, [at, add(at, [0.05, 0.42, 0])], 0.006)
    s.ball(accent, add(at, [0.05, 0.4, 0]), [0.24, 0.1, 0.24])
  } else
    s.tube(
      dark,
      [
        add(at, [-0.05, kind === 'rod' ? -0.1 : -at[1], 0]),
        add(at, [dice.between(-0.1, 0.4), dice.between(0.1, 0.5), 0]),
      ],
      dice.between(0.004, 0.012),
      { columns: 7 },
    )
}
