/** Shows scenes and their labels on one sheet: `node scripts/eye.mjs look SHEET.png FIRST COUNT [COLUMNS]`. */
import sharp from 'sharp'
import { scene } from './scene.ts'

const [file, first, count, columns = '4'] = process.argv.slice(2)
if (!file || !count) {
  console.error('Expected a file, a seed and a count, but got fewer: see scripts/eye/README.md.')
  process.exit(2)
}
const scenes = Array.from({ length: Number(count) }, (_, i) => scene(Number(first) + i))
const side = scenes[0]!.side
const across = Number(columns)
const sheet = sharp({
  create: {
    width: across * 3 * side,
    height: Math.ceil(scenes.length / across) * side,
    channels: 3,
    background: 'black',
  },
})
const tiles = scenes.flatMap(({ photo, lines, figure }, i) => {
  const [left, top] = [(i % across) * 3 * side, Math.floor(i / across) * side]
  const grey = (plane: Uint8Array): Uint8Array =>
    Uint8Array.from({ length: 3 * plane.length }, (_, k) => plane[Math.floor(k / 3)]!)
  return [photo, grey(lines.map((v) => 255 - v)), grey(figure)].map((input, k) => ({
    input: Buffer.from(input),
    raw: { width: side, height: side, channels: 3 as const },
    left: left + k * side,
    top,
  }))
})
await sheet.composite(tiles).png().toFile(file)
