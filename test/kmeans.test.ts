import { expect, test } from 'vitest'
import { kMeans, nearestOf, type Points } from '../src/kmeans.ts'
import { randomFrom } from '../src/random.ts'

const random = randomFrom(7)
const points = (count: number, dimensions: number, at: (i: number, k: number) => number): Points => ({
  data: Float32Array.from({ length: count * dimensions }, (_, i) => at(Math.floor(i / dimensions), i % dimensions)),
  dimensions,
})
const rowsOf = ({ data, dimensions }: Points): number[][] =>
  Array.from({ length: data.length / dimensions }, (_, i) => [...data.subarray(i * dimensions, (i + 1) * dimensions)])

test('the means of groups that lie apart are theirs', () => {
  const middles = [-50, 0, 80]
  const found = kMeans(
    points(300, 2, (i, k) => middles[i % 3]! + (k - 0.5) * 6 + random() - 0.5),
    3,
  )
  const means = rowsOf(found).sort((a, b) => a[0]! - b[0]!)
  means.forEach(([x, y], i) => {
    expect(x).toBeCloseTo(middles[i]! - 3, 0)
    expect(y).toBeCloseTo(middles[i]! + 3, 0)
  })
})

test('there are no more means than different points', () => {
  expect(
    rowsOf(
      kMeans(
        points(20, 3, (i) => i % 2),
        8,
      ),
    ).sort(),
  ).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ])
})

test('the nearest mean is the one that looking at all of them finds', () => {
  const [means, all] = [points(40, 4, () => random()), points(500, 4, () => random())]
  const rows = rowsOf(means)
  const distance = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0)
  nearestOf(means, all).forEach((mean, i) => {
    const point = rowsOf(all)[i]!
    const least = Math.min(...rows.map((row) => distance(row, point)))
    expect(distance(rows[mean]!, point)).toBeCloseTo(least, 6)
  })
})
