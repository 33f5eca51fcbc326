/** Central differences of `f` in each number of `at`, which is put back as it was. */
export function centralDifferences(f: () => number, at: Float32Array, step: number): Float32Array {
  return at.map((value, i) => {
    at[i] = value + step
    const up = at[i]
    const above = f()
    at[i] = value - step
    const down = at[i]
    const below = f()
    at[i] = value
    return (above - below) / (up - down) // as stored: a Float32 does not hold every step
  })
}

/** The same of an `f` that takes its time. */
export async function laterDifferences(
  f: () => Promise<number>,
  at: Float32Array,
  step: number,
): Promise<Float32Array> {
  const differences = new Float32Array(at.length)
  for (const [i, value] of at.entries()) {
    at[i] = value + step
    const up = at[i]
    const above = await f()
    at[i] = value - step
    const down = at[i]
    const below = await f()
    at[i] = value
    differences[i] = (above - below) / (up - down)
  }
  return differences
}

/** How well `a` agrees with `b`: the cosine between them, and the ratio of their lengths. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>): { cos: number; norm: number } {
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!
    aa += a[i]! * a[i]!
    bb += b[i]! * b[i]!
  }
  return { cos: ab / Math.sqrt(aa * bb), norm: Math.sqrt(aa / bb) }
}
