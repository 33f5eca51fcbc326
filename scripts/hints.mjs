// Photos made worse step by step, and where their drawings fall apart: the thresholds of src/subject/hints.ts come from here.
// Prints a table for docs/hints.md: of each step what is measured in the photo, and how much of the drawing of the photo as it
// should be is drawn still: how far the strokes of both drawings agree (the harmonic mean of both shares of their length within
// 5 units of the other, means over photos). `node scripts/hints.mjs horse,cup contrast,sureness` measures some of it.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { draw, inspect } from '../dist/engine/index.js'
import { source } from './source.mjs'

const { openPhoto } = await source('photo/photo.ts')
const { qualityOf } = await source('subject/hints.ts')

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const PHOTOS = (process.argv[2] ?? 'horse,cup').split(',')
const MEASURES = process.argv[3]?.split(',')
const NEAR = 5
const cleans = new Map()

/** What becomes of a photo of 448 pixels, by how much. */
const WORSE = {
  longest: [[224, 112, 64, 40, 24, 12], (photo, side) => photo.resize(side, side, { fit: 'inside' })],
  brightness: [[0.5, 0.2, 0.1, 0.06, 0.03], (photo, factor) => noisy(photo.linear(factor, 0))],
  contrast: [
    [0.5, 0.1, 0.03, 0.02, 0.012, 0.008, 0.005],
    (photo, factor) => noisy(photo.linear(factor, 128 * (1 - factor))),
  ],
  sharpness: [[1, 3, 6, 10, 16], (photo, sigma) => photo.blur(sigma)],
  share: [[2, 3, 5, 8, 12], (photo, times) => smaller(photo, times)],
  sureness: [[0.1, 0.2, 0.35, 0.5, 0.75, 1], (photo, share, subject) => cluttered(photo, share, subject)],
}

console.log('| measure | by | measured | drawn still |\n| --- | --- | --- | --- |')
for (const [name, [steps, worsen]] of Object.entries(WORSE)) {
  if (MEASURES && !MEASURES.includes(name)) continue
  for (const by of steps) {
    const results = []
    for (const photo of PHOTOS) results.push(await measured(photo, name, by, worsen))
    const mean = (key) => results.reduce((sum, result) => sum + result[key], 0) / results.length
    console.log(`| ${name} | ${by} | ${mean('quality').toFixed(3)} | ${mean('still').toFixed(2)} |`)
  }
}

async function measured(name, measure, by, worsen) {
  const clean = await cleanOf(name)
  const bytes = await (await worsen(sharp(clean.bytes), by, clean.mask)).png().toBuffer()
  const { mask } = await inspect({ photo: bytes })
  const quality = qualityOf(await openPhoto(bytes), mask)[measure]
  const enlarged = ([x, y]) => [112 + (x - 112) * by, 112 + (y - 112) * by]
  const drawn = await drawnOf(bytes)
  return { quality, still: agreement(measure === 'share' ? drawn.map(enlarged) : drawn, clean.drawn) }
}

async function cleanOf(name) {
  if (!cleans.has(name)) {
    const file = readFileSync(join(root, 'resources', 'samples', name === 'flamingo' ? 'flamingo.png' : `${name}.jpg`))
    const bytes = await sharp(file)
      .rotate()
      .flatten({ background: 'white' })
      .resize(448, 448, { fit: 'inside' })
      .png()
      .toBuffer()
    const { mask } = await inspect({ photo: bytes })
    cleans.set(name, { bytes, mask, drawn: await drawnOf(bytes) })
  }
  return cleans.get(name)
}

/** Where the strokes of a drawing are, in canvas units; nowhere when there is nothing to draw. */
async function drawnOf(photo) {
  let strokes
  try {
    for await (const frame of draw({ photo, encoder: 'builtin' })) strokes = frame.strokes
  } catch (error) {
    if (error.problem?.kind !== 'photo') throw error
    return []
  }
  const { points } = strokes
  return Array.from({ length: points.length / 8 }, (_, i) => along(points.subarray(8 * i, 8 * i + 8))).flat()
}

/** Points along a cubic. */
function along(p) {
  const at = (t, k) =>
    (1 - t) ** 3 * p[k] + 3 * (1 - t) ** 2 * t * p[k + 2] + 3 * (1 - t) * t * t * p[k + 4] + t ** 3 * p[k + 6]
  return Array.from({ length: 41 }, (_, i) => [at(i / 40, 0), at(i / 40, 1)])
}

function agreement(a, b) {
  const covered = (from, to) =>
    from.filter(([x, y]) => to.some(([u, v]) => Math.hypot(x - u, y - v) <= NEAR)).length / Math.max(1, from.length)
  const [precision, recall] = [covered(a, b), covered(b, a)]
  return (2 * precision * recall) / Math.max(1e-9, precision + recall)
}

/** A little noise, as cameras add it: what is dark or flat drowns in it. */
async function noisy(photo) {
  const { data, info } = await photo.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  let seed = 1
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  for (let i = 0; i < data.length; i++)
    data[i] = Math.min(255, Math.max(0, Math.round(data[i] + 2 * (random() + random() + random() + random() - 2))))
  return sharp(data, { raw: info })
}

/** The photo in the middle of a plain page that is so many times as large. */
async function smaller(photo, times) {
  const side = Math.round(448 * times)
  const { width, height } = await photo.metadata()
  const image = await photo.png().toBuffer()
  const page = sharp({ create: { width: side, height: side, channels: 3, background: 'white' } })
  const placed = await page
    .composite([{ input: image, left: Math.round((side - width) / 2), top: Math.round((side - height) / 2) }])
    .png()
    .toBuffer()
  return sharp(placed)
}

/** The photo's subject before coloured shapes of all sizes, instead of the plain ground that it has. */
async function cluttered(photo, share, { data }) {
  const { width, height } = await photo.metadata()
  let seed = 7
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  const shapes = Array.from(
    { length: 120 },
    () =>
      `<ellipse cx="${random() * width}" cy="${random() * height}" rx="${10 + random() * 60}" ry="${10 + random() * 60}" fill="hsl(${random() * 360},60%,${20 + random() * 60}%)"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g opacity="${share}"><rect width="${width}" height="${height}" fill="#888"/>${shapes.join('')}</g></svg>`
  const long = Math.max(width, height)
  const mask = await sharp(Buffer.from(data.map((value) => 255 * value)), {
    raw: { width: 224, height: 224, channels: 1 },
  })
    .resize(long, long)
    .extract({ left: (long - width) >> 1, top: (long - height) >> 1, width, height })
    .toColourspace('b-w')
    .raw()
    .toBuffer()
  const subject = await photo
    .clone()
    .joinChannel(mask, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
  return sharp(
    await photo
      .composite([{ input: Buffer.from(svg) }, { input: subject }])
      .png()
      .toBuffer(),
  )
}
