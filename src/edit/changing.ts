import { adamFor } from '../drawing/descent.ts'
import { openPhoto, photoPixels, type Photo } from '../photo/photo.ts'
import { randomAt } from '../random.ts'
import { photoCanvas, photoIn } from './canvas.ts'
import { HOW } from './modes.ts'
import { onCanvas, regionNamed, regionOf, type Region } from './region.ts'
import type { EditRequest } from './request.ts'
import type { Setting } from './setting.ts'

/** What a photo is of, when nobody says. */
const SOURCE = 'a photo'
/** In a few steps a long memory of how steep it once was only slows down. */
const ADAM = { beta2: 0.99 }

/** A photo, to be changed by a transform that begins with next to none. */
export async function changing(request: EditRequest & Required<Pick<EditRequest, 'photo'>>): Promise<Setting> {
  const { mode = 'tone', source = SOURCE, keep = 1, seed = 0 } = request
  const how = HOW[mode]
  const photo = await openPhoto(request.photo, how.side)
  const { image, frame } = photo
  const { region, notes } = await regionFor(request, photo)
  const transform = how.open(request)
  return {
    mode,
    canvas: photoCanvas(transform, image, frame, region && onCanvas(region, frame, how.side)),
    begin: (seed) => transform.init(randomAt(seed), photoIn(image, frame)),
    optimiser: (iterations) => adamFor(transform.rates, iterations, ADAM),
    ...{ iterations: how.iterations, views: how.views },
    bank: how.bank(photoPixels(frame, how.side), seed),
    wants: (text) => how.wants(image, [source, text], keep),
    ...(region && { region }),
    notes: [...photo.warnings, ...notes],
    dispose: async () => transform.dispose?.(),
  }
}

async function regionFor(
  request: EditRequest & Required<Pick<EditRequest, 'photo'>>,
  photo: Photo,
): Promise<{ region?: Region; notes: string[] }> {
  const { region, where, finder, encoder, device, threads } = request
  if (region !== undefined) return { region: await regionOf(region, photo), notes: [] }
  if (where === undefined) return { notes: [] }
  const options = Object.entries({ finder, encoder, device, threads }).filter(([, value]) => value !== undefined)
  return regionNamed(request.photo, where, Object.fromEntries(options))
}
