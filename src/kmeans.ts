/** Points of some numbers each, one after another. */
export interface Points {
  data: Float32Array
  dimensions: number
}

/** So many rounds bring the means as near to where they stay as anyone can tell. */
const ROUNDS = 12
/** Points whose squared distance is less are one. */
const SAME = 1e-4

/** The means of groups of like points, at most so many: k-means, begun at points that lie far apart. */
export function kMeans(points: Points, count: number): Points {
  const { dimensions } = points
  const means = farApart(points, count)
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(means.data.length)
    const sizes = new Uint32Array(means.data.length / dimensions)
    nearestOf(means, points).forEach((mean, i) => {
      sizes[mean]!++
      for (let k = 0; k < dimensions; k++) sums[mean * dimensions + k]! += points.data[i * dimensions + k]!
    })
    for (let i = 0; i < sums.length; i++) {
      // A mean that is nearest to none stays.
      const size = sizes[Math.floor(i / dimensions)]!
      if (size > 0) means.data[i] = sums[i]! / size
    }
  }
  return means
}

/** For each point which mean is nearest to it, of as near ones any. At most 65 536 means. */
export function nearestOf(means: Points, { data, dimensions }: Points): Uint16Array {
  const order = byFirst(means)
  const { data: sorted } = picked(means, order)
  const nearest = new Uint16Array(data.length / dimensions)
  // Neighbours are alike: one goes from the mean that was nearest to the one before, up and down as far as first numbers are near.
  let begin = 0
  for (let i = 0, at = 0; i < nearest.length; i++, at += dimensions) {
    let best = begin
    let least = Infinity
    for (let way = 1; way >= -1; way -= 2) {
      for (let mean = way > 0 ? begin : begin - 1; mean >= 0 && mean < order.length; mean += way) {
        const beyond = way * (sorted[mean * dimensions]! - data[at]!)
        if (beyond > 0 && beyond * beyond >= least) break
        const distance = apart(sorted, mean * dimensions, data, at, dimensions, least)
        if (distance >= least) continue
        least = distance
        best = mean
      }
    }
    begin = best
    nearest[i] = order[best]!
  }
  return nearest
}

/** Which points there are by their first numbers. */
function byFirst({ data, dimensions }: Points): number[] {
  const order = Array.from({ length: data.length / dimensions }, (_, i) => i)
  return order.sort((a, b) => data[a * dimensions]! - data[b * dimensions]!)
}

/** The first point, and then always the one that is farthest from all that were taken. */
function farApart(points: Points, count: number): Points {
  const { data, dimensions } = points
  const taken: number[] = []
  const gaps = new Float32Array(data.length / dimensions).fill(Infinity)
  for (let next = 0; taken.length < count && gaps[next]! >= SAME;) {
    taken.push(next)
    let farthest = 0
    for (let i = 0; i < gaps.length; i++) {
      gaps[i] = Math.min(gaps[i]!, apart(data, next * dimensions, data, i * dimensions, dimensions, gaps[i]!))
      if (gaps[i]! > gaps[farthest]!) farthest = i
    }
    next = farthest
  }
  return picked(points, taken)
}

/** Some of the points, by their numbers. */
export function picked({ data, dimensions }: Points, which: readonly number[]): Points {
  const some = new Float32Array(dimensions * which.length)
  which.forEach((i, to) => some.set(data.subarray(i * dimensions, (i + 1) * dimensions), to * dimensions))
  return { data: some, dimensions }
}

/** How far apart two points are, squared, or anything from `enough` on if they are as far as that. */
function apart(a: Float32Array, i: number, b: Float32Array, k: number, dimensions: number, enough: number): number {
  let sum = 0
  for (let d = 0; d < dimensions && sum < enough; d++) sum += (a[i + d]! - b[k + d]!) ** 2
  return sum
}
