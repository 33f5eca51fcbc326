import type { Dice } from '../dice.ts'
import { leaf, moved } from '../mesh.ts'
import { add, after, mix, scale, turn, type Vec3 } from '../vector.ts'
import { Shape, SLOT, type Slot, type Thing } from './shape.ts'

const { main, second, third, dark, light } = SLOT

/** Towards an angle in the plane of the picture: 0 is ahead, positive is up. */
const towards = (angle: number, far: number, z = 0): Vec3 => [far * Math.cos(angle), far * Math.sin(angle), z]

const either = (dice: Dice, a: Slot, b: Slot): Slot => (dice.chance(0.6) ? a : b)

/** Anything on four legs: deer, dog, cow, cat, horse, bear, pig, giraffe; it stands, walks, sits, lies or grazes. */
export function beast(dice: Dice): Thing {
  const s = new Shape()
  const pose = dice.weighted([
    [6, 'stands'],
    [2, 'sits'],
    [1, 'lies'],
  ] as const)
  const girth = dice.between(0.11, 0.26)
  const tall = pose === 'lies' ? girth * 0.9 : girth + dice.between(0.12, 0.75)
  const narrow = dice.between(0.65, 0.95)
  const rise = pose === 'sits' ? dice.between(0.5, 0.95) : dice.normal(0.07)
  const hip: Vec3 = [-0.5 * Math.cos(rise), pose === 'sits' ? girth * 0.95 : tall, 0]
  const spine = (t: number, off = 0): Vec3 => add(hip, add(towards(rise, t), [0, off * girth, 0]))
  const belly = dice.between(-0.2, 0.15)
  s.limb(
    [spine(0, -0.1), spine(0.25), spine(0.5, belly), spine(0.75), spine(0.95, 0.15)],
    [0.7, 1, dice.between(0.75, 1.1), dice.between(0.9, 1.2), 0.7].map((k) => k * girth),
  )
  const shoulder = spine(0.9, 0.25)
  const headSize = girth * dice.between(0.45, 0.8)
  const graze = pose === 'stands' && dice.chance(0.15)
  const neckAngle = graze ? dice.between(-1.2, -0.6) : dice.between(0, 1.45)
  const neckLong = graze ? tall * 0.6 : dice.between(0.1, dice.chance(0.3) ? 0.9 : 0.4)
  const bow = dice.normal(0.06)
  const swing = dice.normal(0.12)
  const crown = add(shoulder, towards(neckAngle, neckLong, swing))
  const middle = add(add(shoulder, towards(neckAngle, neckLong / 2, swing / 3)), [bow, -bow, 0])
  s.limb(
    [spine(0.75), shoulder, middle, crown],
    [girth * 0.8, girth * dice.between(0.5, 0.75), headSize * dice.between(0.55, 0.9), headSize * 0.7],
  )
  head(dice, s, crown, headSize, graze ? dice.between(-1.5, -0.7) : dice.between(-1, 0.15), dice.normal(0.6))
  const legSize = girth * dice.between(0.1, 0.32)
  const foot = either(dice, dark, main)
  const sock = dice.chance(0.3) ? second : main
  for (const side of [-1, 1]) {
    const z = side * girth * narrow * 0.62
    const front = spine(0.82, -0.3)
    const back = spine(0.08, -0.2)
    if (pose === 'lies') {
      const reach = dice.between(0.15, 0.4)
      s.limb(
        [
          [front[0], front[1], z],
          [front[0] + 0.1, legSize * 1.5, z * 1.3],
          [front[0] + reach, legSize, z * 1.2],
        ],
        [girth * 0.35, legSize * 1.3, legSize],
      )
      s.tube(
        main,
        [
          [back[0], back[1], z],
          [back[0] + 0.3, girth * 0.7, z * 1.5],
          [back[0] + 0.1, legSize, z * 1.6],
          [back[0] + 0.3, legSize, z * 1.6],
        ],
        [girth * 0.7, girth * 0.45, legSize, legSize],
      )
      continue
    }
    const stride = pose === 'stands' ? dice.normal(0.12) : dice.normal(0.03)
    leg(dice, s, [front[0], front[1], z], stride, girth * 0.42, legSize, foot, sock, 0.06)
    if (pose === 'sits') {
      s.limb(
        [
          [back[0] + girth * 0.2, girth * 0.7, z],
          [back[0] + girth, girth * 0.6, z * 1.4],
        ],
        [girth * 0.7, girth * 0.5],
      )
      s.tube(
        main,
        [
          [back[0] + girth * 0.6, legSize, z * 1.3],
          [back[0] + girth * 1.9, legSize, z * 1.3],
        ],
        legSize * 1.2,
      )
    } else leg(dice, s, [back[0], back[1], z], dice.normal(0.14), girth * 0.6, legSize, foot, sock, -0.09)
  }
  s.grow(main, girth * dice.between(0.15, 0.5), narrow)
  if (dice.chance(0.85)) tail(dice, s, spine(-0.08, 0.3), girth)
  if (dice.chance(0.2))
    s.ball(second, spine(0.45, -0.15), [0.3, girth * 0.95, girth * narrow * 1.01], turn([0, 0, 1], rise))
  return s.thing('side', 'animal')
}

function leg(
  dice: Dice,
  s: Shape,
  from: Vec3,
  stride: number,
  thick: number,
  thin: number,
  foot: Slot,
  sock: Slot,
  bend: number,
): void {
  const knee: Vec3 = [from[0] + stride * 0.4 + bend, from[1] * dice.between(0.42, 0.55), from[2]]
  const ankle: Vec3 = [from[0] + stride, Math.max(thin, from[1] * 0.06), from[2]]
  s.limb([from, mix(from, knee, 0.6)], [thick, thick * 0.25 + thin])
  s.tube(main, [from, mix(from, knee, 0.6), knee], [thick * 0.8, thick * 0.25 + thin * 0.98, thin * 1.25], {
    steps: 4,
    columns: 10,
  })
  s.tube(
    sock,
    [knee, add(scale(knee, 0.5), add(scale(ankle, 0.5), [-bend * 0.7, 0, 0])), ankle],
    [thin * 1.2, thin * 0.85, thin],
    { columns: 10 },
  )
  s.ball(foot, [ankle[0] + thin * 0.6, thin * 0.7, ankle[2]], [thin * dice.between(1.2, 1.9), thin * 0.8, thin * 1.2])
}

/** A head that looks along an angle, turned towards the viewer by `look`. */
function head(dice: Dice, s: Shape, at: Vec3, size: number, angle: number, look: number): void {
  const m = after(turn([0, 1, 0], -look), turn([0, 0, 1], angle))
  const place = (x: number, y: number, z: number): Vec3 => {
    const [a, b, c] = m
    const v: Vec3 = [x * size, y * size, z * size]
    const by = (r: Vec3): number => r[0] * v[0] + r[1] * v[1] + r[2] * v[2]
    return add(at, [by(a), by(b), by(c)])
  }
  const face = either(dice, main, second)
  s.ball(main, at, [size * dice.between(1, 1.25), size, size * dice.between(0.8, 1)], m)
  const long = dice.between(0.9, 2.4)
  const slim = dice.between(0.3, 0.65)
  s.tube(face, [place(0.3, -0.1, 0), place(long, -0.25, 0)], [size * 0.75, size * slim], { steps: 4, columns: 14 })
  s.ball(dark, place(long + slim * 0.8, -0.15, 0), [size * 0.2, size * 0.16, size * slim * 0.6], m)
  if (dice.chance(0.6)) {
    const open = dice.between(0.1, 0.4)
    for (const side of [-1, 1]) {
      s.tube(
        dark,
        [
          place(long + slim * 0.7, -0.45, 0),
          place(long * 0.6, -0.5, side * slim * 1.02),
          place(0.5, -0.35, side * 0.75),
        ],
        size * 0.035 * (1 + open),
      )
    }
  }
  const eye = size * dice.between(0.1, 0.2)
  const rim = dice.chance(0.3)
  for (const side of [-1, 1]) {
    const socket = place(0.55, dice.between(0.2, 0.3), side * 0.68)
    if (rim) s.ball(light, socket, eye * 1.5)
    s.ball(dark, rim ? place(0.62, 0.27, side * 0.76) : socket, eye)
  }
  ears(dice, s, place, size, m)
  if (dice.chance(0.35)) horns(dice, s, place, size)
}

type Place = (x: number, y: number, z: number) => Vec3

function ears(dice: Dice, s: Shape, place: Place, size: number, m: ReturnType<typeof turn>): void {
  const kind = dice.pick(['pointed', 'round', 'hanging', 'long', 'none'] as const)
  if (kind === 'none') return
  const slot = either(dice, main, third)
  for (const side of [-1, 1]) {
    const root = place(-0.2, 0.7, side * 0.55)
    if (kind === 'round') s.ball(slot, place(-0.2, 0.85, side * 0.75), [size * 0.15, size * 0.42, size * 0.4], m)
    else if (kind === 'hanging')
      s.ball(slot, place(-0.1, 0.05, side * 1.0), [size * 0.4, size * dice.between(0.6, 0.9), size * 0.12], m)
    else {
      const far = kind === 'long' ? dice.between(1.2, 2.4) : dice.between(0.6, 1.1)
      const tip = place(-0.2 - far * dice.between(0, 0.5), 0.7 + far * 0.9, side * (0.55 + far * 0.35))
      s.tube(slot, [root, add(scale(root, 0.5), scale(tip, 0.5)), tip], [size * 0.24, size * 0.3, size * 0.03], {
        width: 0.5,
        side: [1, 0, 0],
        columns: 9,
      })
    }
  }
}

function horns(dice: Dice, s: Shape, place: Place, size: number): void {
  const long = dice.between(0.7, 3)
  const thick = size * dice.between(0.05, 0.13)
  const out = dice.between(0.2, 1)
  const curl = dice.normal(0.8)
  const branches = dice.chance(0.5) ? dice.whole(1, 3) : 0
  for (const side of [-1, 1]) {
    const at = (t: number): Vec3 =>
      place(
        -0.1 - long * (0.3 * t + curl * 0.25 * t * t),
        0.75 + long * (t - 0.2 * t * t),
        side * (0.4 + long * out * (0.6 * t - 0.2 * t * t)),
      )
    s.tube(third, [at(0), at(0.33), at(0.66), at(1)], [thick, thick * 0.9, thick * 0.7, thick * 0.3], { columns: 8 })
    for (let b = 0; b < branches; b++) {
      const from = at((b + 1) / (branches + 1))
      s.tube(
        third,
        [from, add(from, [size * long * dice.between(0.05, 0.3), size * long * 0.3, side * size * 0.1])],
        [thick * 0.6, thick * 0.25],
        { columns: 7 },
      )
    }
  }
}

function tail(dice: Dice, s: Shape, from: Vec3, girth: number): void {
  const long = dice.between(0.15, 0.7)
  let angle = dice.between(1.8, 4.4)
  const curl = dice.normal(0.5)
  const path: Vec3[] = [from]
  for (let i = 0; i < 4; i++) {
    path.push(add(path[i]!, towards(angle, long / 4, dice.normal(0.02))))
    angle += curl
  }
  const bushy = dice.chance(0.3)
  const r = girth * dice.between(0.08, 0.2)
  s.tube(
    either(dice, main, second),
    path,
    bushy ? [r, r * 2, r * 2.8, r * 2.5, r * 0.6] : [r * 1.4, r, r * 0.8, r * 0.7, r * 0.5],
    { columns: 9 },
  )
  if (!bushy && dice.chance(0.3)) s.ball(second, path[4]!, [r * 1.6, r * 2.2, r * 1.5])
}

/** A bird that stands, swims, sits or flies. */
export function bird(dice: Dice): Thing {
  const s = new Shape()
  const flies = dice.chance(0.2)
  const [long, fat] = [dice.between(0.2, 0.32), dice.between(0.1, 0.19)]
  const lean = flies ? dice.normal(0.2) : dice.between(-0.2, dice.chance(0.25) ? 1.4 : 0.7)
  const at = (x: number, y: number, z = 0): Vec3 =>
    add(add(towards(lean, x * long), towards(lean + Math.PI / 2, y * fat)), [0, 0, z * fat])
  s.tube(
    main,
    [at(-0.9, -0.05), at(-0.4, 0), at(0.2, -0.05), at(0.85, 0.25)],
    [fat * 0.45, fat * 0.9, fat, fat * 0.55],
    { columns: 18, width: 0.9, side: [0, 0, 1] },
  )
  if (dice.chance(0.6)) s.ball(second, at(0.25, -0.25), [long * 0.7, fat * 0.85, fat * 0.87], turn([0, 0, 1], lean))
  const size = fat * dice.between(0.45, 0.75)
  const neck = dice.chance(0.35) ? dice.between(0.15, 0.5) : dice.between(0, 0.08)
  const bend = dice.normal(0.5)
  const root = at(0.8, 0.3)
  const crown = add(root, flies ? towards(lean + 0.2, neck + size) : towards(1.2 + bend * 0.3, neck + size * 0.5))
  const middle = add(scale(add(root, crown), 0.5), [bend * neck * 0.6, 0, 0])
  s.tube(
    main,
    [at(0.5, 0.2), root, middle, crown],
    [fat * 0.7, size * 0.8, size * (neck > 0.1 ? 0.5 : 0.8), size * 0.8],
    { columns: 14 },
  )
  s.ball(either(dice, main, third), crown, [size * 1.1, size, size * 0.92])
  const drop = dice.between(-0.5, 0.15)
  const beak = size * dice.between(0.8, dice.chance(0.3) ? 4 : 1.8)
  const hook = dice.between(-0.4, 0.1)
  const tip = add(crown, towards(drop, size * 0.7 + beak))
  s.tube(
    dice.pick([third, dark, light]),
    [
      add(crown, towards(drop * 0.5, size * 0.75)),
      add(crown, towards(drop + 0.1, size * 0.7 + beak * 0.5)),
      add(tip, [0, hook * size, 0]),
    ],
    [size * dice.between(0.2, 0.4), size * 0.2, size * 0.03],
    { columns: 9 },
  )
  const eye = size * dice.between(0.13, 0.24)
  for (const side of [-1, 1]) {
    if (dice.chance(0.4)) s.ball(light, add(crown, [size * 0.4, size * 0.15, side * size * 0.72]), eye * 1.5)
    s.ball(dark, add(crown, [size * 0.45, size * 0.16, side * size * 0.8]), eye)
  }
  if (dice.chance(0.2)) {
    for (let i = 0; i < 4; i++)
      s.tube(
        third,
        [
          add(crown, [-size * 0.2 * i, size * 0.8, 0]),
          add(crown, towards(1.7 + 0.3 * i, size * dice.between(1.5, 2.4))),
        ],
        [size * 0.15, size * 0.04],
        { columns: 7 },
      )
  }
  const fan = dice.between(0.2, 1)
  const tailLong = long * dice.between(0.5, 1.7)
  for (let i = -2; i <= 2; i++) {
    const feather = leaf(tailLong, fat * 0.25, 0.02, 0.1, 0.6)
    s.add(
      either(dice, main, second),
      moved(
        feather,
        at(-0.75, 0.05, 0.1 * i),
        after(
          turn([0, 0, 1], lean + dice.normal(0.04) + 0.1),
          after(turn([0, 1, 0], Math.PI + i * fan * 0.25), turn([1, 0, 0], 1.3)),
        ),
      ),
    )
  }
  if (flies) {
    const up = dice.between(-0.6, 0.9)
    const span = dice.between(0.5, 1.1)
    for (const side of [-1, 1]) {
      const tilt = after(turn([1, 0, 0], -side * (up + dice.normal(0.15))), turn([0, 1, 0], (side * -Math.PI) / 2))
      for (let i = 0; i < 9; i++) {
        const feather = leaf(span * (1 - 0.045 * i), 0.055, dice.normal(0.04), 0.05, 0.6)
        s.add(
          i > 5 ? second : main,
          moved(feather, at(0.45 - 0.11 * i, 0.2, side * 0.5), after(tilt, turn([0, 1, 0], side * (0.1 * i - 0.1)))),
        )
      }
    }
    return s.thing('any', 'animal', true)
  }
  for (const side of [-1, 1]) {
    const wing = after(turn([0, 0, 1], lean + dice.normal(0.08)), turn([0, 1, 0], 0.1 * side))
    s.ball(
      either(dice, second, main),
      at(-0.15, 0.12, side * 0.55),
      [long * dice.between(0.75, 1), fat * 0.62, fat * 0.42],
      wing,
    )
    for (let i = 0; i < 3; i++)
      s.add(
        second,
        moved(
          leaf(long * 0.9, fat * 0.18, 0, 0.1, 0.7),
          at(-0.55, 0.2 - 0.2 * i, side * 0.75),
          after(turn([0, 0, 1], lean + 0.1 * i), turn([0, 1, 0], Math.PI)),
        ),
      )
  }
  if (dice.chance(0.85)) {
    const low = at(-0.1, -0.8)
    const tall = dice.between(0.06, dice.chance(0.4) ? 0.6 : 0.2)
    const r = dice.between(0.006, 0.016)
    const slot = dice.pick([third, dark, second] as const)
    const one = dice.chance(0.12)
    for (const side of one ? [1] : [-1, 1]) {
      const hip = add(low, [0, 0, side * fat * 0.4])
      const foot: Vec3 = [hip[0] + dice.normal(0.05), low[1] - tall, hip[2]]
      const knee: Vec3 = [(hip[0] + foot[0]) / 2 - dice.between(0, 0.04), (hip[1] + foot[1]) / 2, hip[2]]
      s.tube(slot, [hip, knee, foot], [r * 1.6, r * 1.1, r], { columns: 7 })
      for (const toe of [-0.5, 0, 0.5, 3.1])
        s.tube(slot, [foot, add(foot, [0.06 * Math.cos(toe), -0.004, 0.06 * Math.sin(toe)])], [r, r * 0.6], {
          columns: 6,
        })
    }
  }
  return s.thing('side', 'animal')
}

export function fish(dice: Dice): Thing {
  const s = new Shape()
  const [tall, slim, wave] = [dice.between(0.1, 0.28), dice.between(0.3, 0.6), dice.normal(0.08)]
  const at = (x: number, y = 0, z = 0): Vec3 => [x, y * tall, z * tall * slim + wave * Math.sin(4 * x)]
  s.tube(
    main,
    [at(-0.45), at(-0.2), at(0.1), at(0.35), at(0.48)],
    [tall * 0.2, tall * 0.7, tall, tall * 0.75, tall * 0.3],
    { columns: 18, width: slim, side: [0, 0, 1] },
  )
  const fin = (from: Vec3, long: number, wide: number, angle: number, out = 0): void => {
    s.add(
      dice.pick([second, second, third]),
      moved(
        leaf(long, wide, dice.normal(0.1), 0, 0.7),
        from,
        after(turn([0, 0, 1], angle), after(turn([0, 1, 0], out), turn([1, 0, 0], Math.PI / 2))),
      ),
    )
  }
  const spread = dice.between(0.3, 0.8)
  for (const k of [-1, 1]) fin(at(-0.42), dice.between(0.15, 0.35), tall * 0.4, Math.PI + k * spread)
  fin(at(0.15, 0.85), dice.between(0.2, 0.45), tall * dice.between(0.3, 0.8), Math.PI - 0.35)
  fin(at(-0.05, -0.85), dice.between(0.1, 0.25), tall * 0.3, Math.PI + 0.6)
  for (const side of [-1, 1]) {
    fin(at(0.18, -0.3, side * 0.9), 0.16, tall * 0.3, Math.PI + 0.5, side * 0.5)
    s.ball(light, at(0.38, 0.22, side * 0.72), tall * 0.15)
    s.ball(dark, at(0.39, 0.22, side * 0.82), tall * 0.1)
    s.tube(dark, [at(0.24, 0.6, side * 0.75), at(0.2, 0, side * 0.98), at(0.25, -0.6, side * 0.75)], tall * 0.025)
  }
  s.tube(dark, [at(0.5, -0.25, -0.3), at(0.53, -0.15, 0), at(0.5, -0.25, 0.3)], tall * 0.04)
  return s.thing('side', 'animal', true)
}

export function snake(dice: Dice): Thing {
  const s = new Shape()
  const r = dice.between(0.02, 0.06)
  const lying = dice.chance(0.6)
  let [angle, turning] = [dice.between(0, 6.28), dice.normal(0.5)]
  const path: Vec3[] = [[0, r, 0]]
  const count = dice.whole(7, 14)
  for (let i = 0; i < count; i++) {
    const last = path[i]!
    path.push(
      lying
        ? add(last, [0.1 * Math.cos(angle), dice.between(0, 0.005), 0.1 * Math.sin(angle)])
        : add(last, towards(angle, 0.1, 0.02)),
    )
    angle += turning
    turning = Math.min(Math.max(turning + dice.normal(0.25), -0.8), 0.8)
  }
  s.tube(
    main,
    path,
    path.map((_, i) => r * Math.min(1, 0.25 + i / 4)),
    { columns: 12, steps: 5 },
  )
  const [neck, end] = [path[count - 1]!, path[count]!]
  const m = turn(lying ? [0, -1, 0] : [0, 0, 1], angle)
  s.ball(
    either(dice, main, second),
    add(end, scale([end[0] - neck[0], end[1] - neck[1], end[2] - neck[2]], 0.3)),
    [r * 1.8, r * 0.95, r * 1.3],
    m,
  )
  for (const side of [-1, 1]) s.ball(dark, add(end, [0, r * 0.6, side * r]), r * 0.25)
  return s.thing('any', 'animal')
}

/** Beetle, spider, butterfly, dragonfly. */
export function insect(dice: Dice): Thing {
  const s = new Shape()
  const r = dice.between(0.05, 0.14)
  const lift = dice.between(1, 2.5) * r
  const bodies = dice.whole(2, 3)
  for (let i = 0; i < bodies; i++)
    s.ball(
      i === 1 ? second : main,
      [0.16 - i * r * 1.9, lift, 0],
      [r * (i === 1 ? 1 : 1.3), r * (i === 0 ? 0.75 : 1), r * (i === 0 ? 0.75 : 1)],
    )
  for (const side of [-1, 1]) s.ball(dark, [0.16 + r, lift + r * 0.3, side * r * 0.5], r * 0.25)
  const legs = dice.whole(3, 4)
  const thin = dice.between(0.006, 0.015)
  const far = dice.between(0.2, 0.5)
  for (let i = 0; i < legs; i++) {
    const a = dice.normal(0.1) + 1.4 * (i / (legs - 1) - 0.5) * 1.6
    for (const side of [-1, 1]) {
      const out = (t: number, y: number): Vec3 => [
        0.05 - i * r * 0.4 + Math.sin(a) * -far * t,
        y,
        side * Math.cos(a) * far * t,
      ]
      s.tube(
        third,
        [out(0.1, lift), out(0.55, lift * dice.between(1.3, 2.2)), out(0.85, lift * 0.5), out(1, 0)],
        [thin * 1.2, thin, thin, thin * 0.6],
        { columns: 6 },
      )
    }
  }
  for (const side of [-1, 1])
    s.tube(
      third,
      [
        [0.2 + r, lift + r * 0.4, side * r * 0.3],
        [0.3 + r, lift + r * 1.4, side * r * 0.9],
        [0.42 + r, lift + r * 1.2, side * r * 1.6],
      ],
      thin * 0.7,
      { columns: 6 },
    )
  if (dice.chance(0.5)) {
    const [span, wide, up] = [dice.between(0.25, 0.6), dice.between(0.05, 0.2), dice.between(0, 1.2)]
    for (const side of [-1, 1]) {
      for (const k of [0, 1]) {
        const m = after(turn([1, 0, 0], -side * up), turn([0, 1, 0], side * (-1.57 + (k ? -0.5 : 0.3))))
        s.add(
          k ? second : main,
          moved(leaf(span * (k ? 0.8 : 1), wide, 0, 0, 0.9), [0.05 - 0.05 * k, lift + r * 0.8, side * r * 0.3], m),
        )
      }
    }
  }
  return s.thing('any', 'animal')
}
