import type { ImageEncoder } from '../encoder/encoder.ts'
import { rowsOf } from '../encoder/vectors.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { together } from './boxes.ts'
import type { Finder, Sight } from './finder.ts'
import { onSquare } from './square.ts'
import { reader, sorted } from './meaning.ts'
import { onPhoto, thingsIn } from './things.ts'

/** The picture is shown so many times as large as CLIP was trained with, so that its places lie closer, … */
const CLOSER = 2
/** … and so many of them lie along a side at least. */
const LEAST_PLACES = 20

/** What a single place means is told with contrast: so many labels stand for everything else. */
const OTHERS = 16

/**
 * CLIP without further training (MaskCLIP: Zhou, Loy and Dai 2022): what single places of a picture mean is compared with
 * phrases and with words for everything else (LSeg: Li et al. 2022), and the photo's own edges sharpen what comes of it.
 */
export function clipFinder(encoder: ImageEncoder): Finder {
  const read = reader(encoder, OTHERS)
  const seen = new WeakMap<Sight, Promise<Tensor>>()
  const look = (sight: Sight): Promise<Tensor> => {
    const known = seen.get(sight)
    if (known) return known
    const places = encoder.encodePlaces!(onSquare(sight.picture, sideFor(encoder)))
    seen.set(sight, places)
    places.catch(() => seen.delete(sight))
    return places
  }
  return {
    name: 'clip',
    notes: encoder.notes ?? [],
    async find(sight, { words = [] }) {
      const { meant, others } = sorted(words)
      const meaning = await read([...meant, ...others])
      const places = await look(sight)
      const side = places.shape[0]!
      const each = rowsOf(tensor([side * side, places.shape[2]!], places.data)).map((row) => meaning.of(row))
      return together(
        meant.map((phrase, i) => {
          const map = tensor(
            [side, side],
            Float32Array.from(each, (likely) => likely[i]!),
          )
          return thingsIn(onPhoto(map, sight), phrase, sight)
        }),
      )
    },
    dispose: () => encoder.dispose(),
  }
}

function sideFor({ resolution, stride = 1 }: ImageEncoder): number {
  return Math.max(CLOSER * resolution, LEAST_PLACES * stride)
}
