// Makes the README's pictures of drawings and edits by words, docs/words-draw.jpg and docs/words-edit.jpg: npm run words.
// The encoder is written here and knows colours alone (words/colours.mjs), so that nothing has to be downloaded.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { draw, edit, editedPhoto, openOriginal, pictureFile, toPng, toSvg } from '../dist/engine/index.js'
import { writeColours } from './words/colours.mjs'

const PHOTO = 'resources/samples/horse.jpg'
const HEIGHT = 256
const folder = mkdtempSync(join(tmpdir(), 'fewline-words-'))
process.env.FEWLINE_MODELS = process.env.FEWLINE_CACHE = folder
const how = { encoder: writeColours(folder), device: 'cpu' }

await row('docs/words-draw.jpg', HEIGHT, [
  await drawn('a warm sunset'),
  await drawn('a cold sea'),
  await drawn('grass and sand'),
  await drawn('a red sky', { palette: ['#2b2d42', '#d90429', '#ffb703', '#edf2f4'].map(shares) }),
])
await row('docs/words-edit.jpg', 320, [
  PHOTO,
  await edited({ text: 'a warm sunset' }),
  await edited({ text: 'a cold night' }),
  await edited({ text: 'a warm sunset', mode: 'paint' }),
])
rmSync(folder, { recursive: true })

async function drawn(text, words = {}) {
  let last
  for await (const frame of draw({ ...how, text, words, preset: 'fast', strokes: 96 })) last = frame
  return toPng(toSvg(last.strokes, { title: text, paper: '#ffffff' }))
}

async function edited(request) {
  let last
  for await (const frame of edit({ ...how, ...request, photo: PHOTO })) last = frame
  return pictureFile(await editedPhoto(await openOriginal(PHOTO), last), 'png', {})
}

function shares(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
}

/** Pictures side by side, small enough for a page. */
async function row(file, width, pictures) {
  const cells = []
  for (const [i, picture] of pictures.entries()) {
    const input = await sharp(picture).resize(width, HEIGHT, { fit: 'cover' }).png().toBuffer()
    cells.push({ input, left: i * (width + 8), top: 0 })
  }
  const size = { width: pictures.length * (width + 8) - 8, height: HEIGHT }
  await sharp({ create: { ...size, channels: 3, background: 'white' } })
    .composite(cells)
    .jpeg({ quality: 78, mozjpeg: true })
    .toFile(file)
  console.log(file)
}
