import type { Dice } from '../dice.ts'
import { leaf, moved, rounded, slab, turned } from '../mesh.ts'
import { add, after, mix, scale, turn, type Vec3 } from '../vector.ts'
import { Shape, SLOT, type Slot, type Thing } from './shape.ts'

const { main, second, third, dark, light, accent } = SLOT

function ring(
  s: Shape,
  slot: Slot,
  centre: Vec3,
  radius: number,
  thick: number,
  axis: 'x' | 'y' | 'z' = 'z',
  columns = 7,
): void {
  const path = Array.from({ length: 17 }, (_, i): Vec3 => {
    const [a, b] = [radius * Math.cos(i * 0.3927), radius * Math.sin(i * 0.3927)]
    return add(centre, axis === 'z' ? [a, b, 0] : axis === 'y' ? [a, 0, b] : [0, a, b])
  })
  s.tube(slot, path, thick, { columns, steps: 2 })
}

/** A car, van, bus or lorry: its side view made thick, with wheels, windows and lamps. */
export function car(dice: Dice): Thing {
  const s = new Shape()
  const [tall, roof, wide] = [dice.between(0.09, 0.16), dice.between(0.08, 0.26), dice.between(0.15, 0.24)]
  const [a, b] = [dice.between(-0.48, -0.2), dice.between(0.05, 0.4)]
  const [slantA, slantB] = [dice.between(0, 0.14), dice.between(0.02, 0.18)]
  const low = dice.between(0.06, 0.1)
  const body = rounded(
    [
      [-0.5, low],
      [0.5, low],
      [0.5, low + tall * 0.8],
      [b + slantB, low + tall],
      [a - slantA, low + tall * 1.05],
      [-0.5, low + tall * 0.85],
    ],
    4,
  )
  s.add(main, slab(body, wide * 2))
  const cabin = [
    [a - slantA, low + tall * 0.9],
    [b + slantB, low + tall * 0.9],
    [b, low + tall + roof],
    [a, low + tall + roof],
  ] as const
  s.add(dice.chance(0.7) ? main : second, slab(rounded(cabin, 4), wide * 1.84))
  const count = dice.whole(1, 4)
  const span = b - a
  for (const side of [-1, 1]) {
    for (let i = 0; i < count; i++) {
      const [l, r] = [a + (span * (i + 0.1)) / count, a + (span * (i + 0.9)) / count]
      const pane = slab(
        [
          [l, low + tall + roof * 0.15],
          [r, low + tall + roof * 0.15],
          [r, low + tall + roof * 0.85],
          [l, low + tall + roof * 0.85],
        ],
        0.006,
      )
      s.add(accent, moved(pane, [0, 0, side * wide * 0.93]))
    }
    const door = a + span * dice.between(0.3, 0.7)
    s.tube(
      dark,
      [
        [door, low + 0.01, side * wide * 1.001],
        [door, low + tall, side * wide * 1.001],
      ],
      0.004,
      { columns: 5 },
    )
  }
  for (const [x0, y0, x1, y1] of [
    [b + slantB, low + tall, b, low + tall + roof],
    [a - slantA, low + tall, a, low + tall + roof],
  ] as const) {
    const at = mix([x0, y0, 0], [x1, y1, 0], 0.5)
    s.box(
      accent,
      [at[0], at[1], 0],
      [0.006, roof * 0.36, wide * 0.75],
      turn([0, 0, 1], Math.atan2(y1 - y0, x1 - x0) - Math.PI / 2),
    )
  }
  const radius = low + dice.between(0.01, 0.03)
  for (const x of [-0.32, 0.32]) {
    for (const side of [-1, 1]) {
      const wheel = turned([
        [0.001, 0.035],
        [radius * 0.55, 0.036],
        [radius * 0.6, 0.03],
        [radius * 0.95, 0.032],
        [radius, 0.02],
        [radius, -0.03],
        [0.001, -0.03],
      ])
      s.add(dark, moved(wheel, [x, radius, side * wide * 0.95], turn([1, 0, 0], (side * Math.PI) / 2)))
      s.ball(light, [x, radius, side * (wide * 0.95 + 0.03)], [radius * 0.5, radius * 0.5, 0.012])
    }
  }
  for (const side of [-1, 1]) {
    s.ball(light, [0.49, low + tall * 0.55, side * wide * 0.7], [0.02, 0.025, 0.035])
    s.ball(accent, [-0.49, low + tall * 0.6, side * wide * 0.75], [0.02, 0.02, 0.03])
  }
  s.box(second, [0.5, low + 0.02, 0], [0.015, 0.018, wide * 0.95])
  return s.thing('side', 'made')
}

/** Bicycle or motorcycle. */
export function cycle(dice: Dice): Thing {
  const s = new Shape()
  const heavy = dice.chance(0.3)
  const [r, t] = [dice.between(0.16, 0.22), heavy ? 0.03 : dice.between(0.006, 0.012)]
  const [A, B]: [Vec3, Vec3] = [
    [-0.3, r, 0],
    [0.3, r, 0],
  ]
  for (const c of [A, B]) {
    ring(s, dark, c, r, t)
    s.ball(light, c, 0.02)
    const spokes = dice.whole(6, 12)
    for (let i = 0; i < spokes; i++)
      s.tube(light, [c, add(c, [r * Math.cos((6.28 * i) / spokes), r * Math.sin((6.28 * i) / spokes), 0])], 0.002, {
        columns: 5,
      })
  }
  const crank: Vec3 = [-0.03, r * 0.95, 0]
  const seat: Vec3 = [-0.12, r + dice.between(0.2, 0.3), 0]
  const front: Vec3 = [0.21, r + dice.between(0.2, 0.28), 0]
  const frame = heavy ? 0.02 : dice.between(0.008, 0.014)
  for (const [p, q] of [
    [A, crank],
    [A, seat],
    [crank, seat],
    [seat, front],
    [crank, front],
    [front, B],
  ] as const)
    s.tube(main, [p, q], frame, { columns: 8 })
  if (heavy) {
    s.ball(main, [0.05, r + 0.16, 0], [0.15, 0.07, 0.06])
    s.ball(second, [-0.02, r * 0.9, 0], [0.12, 0.1, 0.07])
  }
  s.ball(dark, add(seat, [-0.02, 0.03, 0]), [heavy ? 0.14 : 0.07, 0.02, 0.04])
  s.tube(second, [front, add(front, [-0.02, 0.08, 0])], frame)
  s.tube(
    second,
    [add(front, [0.02, 0.06, -0.14]), add(front, [-0.02, 0.08, 0]), add(front, [0.02, 0.06, 0.14])],
    frame * 0.8,
  )
  ring(s, light, crank, 0.04, 0.004)
  s.tube(dark, [crank, add(crank, [0.05, -0.06, 0.05])], 0.006)
  return s.thing('side', 'made')
}

export function furniture(dice: Dice): Thing {
  const s = new Shape()
  const [w, d, h, t] = [
    dice.between(0.18, 0.4),
    dice.between(0.18, 0.35),
    dice.between(0.25, 0.5),
    dice.between(0.008, 0.03),
  ]
  const kind = dice.pick(['chair', 'table', 'stool', 'sofa', 'shelf'] as const)
  if (kind === 'sofa') {
    s.add(
      main,
      moved(
        slab(
          rounded(
            [
              [-w, 0.05],
              [w, 0.05],
              [w, 0.2],
              [-w, 0.2],
            ],
            3,
          ),
          d * 2,
        ),
        [0, 0, 0],
      ),
    )
    s.box(main, [-w * 0.9, 0.3, 0], [0.06, 0.2, d])
    for (const side of [-1, 1])
      s.tube(
        second,
        [
          [-w, 0.27, side * d],
          [w, 0.27, side * d],
        ],
        0.06,
      )
    for (const side of [-0.5, 0.5]) s.ball(third, [-w * 0.65, 0.3, side * d], [0.05, 0.12, 0.14])
    return s.thing('front', 'made')
  }
  const round = kind === 'stool' || dice.chance(0.25)
  if (round)
    s.add(
      main,
      moved(
        turned([
          [0.001, t],
          [w, t],
          [w, -t],
          [0.001, -t],
        ]),
        [0, h, 0],
      ),
    )
  else s.box(main, [0, h, 0], [w, t, d])
  const splay = dice.between(0, 0.06)
  const leg = dice.between(0.006, 0.025)
  for (const x of [-1, 1]) {
    for (const z of [-1, 1]) {
      const k = round ? 0.6 : 0.92
      s.tube(
        second,
        [
          [x * w * k, h, z * d * k],
          [x * (w * k + splay), 0, z * (d * k + splay)],
        ],
        [leg, leg * dice.between(0.5, 1)],
        { cut: true, columns: 8 },
      )
    }
    if (dice.chance(0.5))
      s.tube(
        second,
        [
          [x * w * 0.9, h * 0.3, -d * 0.9],
          [x * w * 0.9, h * 0.3, d * 0.9],
        ],
        leg * 0.7,
        { columns: 7 },
      )
  }
  if (kind === 'chair') {
    const high = dice.between(0.3, 0.55)
    const slope = dice.between(0, 0.12)
    const back = (y: number, z: number): Vec3 => [-w * 0.92 - (slope * y) / high, h + y, z * d * 0.92]
    for (const z of [-1, 1]) s.tube(second, [back(0, z), back(high, z)], leg, { columns: 8 })
    const bars = dice.whole(1, 6)
    if (dice.chance(0.5))
      for (let i = 0; i < bars; i++)
        s.tube(main, [back(high * (0.4 + (0.6 * i) / bars), -1), back(high * (0.4 + (0.6 * i) / bars), 1)], leg, {
          columns: 7,
        })
    else
      for (let i = 0; i < bars; i++)
        s.tube(main, [back(0, -1 + (2 * i + 1) / bars), back(high, -1 + (2 * i + 1) / bars)], leg * 0.7, { columns: 7 })
    s.tube(main, [back(high, -1), back(high * 1.03, 0), back(high, 1)], leg * 1.6)
    if (dice.chance(0.3))
      for (const z of [-1, 1])
        s.tube(second, [back(0.18, z), [w * 0.9, h + 0.16, z * d * 0.92], [w * 0.9, h, z * d * 0.92]], leg)
  } else if (kind === 'shelf') for (const y of [0.15, 0.35, 0.7, 0.95]) s.box(main, [0, y, 0], [w, t, d])
  return s.thing('any', 'made')
}

export function lamp(dice: Dice): Thing {
  const s = new Shape()
  const thin = dice.between(0.006, 0.016)
  s.add(
    main,
    turned([
      [0.001, 0.03],
      [dice.between(0.08, 0.16), 0.015],
      [0.15, 0],
      [0.001, 0],
    ]),
  )
  const bent = dice.chance(0.6)
  const joint: Vec3 = [bent ? dice.between(-0.25, -0.05) : 0, dice.between(0.35, 0.55), 0]
  const top: Vec3 = [bent ? dice.between(0.05, 0.4) : 0, dice.between(0.65, 0.9), 0]
  s.tube(second, bent && dice.chance(0.5) ? [[0, 0.02, 0], joint, top] : [[0, 0.02, 0], joint], thin, { columns: 8 })
  s.tube(second, [joint, top], thin, { columns: 8 })
  if (bent) s.ball(dark, joint, thin * 1.7)
  const [r, l] = [dice.between(0.08, 0.2), dice.between(0.1, 0.25)]
  const shade = turned([
    [r * dice.between(0.3, 0.8), l],
    [r, 0],
  ])
  s.add(third, moved(shade, add(top, [0, -l * 0.4, 0]), turn([0, 0, 1], bent ? dice.between(-0.2, 1) : 0)))
  s.ball(light, top, r * 0.4)
  return s.thing('any', 'made')
}

/** Pot, cup, bottle, vase, jug, bowl, glass: turned, with a handle, spout or lid. */
export function vessel(dice: Dice): Thing {
  const s = new Shape()
  const tall = dice.between(0.3, 1.3)
  const rounds = dice.whole(3, 6)
  const radii = Array.from({ length: rounds }, () => dice.between(0.12, 0.42))
  const path = radii.map((r, i): Vec3 => [r, (tall * i) / (rounds - 1), 0])
  const profile: [number, number][] = [[0.001, 0]]
  const steps = 5
  const facet = dice.chance(0.25)
  for (let i = 0; i + 1 < rounds; i++) {
    for (let k = 0; k < steps; k++) {
      const t = k / steps
      const e = facet ? t : t * t * (3 - 2 * t)
      profile.push([path[i]![0] * (1 - e) + path[i + 1]![0] * e, path[i]![1] * (1 - t) + path[i + 1]![1] * t])
    }
  }
  const lip = radii[rounds - 1]!
  const wall = dice.between(0.02, 0.05)
  profile.push([lip, tall], [lip - wall, tall], [(lip - wall) * 0.9, tall * 0.75])
  s.add(main, turned(profile, 36))
  const inside = dice.between(0.75, 0.95) * tall
  s.add(
    dice.pick([third, second, accent]),
    turned([
      [0.001, inside],
      [(lip - wall) * 0.97, inside],
    ]),
  )
  const at = (t: number): number => {
    const x = Math.min(t * (rounds - 1), rounds - 1.001)
    const i = Math.floor(x)
    const f = x - i
    return path[i]![0] * (1 - f) + path[i + 1]![0] * f
  }
  if (dice.chance(0.5)) {
    const [y0, y1] = [dice.between(0.15, 0.4), dice.between(0.6, 0.9)]
    const [out, r] = [dice.between(0.12, 0.3), dice.between(0.015, 0.04)]
    for (const side of dice.chance(0.75) ? [1] : [-1, 1]) {
      const x = (t: number, o = 0): number => side * (at(t) - 0.02 + o)
      s.tube(
        dice.chance(0.8) ? main : second,
        [
          [x(y0), y0 * tall, 0],
          [x(y0, out * 0.8), (y0 * 0.8 + y1 * 0.2) * tall, 0],
          [x(y1, out), (y0 * 0.2 + y1 * 0.8) * tall, 0],
          [x(y1), y1 * tall, 0],
        ],
        r,
        { columns: 10 },
      )
    }
  }
  if (dice.chance(0.25)) {
    const y = dice.between(0.3, 0.6)
    s.tube(
      main,
      [
        [-at(y) + 0.03, y * tall, 0],
        [-at(y) - 0.15, (y + 0.12) * tall, 0],
        [-at(y) - 0.25, (y + 0.4) * tall, 0],
      ],
      [0.08, 0.05, 0.035],
      { cut: true },
    )
  }
  if (dice.chance(0.25)) {
    s.ball(second, [0, tall, 0], [lip * 1.02, lip * dice.between(0.15, 0.5), lip * 1.02])
    s.ball(third, [0, tall + lip * 0.5, 0], lip * 0.18)
  }
  if (dice.chance(0.35)) {
    const [a, b] = [dice.between(0.1, 0.5), dice.between(0.55, 0.9)]
    s.add(
      second,
      turned(
        Array.from({ length: 7 }, (_, i): [number, number] => [
          at(a + ((b - a) * i) / 6) * 1.006,
          (a + ((b - a) * i) / 6) * tall,
        ]),
        36,
      ),
    )
  }
  return s.thing('any', 'made')
}

export function fruit(dice: Dice): Thing {
  const s = new Shape()
  const count = dice.weighted([
    [3, 1],
    [1, 2],
    [1, 4],
  ] as const)
  for (let i = 0; i < count; i++) {
    const at: Vec3 = i ? [dice.normal(0.3), 0, dice.normal(0.3)] : [0, 0, 0]
    const kind = dice.pick(['apple', 'pear', 'long', 'bunch', 'lemon'] as const)
    const r = dice.between(0.14, 0.22)
    if (kind === 'bunch') {
      for (let k = 0; k < 14; k++)
        s.ball(main, add(at, [dice.normal(0.1), 0.15 + dice.normal(0.09), dice.normal(0.1)]), r * 0.4)
      s.tube(third, [add(at, [0, 0.2, 0]), add(at, [0.05, 0.45, 0])], 0.012)
    } else if (kind === 'long') {
      const bow = dice.between(0, 0.25)
      s.tube(
        main,
        [
          [-0.3, bow + 0.08, 0],
          [-0.15, 0.08 + bow * 0.3, 0],
          [0.1, 0.08, 0],
          [0.28, 0.08 + bow * 0.6, 0],
        ].map(([x, y, z]) => add(at, [x!, y!, z!])),
        [0.02, r * 0.45, r * 0.45, 0.03],
      )
    } else {
      const pear = kind === 'pear' ? dice.between(0.3, 0.55) : 0.9
      const profile: [number, number][] = [[0.001, 0.1 * r]]
      for (let k = 1; k < 12; k++) {
        const t = k / 12
        const w = Math.sin(Math.PI * t) ** 0.7
        profile.push([
          r * w * (1 - (1 - pear) * t * t),
          r * 2 * t * (kind === 'lemon' ? 1.3 : kind === 'pear' ? 1.5 : 0.95),
        ])
      }
      profile.push([0.001, profile[10]![1] * (kind === 'apple' ? 0.96 : 1.1)])
      s.add(
        i % 2 ? second : main,
        moved(turned(profile, 24), at, turn([dice.normal(), 0, dice.normal()], dice.normal(0.25))),
      )
      const top = add(at, [0, profile[10]![1], 0])
      s.tube(dark, [top, add(top, [dice.normal(0.03), r * 0.5, 0])], dice.between(0.007, 0.014), { columns: 7 })
      if (dice.chance(0.4))
        s.add(
          third,
          moved(leaf(r * 1.1, r * 0.3, 0.2, 0.3), add(top, [0, r * 0.3, 0]), turn([0, 1, 0], dice.between(0, 6))),
        )
    }
  }
  return s.thing('any', 'plant')
}

/** Hammer, spoon, scissors, brush, key, racket, guitar, axe: flat and thin things that lie or hang. */
export function tool(dice: Dice): Thing {
  const s = new Shape()
  const kind = dice.pick([
    'hammer',
    'spoon',
    'scissors',
    'brush',
    'key',
    'racket',
    'guitar',
    'axe',
    'fork',
    'glasses',
  ] as const)
  const thin = dice.between(0.012, 0.035)
  const shaft = (r = thin): void =>
    s.tube(
      main,
      [
        [-0.5, 0, 0],
        [0, dice.normal(0.01), 0],
        [0.4, 0, 0],
      ],
      [r, r * dice.between(0.6, 1), r * 0.8],
    )
  if (kind === 'hammer' || kind === 'axe') {
    shaft()
    if (kind === 'hammer')
      s.tube(
        second,
        [
          [0.4, -0.15, 0],
          [0.4, 0, 0],
          [0.4, 0.15, 0],
        ],
        [0.06, 0.04, 0.05],
        { cut: true },
      )
    else
      s.add(
        second,
        slab(
          [
            [0.33, -0.02],
            [0.45, -0.02],
            [0.52, 0.24],
            [0.4, 0.27],
            [0.26, 0.24],
          ],
          0.03,
        ),
      )
  } else if (kind === 'spoon') {
    shaft(thin * 0.6)
    s.ball(main, [0.46, 0, 0], [dice.between(0.1, 0.16), dice.between(0.05, 0.1), 0.025])
    s.ball(second, [0.46, 0, 0.012], [0.085, 0.045, 0.02])
  } else if (kind === 'fork') {
    shaft(thin * 0.6)
    for (let i = -1.5; i <= 1.5; i++)
      s.tube(
        main,
        [
          [0.38, i * 0.02, 0],
          [0.44, i * 0.035, 0],
          [0.62, i * 0.035, 0],
        ],
        0.007,
        { columns: 6 },
      )
  } else if (kind === 'scissors') {
    const open = dice.between(0.08, 0.5)
    for (const side of [-1, 1]) {
      const m = turn([0, 0, 1], side * open)
      s.add(
        second,
        moved(
          slab(
            [
              [0, -0.03],
              [0.45, side * -0.005],
              [0.45, side * 0.004],
              [0, 0.03],
            ],
            0.012,
          ),
          [0, 0, side * 0.007],
          m,
        ),
      )
      const path = Array.from({ length: 12 }, (_, i): Vec3 => [
        -0.3 + 0.12 * Math.cos(i * 0.57),
        side * -0.06 + 0.07 * Math.sin(i * 0.57),
        side * 0.007,
      ])
      for (const [slot, p] of [
        [main, path],
        [
          main,
          [
            [0, 0, 0],
            [-0.2, side * -0.02, 0],
          ] as Vec3[],
        ],
      ] as const) {
        s.tube(
          slot,
          p.map(([x, y, z]): Vec3 => [m[0][0] * x + m[0][1] * y, m[1][0] * x + m[1][1] * y, z]),
          thin * 0.7,
          { columns: 7, steps: 2 },
        )
      }
    }
    s.ball(dark, [0, 0, 0.012], 0.015)
  } else if (kind === 'brush') {
    shaft()
    s.box(second, [0.47, 0, 0], [0.08, dice.between(0.04, 0.14), 0.025])
    for (let i = 0; i < 24; i++)
      s.tube(
        third,
        [
          [0.54, dice.between(-0.08, 0.08), dice.normal(0.01)],
          [0.7, dice.between(-0.1, 0.1), dice.normal(0.02)],
        ],
        0.006,
        { columns: 5 },
      )
  } else if (kind === 'key') {
    shaft(thin * 0.7)
    ring(s, main, [-0.58, 0, 0], 0.1, thin * 0.8)
    for (let i = 0; i < 3; i++) s.box(main, [0.25 + 0.07 * i, -0.05, 0], [0.018, dice.between(0.02, 0.06), 0.012])
  } else if (kind === 'racket') {
    shaft()
    const path = Array.from({ length: 17 }, (_, i): Vec3 => [
      0.62 + 0.22 * Math.cos(i * 0.3927),
      0.17 * Math.sin(i * 0.3927),
      0,
    ])
    s.tube(second, path, 0.014, { columns: 7, steps: 2 })
    for (let i = -3; i <= 3; i++) {
      const [a, b] = [0.22 * Math.sqrt(1 - (i / 4) ** 2), 0.17 * Math.sqrt(1 - (i / 4) ** 2)]
      s.tube(
        light,
        [
          [0.62 - a, i * 0.042, 0],
          [0.62 + a, i * 0.042, 0],
        ],
        0.002,
        { columns: 4 },
      )
      s.tube(
        light,
        [
          [0.62 + i * 0.055, -b, 0],
          [0.62 + i * 0.055, b, 0],
        ],
        0.002,
        { columns: 4 },
      )
    }
  } else if (kind === 'guitar') {
    s.add(
      main,
      slab(
        rounded(
          [
            [-0.5, 0],
            [-0.42, 0.19],
            [-0.22, 0.14],
            [-0.05, 0.15],
            [0.02, 0],
            [-0.05, -0.15],
            [-0.22, -0.14],
            [-0.42, -0.19],
          ],
          5,
        ),
        0.08,
      ),
    )
    s.box(second, [0.25, 0, 0.045], [0.3, 0.025, 0.012])
    s.box(second, [0.58, 0, 0.045], [0.06, 0.04, 0.012])
    s.ball(dark, [-0.16, 0, 0.04], [0.06, 0.06, 0.006])
    s.box(dark, [-0.36, 0, 0.045], [0.015, 0.07, 0.01])
    for (let i = -1; i <= 1; i++)
      s.tube(
        light,
        [
          [-0.36, i * 0.012, 0.06],
          [0.58, i * 0.012, 0.062],
        ],
        0.0025,
        { columns: 4 },
      )
  } else {
    for (const side of [-1, 1]) {
      ring(s, main, [side * 0.2, 0, 0], dice.between(0.12, 0.16), thin * 0.6)
      s.tube(
        main,
        [
          [side * 0.34, 0.04, 0],
          [side * 0.38, 0.05, -0.1],
          [side * 0.36, 0.02, -0.45],
        ],
        thin * 0.4,
        { columns: 6 },
      )
    }
    s.tube(
      main,
      [
        [-0.07, 0.03, 0],
        [0, 0.06, 0],
        [0.07, 0.03, 0],
      ],
      thin * 0.5,
      { columns: 6 },
    )
  }
  const thing = s.thing('any', 'made', true)
  const flat = turn([1, 0, 0], -Math.PI / 2)
  const up = turn([0, 0, 1], dice.pick([0.8, 1.57, -1.57, dice.between(0, 6)]))
  const m = dice.chance(0.5) ? flat : up
  const out = new Shape()
  for (const { mesh, slot } of thing.parts) out.add(slot, moved(mesh, [0, 0, 0], m))
  return out.thing(dice.chance(0.5) ? 'any' : 'side', 'made', true)
}

/** A plant in a pot, flowers, a tree, a cactus or mushrooms. */
export function plant(dice: Dice): Thing {
  const s = new Shape()
  const kind = dice.pick(['pot', 'flowers', 'tree', 'cactus', 'mushroom', 'flower'] as const)
  if (kind === 'mushroom') {
    const count = dice.whole(1, 3)
    for (let i = 0; i < count; i++) {
      const [x, z, h, r] = [
        i ? dice.normal(0.25) : 0,
        i ? dice.normal(0.15) : 0,
        dice.between(0.25, 0.6),
        dice.between(0.12, 0.28),
      ]
      s.tube(
        second,
        [
          [x, 0, z],
          [x + dice.normal(0.03), h / 2, z],
          [x, h, z],
        ],
        [0.08, 0.05, 0.045],
      )
      const cap: [number, number][] = Array.from({ length: 8 }, (_, k) => [
        Math.max(0.001, r * Math.sin((k * 1.6) / 7)),
        h + r * 0.7 * Math.cos((k * 1.6) / 7),
      ])
      s.add(main, moved(turned([...cap.reverse(), [r * 0.3, h - 0.02]].reverse() as [number, number][]), [x, 0, z]))
      if (dice.chance(0.4))
        for (let k = 0; k < 7; k++)
          s.ball(
            light,
            [x + r * 0.6 * Math.cos(k), h + r * 0.57, z + r * 0.6 * Math.sin(k)],
            [r * 0.12, r * 0.06, r * 0.12],
          )
    }
    return s.thing('any', 'plant')
  }
  if (kind === 'cactus') {
    const h = dice.between(0.5, 0.9)
    s.tube(
      main,
      [
        [0, 0, 0],
        [0, h / 2, 0],
        [0, h, 0],
      ],
      [0.1, 0.12, 0.09],
      { columns: 16 },
    )
    for (const side of [-1, 1])
      if (dice.chance(0.7))
        s.tube(
          main,
          [
            [0, h * 0.4, 0],
            [side * 0.22, h * 0.42, 0],
            [side * 0.25, h * dice.between(0.6, 0.85), 0],
          ],
          0.06,
        )
    if (dice.chance(0.6))
      s.add(
        second,
        turned([
          [0.001, 0],
          [0.14, 0],
          [0.18, 0.2],
          [0.001, 0.2],
        ]),
      )
    return s.thing('any', 'plant')
  }
  let base = 0
  if (kind === 'pot' || (kind === 'flowers' && dice.chance(0.6))) {
    base = dice.between(0.15, 0.35)
    const r = dice.between(0.1, 0.18)
    s.add(
      second,
      turned([
        [0.001, 0],
        [r * dice.between(0.6, 1), 0],
        [r, base],
        [r * 0.9, base],
        [r * 0.8, base * 0.85],
        [0.001, base * 0.85],
      ]),
    )
  }
  const stems = kind === 'tree' ? 1 : kind === 'flower' ? 1 : dice.whole(3, 12)
  const greens = kind === 'tree' ? dice.whole(40, 160) : 0
  const grow = (from: Vec3, direction: Vec3, long: number, r: number, depth: number, tips: Vec3[]): void => {
    const mid = add(from, scale(add(direction, [dice.normal(0.15), 0, dice.normal(0.15)]), long / 2))
    const end = add(mid, scale(add(direction, [dice.normal(0.3), 0, dice.normal(0.3)]), long / 2))
    s.tube(kind === 'tree' ? third : main, [from, mid, end], [r, r * 0.8, r * 0.6], { columns: 7 })
    tips.push(end)
    if (depth > 0)
      for (let i = 0; i < dice.whole(2, 3); i++)
        grow(
          end,
          [direction[0] + dice.normal(0.6), direction[1] * dice.between(0.6, 1), direction[2] + dice.normal(0.6)],
          long * 0.7,
          r * 0.6,
          depth - 1,
          tips,
        )
  }
  const tips: Vec3[] = []
  for (let i = 0; i < stems; i++)
    grow(
      [dice.normal(0.02), base, dice.normal(0.02)],
      [dice.normal(kind === 'tree' ? 0.1 : 0.35), 1, dice.normal(0.35)],
      dice.between(0.25, 0.5),
      kind === 'tree' ? 0.04 : dice.between(0.006, 0.014),
      kind === 'tree' ? 3 : 0,
      tips,
    )
  const round = dice.between(0.3, 1)
  for (let i = 0; i < greens; i++) {
    const tip = add(dice.pick(tips.slice(tips.length > 8 ? 4 : 0)), [
      dice.normal(0.06),
      dice.normal(0.06),
      dice.normal(0.06),
    ])
    s.add(
      main,
      moved(
        leaf(0.1, 0.035 * round, 0.2, 0.3),
        tip,
        after(turn([0, 1, 0], dice.between(0, 6.3)), turn([0, 0, 1], dice.normal(0.7))),
      ),
    )
  }
  if (kind === 'tree') return s.thing('any', 'plant')
  const blooms = kind === 'pot' ? dice.chance(0.3) : true
  const [long, wide] = [dice.between(0.12, 0.4), dice.between(0.02, 0.09)]
  for (const tip of tips) {
    const leaves = kind === 'pot' ? dice.whole(1, 4) : dice.whole(0, 2)
    for (let i = 0; i < leaves; i++)
      s.add(
        main,
        moved(
          leaf(long, wide, dice.normal(0.4), 0.3),
          mix([0, base, 0], tip, dice.between(0.4, 1)),
          after(turn([0, 1, 0], dice.between(0, 6.3)), turn([0, 0, 1], dice.between(-0.4, 1))),
        ),
      )
    if (!blooms) continue
    const petals = dice.whole(5, 14)
    const r = kind === 'flower' ? dice.between(0.15, 0.3) : dice.between(0.05, 0.12)
    const face = after(turn([0, 1, 0], dice.normal(0.8)), turn([1, 0, 0], dice.between(0, 1.5)))
    const cup = dice.between(-0.2, 0.8)
    for (let k = 0; k < petals; k++)
      s.add(
        second,
        moved(
          leaf(r, (r * 2) / petals, 0.2, 0.1, 0.7),
          tip,
          after(face, after(turn([0, 1, 0], (6.283 * k) / petals), turn([0, 0, 1], cup))),
        ),
      )
    s.ball(light, tip, r * 0.28)
  }
  return s.thing('any', 'plant')
}

/** Solids put together at random: whatever else there is in the world. */
export function solids(dice: Dice): Thing {
  const s = new Shape()
  const slots = [main, main, second, third, accent] as const
  const count = dice.whole(1, 6)
  const straight = dice.chance(0.5)
  const turnedBy = (): ReturnType<typeof turn> =>
    straight ? turn([0, 1, 0], 0) : turn([dice.normal(), dice.normal(), dice.normal()], dice.between(0, 3))
  for (let i = 0; i < count; i++) {
    const at: Vec3 = i ? [dice.normal(0.22), dice.normal(0.22), dice.normal(0.15)] : [0, 0, 0]
    const size = (): number => dice.between(0.05, 0.32)
    const slot = dice.pick(slots)
    const kind = dice.pick(['box', 'ball', 'rod', 'plate', 'cone', 'rods', 'ring'] as const)
    if (kind === 'box') s.box(slot, at, [size(), size(), size()], turnedBy())
    else if (kind === 'ball') s.ball(slot, at, [size(), size(), size()], turnedBy())
    else if (kind === 'ring')
      ring(s, slot, at, size(), dice.between(0.01, 0.07), dice.pick(['x', 'y', 'z'] as const), 10)
    else if (kind === 'cone')
      s.add(
        slot,
        moved(
          turned([
            [0.001, 0],
            [size(), 0],
            [size() * 0.5, size()],
            [0.001, 0.35],
          ]),
          at,
          turnedBy(),
        ),
      )
    else if (kind === 'plate') {
      const corners = Array.from({ length: dice.whole(4, 9) }, (_, k, n = 7): [number, number] => [
        dice.between(0.1, 0.4) * Math.cos((6.28 * k) / n),
        dice.between(0.1, 0.4) * Math.sin((6.28 * k) / n),
      ]).slice(0, 7)
      s.add(
        slot,
        moved(
          slab(dice.chance(0.6) && corners.length > 4 ? rounded(corners, 4) : corners, dice.between(0.02, 0.2)),
          at,
          turnedBy(),
        ),
      )
    } else {
      for (let k = 0; k < (kind === 'rods' ? 6 : 1); k++) {
        const d: Vec3 = [dice.normal(0.25), dice.normal(0.25), dice.normal(0.15)]
        s.tube(
          slot,
          [add(at, scale(d, -1)), add(at, [dice.normal(0.03), 0, 0]), add(at, d)],
          dice.between(0.006, kind === 'rods' ? 0.02 : 0.1),
          { columns: 9 },
        )
      }
    }
  }
  return s.thing('any', 'made', true)
}

export function boat(dice: Dice): Thing {
  const s = new Shape()
  const [deep, wide, rise] = [dice.between(0.08, 0.16), dice.between(0.1, 0.18), dice.between(0.02, 0.1)]
  s.ball(main, [0, 0.1, 0], [0.5, deep, wide])
  s.box(second, [0, 0.11 + rise * 0.3, 0], [0.42, 0.015, wide * 0.75])
  if (dice.chance(0.5)) s.box(light, [-0.12, 0.2, 0], [0.12, 0.07, wide * 0.5])
  const mast = dice.between(0.4, 1)
  s.tube(
    dark,
    [
      [0.05, 0.1, 0],
      [0.05, mast, 0],
    ],
    0.008,
    { columns: 6 },
  )
  if (dice.chance(0.75)) {
    const belly = dice.between(0.02, 0.12)
    for (const [x0, x1] of [
      [0.04, -0.42],
      [0.07, 0.45],
    ] as const) {
      s.add(
        third,
        moved(
          slab(
            rounded(
              [
                [x0, 0.2],
                [x1, 0.2],
                [x0 + (x1 - x0) * 0.5, 0.5 * mast + belly],
                [x0, mast * 0.97],
              ],
              3,
            ),
            0.01,
          ),
          [0, 0, 0],
        ),
      )
    }
  } else
    for (let i = 0; i < 4; i++)
      s.tube(
        dark,
        [
          [0.05, mast * (0.95 - 0.1 * i), 0],
          [0.48 - 0.1 * i, 0.14, 0],
        ],
        0.003,
        { columns: 5 },
      )
  return s.thing('side', 'made')
}

export function plane(dice: Dice): Thing {
  const s = new Shape()
  const r = dice.between(0.04, 0.08)
  s.tube(
    main,
    [
      [-0.5, 0.06, 0],
      [-0.2, 0, 0],
      [0.3, 0, 0],
      [0.48, 0, 0],
    ],
    [r * 0.3, r, r, r * 0.6],
    { columns: 16 },
  )
  const sweep = dice.between(0, 0.25)
  const span = dice.between(0.35, 0.55)
  for (const side of [-1, 1]) {
    const wing = (x: number, y: number, far: number, chord: number): void => {
      const outline: [number, number][] = [
        [x, 0],
        [x - chord, 0],
        [x - chord * 0.8 - sweep * far * 2, far],
        [x - chord * 0.3 - sweep * far * 2, far],
      ]
      s.add(second, moved(slab(outline, 0.015), [0, y, 0], turn([1, 0, 0], (side * Math.PI) / 2 + 0.05)))
    }
    wing(0.15, 0, span, 0.2)
    wing(-0.38, 0.05, span * 0.4, 0.1)
    if (dice.chance(0.6))
      s.tube(
        third,
        [
          [0.1, -0.04, side * span * 0.4],
          [0, -0.04, side * span * 0.4],
        ],
        0.03,
      )
  }
  s.add(
    second,
    slab(
      [
        [-0.34, 0.05],
        [-0.48, 0.05],
        [-0.54, 0.24],
        [-0.47, 0.24],
      ],
      0.012,
    ),
  )
  for (let i = 0; i < 8; i++) s.ball(dark, [0.25 - 0.07 * i, r * 0.3, r * 0.96], 0.012)
  s.ball(dark, [0.38, r * 0.45, 0], [0.06, r * 0.5, r * 0.6])
  if (dice.chance(0.4))
    for (const a of [0, 2.1, 4.2])
      s.box(dark, [0.52, 0.08 * Math.cos(a), 0.08 * Math.sin(a)], [0.005, 0.08, 0.012], turn([1, 0, 0], a))
  return s.thing('any', 'made', true)
}

/** House, tower, church, lighthouse. */
export function house(dice: Dice): Thing {
  const s = new Shape()
  const blocks = dice.whole(1, 3)
  for (let i = 0; i < blocks; i++) {
    const [x, w, d, h] = [
      i ? dice.normal(0.35) : 0,
      dice.between(0.12, 0.35),
      dice.between(0.12, 0.3),
      dice.between(0.2, i ? 0.9 : 0.5),
    ]
    const round = dice.chance(0.25)
    const roof = dice.between(0.05, 0.35)
    if (round) {
      s.add(
        main,
        moved(
          turned([
            [w * 0.6, 0],
            [w * dice.between(0.35, 0.6), h],
          ]),
          [x, 0, 0],
        ),
      )
      s.add(
        second,
        moved(
          turned([
            [0.001, h + roof],
            [w * 0.65, h],
            [0.001, h],
          ]),
          [x, 0, 0],
        ),
      )
    } else {
      s.box(main, [x, h / 2, 0], [w, h / 2, d])
      const gable = slab(
        [
          [-w * 1.08, 0],
          [w * 1.08, 0],
          [0, roof],
        ],
        d * 2.15,
      )
      s.add(second, moved(gable, [x, h, 0]))
      const rows = Math.max(1, Math.floor(h / 0.18))
      const columns = dice.whole(1, 4)
      for (let a = 0; a < rows; a++)
        for (let b = 0; b < columns; b++)
          s.box(dark, [x + w * 1.6 * ((b + 0.5) / columns - 0.5), (h * (a + 0.6)) / rows, d], [w * 0.12, 0.04, 0.006])
      s.box(accent, [x, 0.06, d], [0.035, 0.06, 0.008])
    }
  }
  if (dice.chance(0.4))
    s.tube(
      dark,
      [
        [0, 0.5, 0],
        [0, 1.1, 0],
      ],
      0.006,
      { columns: 5 },
    )
  return s.thing('any', 'made')
}
