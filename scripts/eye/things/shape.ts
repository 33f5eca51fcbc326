import { ball, box, flattened, moved, tube, type Mesh, type TubeShape } from '../mesh.ts'
import { soft, type Limb } from '../soft.ts'
import type { Matrix3, Vec3 } from '../vector.ts'

/**
 * What a part of a thing is made of. The numbers are those of the thing's materials.
 * Borders of `dark`, `light` and `accent` are features, such as eyes and mouths.
 */
export const SLOT = { main: 0, second: 1, third: 2, dark: 3, light: 4, accent: 5 } as const
export type Slot = (typeof SLOT)[keyof typeof SLOT]

export interface Part {
  mesh: Mesh
  slot: Slot
}

/** How a thing is usually looked at: it looks along x. */
export type View = 'side' | 'front' | 'any'
/** What a thing is made of. */
export type Look = 'person' | 'animal' | 'plant' | 'made'

/** A thing of size 1 (its longest side), standing on y = 0 around the y axis. */
export interface Thing {
  parts: Part[]
  view: View
  look: Look
  /** Whether it can hover, as birds and fish do. */
  hovers?: boolean
}

/** Parts put together. */
export class Shape {
  readonly parts: Part[] = []
  private limbs: Limb[] = []

  add(slot: Slot, mesh: Mesh): void {
    this.parts.push({ slot, mesh })
  }

  tube(slot: Slot, path: readonly Vec3[], radii: readonly number[] | number, shape?: TubeShape): void {
    this.add(slot, tube(path, typeof radii === 'number' ? path.map(() => radii) : radii, shape))
  }

  /** Limbs from point to point, to be grown together. */
  limb(path: readonly Vec3[], radii: readonly number[]): void {
    for (let i = 0; i + 1 < path.length; i++) {
      this.limbs.push({ from: path[i]!, to: path[i + 1]!, radii: [radii[i]!, radii[i + 1]!] })
    }
  }

  /** Grows all limbs so far into one body, `narrow` times as wide as it is tall. */
  grow(slot: Slot, blend: number, narrow = 1): void {
    const round = ([x, y, z]: Vec3): Vec3 => [x, y, z / narrow]
    const body = soft(
      this.limbs.map(({ from, to, radii }) => ({ from: round(from), to: round(to), radii })),
      blend,
    )
    this.limbs = []
    this.add(slot, flattened(body, narrow))
  }

  ball(slot: Slot, centre: Vec3, axes: Vec3 | number, turned?: Matrix3): void {
    const small = typeof axes === 'number' && axes < 0.04
    this.add(
      slot,
      ball(centre, typeof axes === 'number' ? [axes, axes, axes] : axes, turned, small ? 7 : 13, small ? 10 : 20),
    )
  }

  box(slot: Slot, centre: Vec3, half: Vec3, turned?: Matrix3): void {
    this.add(slot, box(centre, half, turned))
  }

  /** The thing, standing on y = 0 around the y axis, its longest side 1. */
  thing(view: View, look: Look, hovers = false): Thing {
    const [low, high] = bounds(this.parts)
    const size = Math.max(high[0] - low[0], high[1] - low[1], high[2] - low[2])
    const k = 1 / size
    const m: Matrix3 = [
      [k, 0, 0],
      [0, k, 0],
      [0, 0, k],
    ]
    const shift: Vec3 = [-k * 0.5 * (low[0] + high[0]), -k * low[1], -k * 0.5 * (low[2] + high[2])]
    return { view, look, hovers, parts: this.parts.map(({ mesh, slot }) => ({ slot, mesh: moved(mesh, shift, m) })) }
  }
}

/** The lowest and the highest coordinates. */
export function bounds(parts: readonly Part[]): [low: Vec3, high: Vec3] {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (const { mesh } of parts) {
    for (let i = 0; i < mesh.places.length; i++) {
      low[i % 3] = Math.min(low[i % 3]!, mesh.places[i]!)
      high[i % 3] = Math.max(high[i % 3]!, mesh.places[i]!)
    }
  }
  return [low as unknown as Vec3, high as unknown as Vec3]
}
