import { joined } from '../encoder/batches.ts'
import type { ImageEncoder } from '../encoder/encoder.ts'
import { rowsOf, unit } from '../encoder/vectors.ts'
import type { Picture } from '../photo/picture.ts'
import { onCanvas } from '../subject/lab.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { apart, overlap, together } from './boxes.ts'
import type { Box, Finder, Found, Sight } from './finder.ts'
import { boxOf, INSIDE } from './mask.ts'
import { reader, sorted } from './meaning.ts'
import { patchesOf } from './patches.ts'
import { pixelsOf, regionsIn } from './regions.ts'
import { cropped, planesOf, squared, type Rect } from './resample.ts'

/** So many regions are looked at, the most persistent ones, … */
const PROPOSALS = 60
/** … each by itself and with so much around it. */
const SCALES = [1, 1.5]
/** Of two boxes for one phrase the less likely goes when they share this much of both together, or of the smaller one. */
const SAME = 0.4
const WITHIN = 0.7
/** Boxes that share this much are of one region. */
const ALIKE = 0.85

/** A crop shows its surroundings as well, so that fewer labels stand for everything else. */
const OTHERS = 6

interface Proposal {
  box: Box
  mask: Tensor
  /** What it shows, in the space of the texts. */
  seen: Float32Array
}

/**
 * CLIP on regions of a photo cut out one by one (the image branch of ViLD: Gu et al. 2022), where the regions come of the
 * photo's own patches, merged step by step: boxes with scores, and the regions themselves as masks.
 */
export function cropsFinder(encoder: ImageEncoder): Finder {
  const read = reader(encoder, OTHERS)
  const seen = new WeakMap<Sight, Promise<Proposal[]>>()
  const look = (sight: Sight): Promise<Proposal[]> => {
    const known = seen.get(sight)
    if (known) return known
    const proposals = proposalsFor(sight, encoder)
    seen.set(sight, proposals)
    proposals.catch(() => seen.delete(sight))
    return proposals
  }
  return {
    name: 'crops',
    notes: encoder.notes ?? [],
    async find(sight, { words = [] }) {
      const { meant, others } = sorted(words)
      const meaning = await read([...meant, ...others])
      const proposals = await look(sight)
      const scores = proposals.map((proposal) => meaning.of(proposal.seen))
      return together(
        meant.map((phrase, i): Found => {
          const things = proposals.map(({ box, mask }, k) => ({ words: phrase, score: scores[k]![i]!, box, mask }))
          const kept = apart(
            things.filter(({ score }) => score >= INSIDE),
            SAME,
            WITHIN,
          )
          const best = Math.max(0, ...things.map(({ score }) => score))
          return { things: kept, misses: kept.length > 0 ? [] : [{ words: phrase, score: best }] }
        }),
      )
    },
    dispose: () => encoder.dispose(),
  }
}

async function proposalsFor(sight: Sight, encoder: ImageEncoder): Promise<Proposal[]> {
  const { photo, picture } = sight
  const patches = patchesOf(sight)
  const regions: Omit<Proposal, 'seen'>[] = []
  for (const region of regionsIn(patches)) {
    if (regions.length === PROPOSALS) break
    const mask = onCanvas(pixelsOf(region, patches), photo)
    const box = boxOf(mask, photo)
    if (box && !regions.some((other) => overlap(box, other.box).ofBoth > ALIKE)) regions.push({ box, mask })
  }
  const scale = picture.width / photo.sourceWidth
  const proposals: Proposal[] = []
  for (const { box, mask } of regions) {
    const views = SCALES.map((wider) =>
      squared(cropped(picture, rectOf(box, wider, scale, picture)), encoder.resolution),
    )
    proposals.push({ box, mask, seen: await meaningOf(views, encoder) })
  }
  return proposals
}

/** The sum of what an encoder sees in several views of one thing, as a unit vector. */
export async function meaningOf(views: readonly Picture[], encoder: ImageEncoder): Promise<Float32Array> {
  const size = encoder.resolution
  const { embedding } = await encoder.encode(joined(views.map((view) => tensor([1, 3, size, size], planesOf(view)))))
  const rows = rowsOf(embedding!)
  return unit(rows.reduce((sum, row) => sum.map((value, i) => value + row[i]!), new Float32Array(rows[0]!.length)))
}

/** A box around the same centre, `wider` times as large, as whole pixels of the picture, rounded outwards. */
export function rectOf({ x, y, width, height }: Box, wider: number, scale: number, picture: Picture): Rect {
  const [dx, dy] = [((wider - 1) / 2) * width, ((wider - 1) / 2) * height]
  return {
    left: Math.max(0, Math.floor((x - dx) * scale - 0.001)),
    top: Math.max(0, Math.floor((y - dy) * scale - 0.001)),
    right: Math.min(picture.width, Math.ceil((x + width + dx) * scale + 0.001)),
    bottom: Math.min(picture.height, Math.ceil((y + height + dy) * scale + 0.001)),
  }
}
