/** The shape of a plane of numbers, row after row. */
export interface Grid {
  width: number
  height: number
}

/** Sums of `plane` over the square of `radius` around each pixel, cut off at the border. */
export function sumAround(plane: Float32Array, { width, height }: Grid, radius: number): Float32Array {
  return slidingSums(slidingSums(plane, width, height, radius), height, width, radius)
}

/** Sliding sums along every row, transposed, so that calling it twice sums both ways. */
function slidingSums(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const output = new Float32Array(plane.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    let sum = 0
    for (let x = 0; x < Math.min(radius, width); x++) sum += plane[row + x]!
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += plane[row + x + radius]!
      output[x * height + y] = sum
      if (x - radius >= 0) sum -= plane[row + x - radius]!
    }
  }
  return output
}

/** 1 where the test holds, else 0. */
export function mark(plane: Float32Array, holds: (value: number, pixel: number) => boolean): Uint8Array {
  const marked = new Uint8Array(plane.length)
  for (let i = 0; i < plane.length; i++) marked[i] = holds(plane[i]!, i) ? 1 : 0
  return marked
}

/** Which pixels have a marked one within `radius` in x and in y. */
export function dilated(marked: Uint8Array, grid: Grid, radius: number): Uint8Array {
  return mark(sumAround(new Float32Array(marked), grid, radius), (sum) => sum > 0.5)
}

/** A connected set of pixels. */
export interface Region {
  pixels: number[]
  touchesBorder: boolean
}

/** The regions of marked pixels that touch along sides. */
export function regionsOf(marked: Uint8Array, { width, height }: Grid): Region[] {
  const seen = new Uint8Array(marked.length)
  const regions: Region[] = []
  for (let start = 0; start < marked.length; start++) {
    if (!marked[start] || seen[start]) continue
    const region: Region = { pixels: [start], touchesBorder: false }
    seen[start] = 1
    for (let next = 0; next < region.pixels.length; next++) {
      const pixel = region.pixels[next]!
      const x = pixel % width
      const y = Math.floor(pixel / width)
      const visit = (inside: boolean, neighbour: number): void => {
        if (!inside) region.touchesBorder = true
        else if (marked[neighbour] && !seen[neighbour]) {
          seen[neighbour] = 1
          region.pixels.push(neighbour)
        }
      }
      visit(x > 0, pixel - 1)
      visit(x < width - 1, pixel + 1)
      visit(y > 0, pixel - width)
      visit(y < height - 1, pixel + width)
    }
    regions.push(region)
  }
  return regions
}

/** The marked pixels 1, 2, … `depth` steps away from those of a region, walking over marked pixels only. */
export function ringsAround(region: readonly number[], marked: Uint8Array, { width, height }: Grid, depth: number) {
  const seen = new Set(region)
  const rings: number[][] = []
  let edge: readonly number[] = region
  for (let step = 0; step < depth; step++) {
    const ring: number[] = []
    const visit = (inside: boolean, pixel: number): void => {
      if (!inside || !marked[pixel] || seen.has(pixel)) return
      seen.add(pixel)
      ring.push(pixel)
    }
    for (const pixel of edge) {
      const x = pixel % width
      const y = Math.floor(pixel / width)
      visit(x > 0, pixel - 1)
      visit(x < width - 1, pixel + 1)
      visit(y > 0, pixel - width)
      visit(y < height - 1, pixel + width)
    }
    rings.push(ring)
    edge = ring
  }
  return rings
}
