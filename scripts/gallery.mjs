// Draws every sample (or the pictures named) at several stroke counts, photo first, into one contact sheet:
// npm run gallery [-- PHOTO ...]. Writes docs/gallery.png, and without names also the README's docs/sketches.png and docs/ladder.png.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { draw, toPng, toSvg } from '../dist/engine/index.js'

const COUNTS = [4, 8, 16, 32, 64]
const SIDE = 320
const named = process.argv.slice(2)
const samples = readdirSync('resources/samples')
  .filter((name) => /\.(png|jpg)$/.test(name))
  .map((name) => join('resources/samples', name))

await sheet(named.length ? named : samples, COUNTS, 'docs/gallery.png')
if (!named.length) {
  await ladder('resources/samples/horse.jpg', 'docs/ladder.png')
  await sheet(
    ['resources/samples/flamingo.png', 'test/fixtures/portrait.jpg', 'resources/samples/teapot.jpg'],
    [8, 16, 32],
    'docs/sketches.png',
  )
}

/** The sheet that the command line makes of a photo, small enough for a page. */
async function ladder(photo, file) {
  const folder = mkdtempSync(join(tmpdir(), 'fewline-ladder-'))
  const whole = join(folder, 'ladder.png')
  spawnSync(process.execPath, ['dist/engine/cli.js', 'sketch', photo, '--encoder', 'builtin', '--ladder', whole])
  await sharp(whole).resize(1200).greyscale().png({ palette: true, colours: 16 }).toFile(file)
  rmSync(folder, { recursive: true })
  console.log(file)
}

/** One row a photo: the photo, then its sketches. */
async function sheet(photos, counts, file) {
  const cells = []
  for (const [row, photo] of photos.entries()) {
    const pictures = [await readPhoto(photo)]
    for (const strokes of counts) pictures.push(await sketch(photo, strokes))
    for (const [column, picture] of pictures.entries())
      cells.push({ input: await fitted(picture), left: column * SIDE, top: row * SIDE })
  }
  const background = 'white'
  const size = { width: (counts.length + 1) * SIDE, height: photos.length * SIDE }
  await sharp({ create: { ...size, channels: 3, background } })
    .composite(cells)
    .png({ palette: true, colours: 128 })
    .toFile(file)
  console.log(file)
}

async function sketch(photo, strokes) {
  let last
  for await (const frame of draw({ photo, strokes })) last = frame
  return toPng(toSvg(last.strokes, { title: photo, frame: last.frame }))
}

function readPhoto(photo) {
  return sharp(photo).rotate().toBuffer()
}

function fitted(picture) {
  return sharp(picture)
    .resize(SIDE, SIDE, { fit: 'contain', background: 'white' })
    .flatten({ background: 'white' })
    .png()
    .toBuffer()
}
