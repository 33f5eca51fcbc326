/**
 * Makes the sample pictures of resources/samples: `npm run samples` renders all of them,
 * `npm run samples -- flamingo horse` only the named ones.
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { render } from './samples/march.mjs'
import { scenes } from './samples/scenes.mjs'

const folder = fileURLToPath(new URL('../resources/samples/', import.meta.url))
/** Of a sample's picture in the studio, in pixels. */
const THUMBNAIL = 240
const wanted = process.argv.slice(2)

await mkdir(`${folder}thumbnails`, { recursive: true })
for (const scene of scenes) {
  if (wanted.length > 0 && !wanted.some((name) => scene.file.startsWith(`${name}.`))) continue
  const started = performance.now()
  const { data, width, height } = render(scene)
  const picture = sharp(data, { raw: { width, height, channels: 3 } })
  const encoded = scene.file.endsWith('.png')
    ? picture.png({ compressionLevel: 9, adaptiveFiltering: true })
    : picture.jpeg({ quality: 90, mozjpeg: true })
  await encoded.toFile(folder + scene.file)
  await thumbnail(scene.file)
  console.log(`${scene.file}: ${width}×${height}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** What the studio shows of it: made once, so that a window has its samples before the engine is up. */
function thumbnail(file) {
  return sharp(folder + file)
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 82, mozjpeg: true })
    .toFile(`${folder}thumbnails/${file.replace(/\.\w+$/, '.jpg')}`)
}
