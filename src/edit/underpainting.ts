import { renderStrokes } from '../raster/raster.ts'
import type { Random } from '../random.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { tensor, type Tensor } from '../tensor.ts'

/** Layers of paint: up to which share of the strokes each goes, and how wide its brush is next to that of the first. */
const LAYERS = [
  { upTo: 0.15, width: 1 },
  { upTo: 0.45, width: 0.5 },
  { upTo: 1, width: 0.22 },
] as const
/** How much of the picture the first layer would cover if no stroke lay on another. */
const COVERED = 1.6
/** How long a stroke is, in widths. */
const LONG = 4
/** How steep lightness must be for there to be a line, and how far a stroke bends towards it at each step. */
const STEEP = 0.02
const BENDING = 0.4
/** No brush is finer than that, in pixels. */
const FINEST = 1.2
/** Places that each stroke may be put at: the worst of so many are painted over. */
const CHOICE = 4
const OPACITY = 0.92

/** A painting: strokes of one cubic each, and the paper that they lie on. */
export interface Painting {
  strokes: Strokes
  paper: [red: number, green: number, blue: number]
}

/**
 * A picture [3, h, w] in `count` strokes of its own colours, along its lines: wide ones that cover it first, then finer
 * ones where it is not yet like the picture (Hertzmann 1998). One unit is one pixel.
 */
export function underpainting(picture: Tensor, count: number, random: Random): Painting {
  const [, height, width] = picture.shape as [number, number, number]
  const paper = meanColour(picture)
  const first = Math.max(1, Math.round(LAYERS[0].upTo * count))
  const widest = Math.max(FINEST, Math.sqrt((COVERED * width * height) / (LONG * first)))
  let strokes: Strokes = { ...EMPTY, width, height }
  for (const layer of LAYERS) {
    const wanted = Math.max(1, Math.round(layer.upTo * count)) - strokes.widths.length
    const brush = Math.max(FINEST, layer.width * widest)
    if (wanted > 0) strokes = withLayer(strokes, paper, picture, { wanted, brush, random })
  }
  return { strokes, paper }
}

const EMPTY = { points: new Float32Array(), widths: new Float32Array(), colors: new Float32Array() }

function withLayer(
  strokes: Strokes,
  paper: Painting['paper'],
  picture: Tensor,
  { wanted, brush, random }: { wanted: number; brush: number; random: Random },
): Strokes {
  const [, height, width] = picture.shape as [number, number, number]
  const seen = blurred(picture, Math.max(1, Math.round(brush / 2)))
  const lines = linesOf(seen)
  const painted = renderStrokes(strokes, paper).output
  const apart = (i: number): number =>
    [0, 1, 2].reduce(
      (sum, c) => sum + (seen.data[c * width * height + i]! - painted.data[c * width * height + i]!) ** 2,
      0,
    )
  const cell = Math.sqrt((width * height) / (CHOICE * wanted))
  const places: { x: number; y: number; worth: number }[] = []
  for (let top = 0; top < height; top += cell) {
    for (let left = 0; left < width; left += cell) {
      const x = Math.min(width - 1, left + cell * random())
      const y = Math.min(height - 1, top + cell * random())
      places.push({ x, y, worth: apart(Math.floor(y) * width + Math.floor(x)) })
    }
  }
  // Before anything is painted every place is as good: they are spread by chance, and later ones by need.
  const order = strokes.widths.length === 0 ? spread(places, random) : places.sort((a, b) => b.worth - a.worth)
  const chosen = Array.from({ length: wanted }, (_, i) => order[i % order.length]!)
  const points = chosen.map(({ x, y }) => along(lines, x, y, LONG * brush))
  const colours = chosen.map(({ x, y }) => {
    const i = Math.floor(y) * width + Math.floor(x)
    return [0, 1, 2].map((c) => seen.data[c * width * height + i]!).concat(OPACITY)
  })
  return {
    ...strokes,
    points: Float32Array.of(...strokes.points, ...points.flat()),
    widths: Float32Array.of(...strokes.widths, ...chosen.map(() => brush)),
    colors: Float32Array.of(...strokes.colors!, ...colours.flat()),
  }
}

/** Every so-manieth of them, in any order: so they lie all over. */
function spread<Place>(places: Place[], random: Random): Place[] {
  const every = places.filter((_, i) => i % CHOICE === 0)
  const others = places.filter((_, i) => i % CHOICE !== 0)
  const order = every.map((place) => ({ place, turn: random() })).sort((a, b) => a.turn - b.turn)
  return [...order.map(({ place }) => place), ...others]
}

/** Which way the lines of a picture run at each pixel: at right angles to where its lightness changes. */
interface Lines {
  across: Float32Array
  down: Float32Array
  width: number
  height: number
}

function linesOf({ data, shape }: Tensor): Lines {
  const [, height, width] = shape as [number, number, number]
  const plane = width * height
  const light = (x: number, y: number): number => {
    const i = Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))
    return 0.299 * data[i]! + 0.587 * data[plane + i]! + 0.114 * data[2 * plane + i]!
  }
  const [across, down] = [new Float32Array(plane), new Float32Array(plane)]
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      across[i] = -(light(x, y + 1) - light(x, y - 1))
      down[i] = light(x + 1, y) - light(x - 1, y)
    }
  }
  return { across, down, width, height }
}

type Place = readonly [x: number, y: number]

/** A cubic through four places of a way of that length along the lines, with x, y in its middle: its control points. */
function along(lines: Lines, x: number, y: number, length: number): number[] {
  const [back, on] = [walked(lines, [x, y], length / 6, -1), walked(lines, [x, y], length / 6, 1)]
  const [a, b, c, d] = [back[2]!, back[0]!, on[0]!, on[2]!]
  const after = (p: number, q: number, r: number, s: number): number => (-5 * p + 18 * q - 9 * r + 2 * s) / 6
  const control = (p: Place, q: Place, r: Place, s: Place): Place => [
    after(p[0], q[0], r[0], s[0]),
    after(p[1], q[1], r[1], s[1]),
  ]
  return [...a, ...control(a, b, c, d), ...control(d, c, b, a), ...d]
}

/** Three steps along the lines, one way or the other; straight on where there are none. */
function walked({ across, down, width, height }: Lines, from: Place, step: number, sign: number): Place[] {
  const way: Place[] = []
  let [x, y] = from
  let heading: Place | undefined
  for (let i = 0; i < 3; i++) {
    const column = Math.floor(Math.min(width - 1, Math.max(0, x)))
    const pixel = Math.floor(Math.min(height - 1, Math.max(0, y))) * width + column
    const [along, size] = [[across[pixel]!, down[pixel]!] as const, Math.hypot(across[pixel]!, down[pixel]!)]
    if (size > STEEP) {
      const facing = heading ? Math.sign(along[0] * heading[0] + along[1] * heading[1]) || 1 : sign
      const towards: Place = [(facing * along[0]) / size, (facing * along[1]) / size]
      heading = heading ? between(heading, towards) : towards
    }
    heading ??= [sign, 0]
    ;[x, y] = [x + step * heading[0], y + step * heading[1]]
    way.push([x, y])
  }
  return way
}

/** A heading, bent towards another. */
function between(a: Place, b: Place): Place {
  const bent = [0, 1].map((k) => (1 - BENDING) * a[k]! + BENDING * b[k]!)
  const size = Math.hypot(...bent)
  return [bent[0]! / size, bent[1]! / size]
}

function meanColour({ data }: Tensor): Painting['paper'] {
  const plane = data.length / 3
  const mean = (c: number): number => data.subarray(c * plane, (c + 1) * plane).reduce((sum, v) => sum + v, 0) / plane
  return [mean(0), mean(1), mean(2)]
}

/** The mean of a square around each pixel, as far as it is in the picture. */
function blurred({ data, shape }: Tensor, reach: number): Tensor {
  const [planes, height, width] = shape as [number, number, number]
  const rows = meansAlong(data, planes * height, width, width, 1, reach)
  const output = tensor(shape)
  for (let c = 0; c < planes; c++) {
    const plane = rows.subarray(c * width * height, (c + 1) * width * height)
    output.data.set(meansAlong(plane, width, height, 1, width, reach), c * width * height)
  }
  return output
}

function meansAlong(
  data: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
  reach: number,
): Float32Array {
  const output = new Float32Array(data.length)
  for (let line = 0; line < lines; line++) {
    const at = (i: number): number => line * lineStep + i * step
    let [sum, count] = [0, 0]
    for (let i = 0; i < Math.min(length, reach); i++, count++) sum += data[at(i)]!
    for (let i = 0; i < length; i++) {
      if (i + reach < length) [sum, count] = [sum + data[at(i + reach)]!, count + 1]
      if (i - reach - 1 >= 0) [sum, count] = [sum - data[at(i - reach - 1)]!, count - 1]
      output[at(i)] = sum / count
    }
  }
  return output
}
