import { describe, expect, test } from 'vitest'
import { openEncoder } from '../../src/encoder/open.ts'
import { dot, rowsOf, unit } from '../../src/encoder/vectors.ts'
import { meaningOf, rectOf } from '../../src/finder/crops.ts'
import { cropped, squared } from '../../src/finder/resample.ts'
import { tensor } from '../../src/tensor.ts'
import { goldenArrays, hasShared, SHARED } from '../support/golden.ts'
import { differs, pictureFrom } from './compare.ts'

describe.skipIf(!hasShared)('finders agree with the published code', () => {
  const dense = goldenArrays('finders/dense')
  const crops = goldenArrays('finders/crops')

  test.each(['vit', 'rn'])('places of a picture mean what MaskCLIP says, %s', async (kind) => {
    const encoder = await openEncoder(`${SHARED}/golden/tiny-${kind}.pt`, { device: 'cpu' })
    try {
      for (const size of ['64', '96x128']) {
        const { data, shape } = dense(`image.${size}`)
        const places = await encoder.encodePlaces!(tensor([1, ...shape], data))
        const features = dense(`${kind}.${size}.features`)
        const [rows, columns, width] = places.shape as [number, number, number]
        // A residual network's features come channel by channel.
        const seen =
          kind === 'vit'
            ? places.data
            : Float32Array.from(features.data, (_, i) => {
                const [channel, place] = [Math.floor(i / (rows * columns)), i % (rows * columns)]
                return places.data[place * width + channel]!
              })
        expect(differs(seen, features)).toBeLessThan(1e-3)
        const texts = rowsOf(dense(`${kind}.text.normalised`))
        const units = rowsOf(tensor([rows * columns, width], places.data)).map(unit)
        const cosines = texts.flatMap((text) => units.map((place) => dot(place, text)))
        expect(differs(cosines, dense(`${kind}.${size}.cosine`))).toBeLessThan(1e-3)
      }
    } finally {
      await encoder.dispose()
    }
  })

  test('crops are cut, resized and seen as ViLD does it', async () => {
    const encoder = await openEncoder(`${SHARED}/golden/tiny-vit.pt`, { device: 'cpu' })
    try {
      const picture = pictureFrom(crops('image'))
      const boxes = rowsOf(crops('boxes')).map(([x0, y0, x1, y1]) => ({
        ...{ x: x0!, y: y0! },
        ...{ width: x1! - x0!, height: y1! - y0! },
      }))
      const texts = rowsOf(crops('text.normalised'))
      const cosines: number[] = []
      const bytes: number[] = []
      for (const box of boxes) {
        const views = [1, 1.5].map((wider) => squared(cropped(picture, rectOf(box, wider, 1, picture)), 64))
        for (let c = 0; c < 3; c++) bytes.push(...views[1]!.data.filter((_, i) => i % 3 === c))
        const seen = await meaningOf(views, encoder)
        cosines.push(...texts.map((text) => dot(seen, text)))
      }
      expect(bytes).toEqual(Array.from(crops('bytes.1.5x').data))
      expect(differs(cosines, crops('cosine'))).toBeLessThan(1e-3)
    } finally {
      await encoder.dispose()
    }
  })
})
