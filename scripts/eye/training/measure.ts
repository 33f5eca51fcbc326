import type { Scene } from '../shards.ts'

/** What a net says of a picture of side²: 0…1. */
export interface Seen {
  lines: Float32Array
  figure: Float32Array
}

export interface Measures {
  /** Of lines, at the threshold that is best for all scenes together, where `f` is the harmonic mean of the others. */
  f: number
  precision: number
  recall: number
  threshold: number
  /** Intersection over union of the figure at .5: the mean over scenes that have one. */
  overlap: number
}

/** A line is found when it is said within so many pixels, .0075 of the diagonal at 224², as is usual (Martin et al. 2004). */
const TOLERANCE = 2.4
/** Labels of at least so much are lines that are wanted; lower ones down to `OPTIONAL` may be drawn or not. */
const WANTED = 0.45
const OPTIONAL = 0.1
const THRESHOLDS = Array.from({ length: 18 }, (_, i) => 0.05 * (i + 1))
/** Figures of fewer pixels are no figures. */
const SMALLEST = 40

/** Holds what was seen to the labels of the scenes. */
export class Measurement {
  private readonly counts = THRESHOLDS.map(() => ({ said: 0, right: 0, wanted: 0, found: 0 }))
  private readonly overlaps: number[] = []

  add(scene: Scene, { lines, figure }: Seen): void {
    const { side } = scene
    const wanted = scene.lines.map((label) => Number(label >= WANTED * 255))
    const allowed = near(
      scene.lines.map((label) => Number(label >= OPTIONAL * 255)),
      side,
    )
    const ridges = crests(lines, side)
    THRESHOLDS.forEach((threshold, i) => {
      const said = Uint8Array.from(ridges, (height) => Number(height >= threshold))
      const reached = near(said, side)
      const count = this.counts[i]!
      for (let at = 0; at < said.length; at++) {
        count.said += said[at]!
        count.right += said[at]! & allowed[at]!
        count.wanted += wanted[at]!
        count.found += wanted[at]! & reached[at]!
      }
    })
    let [both, either, real] = [0, 0, 0]
    for (let at = 0; at < figure.length; at++) {
      const [is, seen] = [scene.figure[at]! > 127, figure[at]! > 0.5]
      both += Number(is && seen)
      either += Number(is || seen)
      real += Number(is)
    }
    if (real >= SMALLEST) this.overlaps.push(both / either)
  }

  result(): Measures {
    const all = this.counts.map(({ said, right, wanted, found }, i) => {
      const [precision, recall] = [right / Math.max(said, 1), found / Math.max(wanted, 1)]
      return {
        f: (2 * precision * recall) / Math.max(precision + recall, 1e-9),
        precision,
        recall,
        threshold: THRESHOLDS[i]!,
      }
    })
    const best = all.reduce((a, b) => (b.f > a.f ? b : a))
    return {
      ...best,
      overlap: this.overlaps.reduce((sum, overlap) => sum + overlap, 0) / Math.max(this.overlaps.length, 1),
    }
  }
}

/** The pixels within the tolerance of a pixel of the set. */
function near(set: Uint8Array, side: number): Uint8Array {
  const result = new Uint8Array(set.length)
  const reach = Math.floor(TOLERANCE)
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      if (!set[at]) continue
      for (let dy = Math.max(-reach, -y); dy <= Math.min(reach, side - 1 - y); dy++) {
        for (let dx = Math.max(-reach, -x); dx <= Math.min(reach, side - 1 - x); dx++) {
          if (dx * dx + dy * dy <= TOLERANCE ** 2) result[at + dy * side + dx] = 1
        }
      }
    }
  }
  return result
}

/** What is left of a map where it is highest across the line: 0 on the slopes (non-maximum suppression), and at the border. */
function crests(map: Float32Array, side: number): Float32Array {
  const result = new Float32Array(map.length)
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x
      const here = map[at]!
      let sharpest = -Infinity
      let isCrest = false
      for (const step of [1, side, side + 1, side - 1]) {
        const [before, behind] = [map[at - step]!, map[at + step]!]
        const bend = 2 * here - before - behind
        if (bend <= sharpest) continue
        sharpest = bend
        isCrest = here >= before && here > behind
      }
      if (isCrest) result[at] = here
    }
  }
  return result
}
