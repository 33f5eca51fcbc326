import sharp from 'sharp'

/** A red disc, a green square and a blue triangle on grey, three to two; `scale` pixels of it are one of 240 × 160. */
export function scene(scale = 1, format: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160" width="${240 * scale}" height="${160 * scale}">
    <rect width="240" height="160" fill="#808080"/><circle cx="60" cy="60" r="36" fill="#d02020"/>
    <rect x="130" y="30" width="70" height="60" fill="#20a030"/><path d="M90 150 L130 100 L170 150 Z" fill="#2030d0"/></svg>`
  return sharp(Buffer.from(svg)).flatten({ background: 'white' }).toFormat(format).toBuffer()
}
