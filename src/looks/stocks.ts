import { randomAt, type Random } from '../random.ts'
import { between } from './grain.ts'
import type { Mark } from './mark.ts'

/** Paper to draw on: its colour, and what can be seen in it. */
export interface Stock {
  /** `#rrggbb` */
  readonly colour: string
  /** Marks in colours of their own all over an area, in canvas units. */
  grain(area: Area): Grain[]
}

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Grain = Mark & { readonly colour: string; readonly width: number }

/** The wires of a mould, and what holds them together, in canvas units apart. */
const [WIRES, CHAINS] = [2.4, 28]
/** Fibres to a square unit, and the most on any sheet. */
const FIBRES = { density: 1 / 75, most: 3000 }
const SEED = 29

export const STOCKS = {
  /** Smooth and white. */
  white: { colour: '#ffffff', grain: () => [] },
  /** Laid paper: the mould has left its wires in it. */
  cream: {
    colour: '#fbf7ec',
    grain: (area) => [
      { paths: ruled(area, WIRES, false), colour: '#b9a06a', width: 0.5, opacity: 0.13 },
      { paths: ruled(area, CHAINS, true), colour: '#b9a06a', width: 0.6, opacity: 0.2 },
    ],
  },
  /** Packing paper, with its fibres. */
  kraft: {
    colour: '#c9a97c',
    grain(area) {
      const random = randomAt(SEED, 1)
      const count = Math.min(FIBRES.most, Math.round(area.width * area.height * FIBRES.density))
      const some = (share: number, longest: number): number[][] =>
        Array.from({ length: Math.round(share * count) }, () => fibre(area, longest, random))
      return [
        { paths: some(0.5, 7), colour: '#6f4f28', width: 0.28, opacity: 0.3 },
        { paths: some(0.4, 5), colour: '#f0dcb8', width: 0.32, opacity: 0.4 },
        { paths: some(0.1, 1), colour: '#4d3416', width: 0.55, opacity: 0.35 },
      ]
    },
  },
} as const satisfies Record<string, Stock>

export type StockName = keyof typeof STOCKS
export const STOCK_NAMES = Object.keys(STOCKS) as [StockName, ...StockName[]]

const isStock = (name: string): name is StockName => Object.hasOwn(STOCKS, name)

/** A paper by its name, or a plain one by its colour. */
export function stockOf(nameOrColour: string): Stock {
  return isStock(nameOrColour) ? STOCKS[nameOrColour] : { colour: nameOrColour, grain: () => [] }
}

/** Straight lines across or down an area. */
function ruled({ x, y, width, height }: Area, apart: number, down: boolean): number[][] {
  const [along, across] = down ? [height, width] : [width, height]
  // Of a very large sheet, no more than can be told apart.
  const step = Math.max(apart, across / 1000)
  return Array.from({ length: Math.floor(across / step) + 1 }, (_, i) =>
    [0, 1 / 3, 2 / 3, 1].flatMap((t) => (down ? [x + i * step, y + t * along] : [x + t * along, y + i * step])),
  )
}

function fibre({ x, y, width, height }: Area, longest: number, random: Random): number[] {
  const at = [x + random() * width, y + random() * height] as const
  let direction = between(random, 0, 2 * Math.PI)
  const step = between(random, 0.3, 1) * (longest / 3)
  const points: number[] = [...at]
  for (let i = 0; i < 3; i++) {
    direction += between(random, -0.6, 0.6)
    points.push(points[2 * i]! + step * Math.cos(direction), points[2 * i + 1]! + step * Math.sin(direction))
  }
  return points
}
