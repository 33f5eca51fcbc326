import type { Patches } from './patches.ts'

/** Patches that belong together, more closely than to anything around them. */
export interface Region {
  patches: number[]
  /** Share of the photo. */
  share: number
  /** How much further its surroundings are from it than its parts are from each other: what tells a thing from a piece of one. */
  persistence: number
}

/** What is smaller or larger than this share of the photo is no proposal. */
const LEAST = 0.003
const MOST = 0.8
/** Less persistence than this (CIELAB) is a piece of something even, or of its rim. */
const STANDS_OUT = 2

interface Node {
  patches: number[]
  size: number
  colour: [number, number, number]
  born: number
  gone?: number
}

/**
 * Regions of a photo as its patches are merged step by step, always the two neighbours that differ least
 * (the idea of Uijlings et al. 2013, "Selective search"): in colour, and in size so that crumbs go first. The most persistent
 * first.
 */
export function regionsIn(patches: Patches): Region[] {
  const nodes = patches.sizes.reduce<Node[]>((all, size, k) => {
    const [L, a, b] = patches.means.subarray(5 * k, 5 * k + 3) as unknown as [number, number, number]
    all.push({ patches: [k], size, colour: [L, a, b], born: 0 })
    return all
  }, [])
  const total = patches.label.length
  const near = neighbours(patches)
  const alive = new Set(nodes.keys())
  const all = [...nodes]
  const live = new Map<number, Set<number>>(nodes.map((_, k) => [k, near[k]!]))
  for (let level = 0; alive.size > 1;) {
    let best: [number, number] | undefined
    let least = Infinity
    for (const [a, others] of live) {
      for (const b of others) {
        if (b <= a) continue
        const cost = apart(all[a]!, all[b]!, total)
        if (cost < least) [least, best] = [cost, [a, b]]
      }
    }
    if (!best) break
    // A merge costs no less than those before it, so that what lasts longer stands out more.
    level = Math.max(level, least)
    const [a, b] = best
    const made = all.length
    all.push(merged(all[a]!, all[b]!, level))
    all[a]!.gone = all[b]!.gone = level
    const around = new Set([...live.get(a)!, ...live.get(b)!])
    around.delete(a)
    around.delete(b)
    for (const old of [a, b]) {
      alive.delete(old)
      live.delete(old)
    }
    for (const other of around) {
      const theirs = live.get(other)!
      theirs.delete(a)
      theirs.delete(b)
      theirs.add(made)
    }
    live.set(made, around)
    alive.add(made)
  }
  return all
    .map(({ patches: own, size, born, gone = Infinity }) => ({
      patches: own,
      share: size / total,
      persistence: Math.min(gone, 1000) - born,
    }))
    .filter(({ share, persistence }) => share >= LEAST && share <= MOST && persistence >= STANDS_OUT)
    .sort((a, b) => b.persistence - a.persistence)
}

/** The difference of colours, less where one of the two is small. */
function apart(a: Node, b: Node, total: number): number {
  const colour = Math.hypot(a.colour[0] - b.colour[0], a.colour[1] - b.colour[1], a.colour[2] - b.colour[2])
  const smaller = Math.min(a.size, b.size) / total
  return colour * Math.min(1, 0.15 + Math.sqrt(smaller * 20))
}

function merged(a: Node, b: Node, born: number): Node {
  const size = a.size + b.size
  const mean = (c: 0 | 1 | 2): number => (a.size * a.colour[c] + b.size * b.colour[c]) / Math.max(1, size)
  return { patches: [...a.patches, ...b.patches], size, colour: [mean(0), mean(1), mean(2)], born }
}

/** Which patches touch. */
function neighbours({ label, count, lab: { width } }: Patches): Set<number>[] {
  const near = Array.from({ length: count }, () => new Set<number>())
  label.forEach((k, i) => {
    const others = [
      ...(i % width < width - 1 ? [label[i + 1]!] : []),
      ...(i + width < label.length ? [label[i + width]!] : []),
    ]
    for (const other of others) {
      if (other === k) continue
      near[k]!.add(other)
      near[other]!.add(k)
    }
  })
  return near
}

/** 1 on the pixels of a region. */
export function pixelsOf({ patches: own }: Region, { label }: Patches): Float32Array {
  const inside = new Set(own)
  return Float32Array.from(label, (k) => Number(inside.has(k)))
}
