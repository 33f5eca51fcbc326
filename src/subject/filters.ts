/** Filters on planes of rows of `width` numbers; beyond the border lies what lies at it. */

/** Gaussian blur, `sigma` in pixels. */
export function blur(plane: Float32Array, width: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma)
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  )
  const total = kernel.reduce((sum, v) => sum + v, 0)
  return alongRows(alongRows(plane, width, kernel, total), plane.length / width, kernel, total)
}

/** Convolves every row and transposes, so that calling it twice filters both ways. */
function alongRows(plane: Float32Array, width: number, kernel: Float32Array, total: number): Float32Array {
  const output = new Float32Array(plane.length)
  const height = plane.length / width
  const radius = (kernel.length - 1) / 2
  const row = new Float32Array(width + 2 * radius)
  for (let y = 0; y < height; y++) {
    const pixels = plane.subarray(y * width, (y + 1) * width)
    if (pixels.every((value) => value === 0)) continue
    row.fill(pixels[0]!, 0, radius)
    row.set(pixels, radius)
    row.fill(pixels[width - 1]!, radius + width)
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let k = 0; k < kernel.length; k++) sum += row[x + k]! * kernel[k]!
      output[x * height + y] = sum / total
    }
  }
  return output
}

/** The highest value in the square of `radius` around each pixel. */
export function highestAround(plane: Float32Array, width: number, radius: number): Float32Array {
  return highestAlongRows(highestAlongRows(plane, width, radius), plane.length / width, radius)
}

/** The highest along every row, transposed, so that calling it twice looks both ways. */
function highestAlongRows(plane: Float32Array, width: number, radius: number): Float32Array {
  const output = new Float32Array(plane.length)
  const height = plane.length / width
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let highest = -Infinity
      for (let k = Math.max(0, x - radius); k <= Math.min(width - 1, x + radius); k++) {
        highest = Math.max(highest, plane[y * width + k]!)
      }
      output[x * height + y] = highest
    }
  }
  return output
}

/** The value between pixels; x and y in units, where pixel (0, 0) has its centre at (0.5, 0.5). */
export function bilinear(plane: Float32Array, size: number, x: number, y: number): number {
  const u = Math.min(Math.max(x - 0.5, 0), size - 1.001)
  const v = Math.min(Math.max(y - 0.5, 0), size - 1.001)
  const i = Math.floor(v) * size + Math.floor(u)
  const a = u % 1
  const b = v % 1
  return (
    (1 - b) * ((1 - a) * plane[i]! + a * plane[i + 1]!) + b * ((1 - a) * plane[i + size]! + a * plane[i + size + 1]!)
  )
}
