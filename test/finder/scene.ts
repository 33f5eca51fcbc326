import sharp from 'sharp'
import type { Findings } from '../../src/find.ts'
import type { Box } from '../../src/finder/finder.ts'
import { photoPixels } from '../../src/photo/photo.ts'
import { CANVAS } from '../../src/units.ts'

/** Where the disc and the square lie, in pixels of 240 × 160. */
export const RED: Box = { x: 24, y: 24, width: 72, height: 72 }
export const GREEN: Box = { x: 130, y: 30, width: 70, height: 60 }
export const inRed = (x: number, y: number): boolean => Math.hypot(x - 60, y - 60) < 36
export const inGreen = (x: number, y: number): boolean => x > 130 && x < 200 && y > 30 && y < 90

/** A red disc, a green square and a blue triangle on grey, three to two; `scale` pixels of it are one of 240 × 160. */
export function scene(scale = 1, format: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160" width="${240 * scale}" height="${160 * scale}">
    <rect width="240" height="160" fill="#808080"/><circle cx="60" cy="60" r="36" fill="#d02020"/>
    <rect x="130" y="30" width="70" height="60" fill="#20a030"/><path d="M90 150 L130 100 L170 150 Z" fill="#2030d0"/></svg>`
  return sharp(Buffer.from(svg)).flatten({ background: 'white' }).toFormat(format).toBuffer()
}

/** What a mask and a shape share, of both together; the shape in pixels of a scene of that size. */
export function shared(
  { mask, frame }: Pick<Findings, 'mask' | 'frame'>,
  inside: (x: number, y: number) => boolean,
  size = { width: 240, height: 160 },
): number {
  const { left, top, right, bottom } = photoPixels(frame)
  let [both, either] = [0, 0]
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const across = ((x + 0.5 - left) * size.width) / (right - left)
      const is = inside(across, ((y + 0.5 - top) * size.height) / (bottom - top))
      const found = mask.data[y * CANVAS + x]! > 0.5
      both += Number(is && found)
      either += Number(is || found)
    }
  }
  return both / either
}
