import { TEMPLATES } from '../encoder/sentences.ts'
import { goesFrom, keeps, only, type Want, wayFrom } from '../objective/wants.ts'
import type { PixelBox } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { patchBank, viewBankOnPaper } from '../views/choice.ts'
import type { View } from '../views/view.ts'
import { paintIn } from './paint.ts'
import type { EditRequest, Mode } from './request.ts'
import { openStyle, STYLE_SIDE } from './style.ts'
import { tone } from './tone.ts'
import type { Transform } from './transform.ts'

/** How a photo is changed by one mode. */
interface How {
  open(options: Pick<EditRequest, 'threads' | 'strokes'>): Transform
  iterations: number
  /** Pixels along a side of the canvas. */
  side: number
  /** Random views that it is looked at through in each step, … */
  views: number
  /** … of these, which come again and again: the photo is looked at through each of them once. */
  bank(photo: PixelBox, seed: number): readonly View[]
  wants(image: Tensor, sentences: readonly [source: string, target: string], keep: number): Want[]
}

/** How much of the photo's area a random view keeps. */
const SHARE = [0.6, 0.9] as const
/** Pixels along a side of a patch, and how far from the right way it may be, as published (CLIPstyler: Kwon & Ye 2022). */
const PATCH = 128
const THRESHOLD = 0.7
/** How much it counts where the whole photo goes, next to its patches, and that what is in it stays where it is. */
const WHOLE = 0.5
const CONTENT = { content: 1, change: 0.2 }

/** It is looked at as a whole: as it is and from one more side, for where it goes and for what is kept. */
const AS_A_WHOLE: Omit<How, 'open' | 'iterations'> = {
  ...{ side: CANVAS, views: 1 },
  bank: (_, seed) => viewBankOnPaper(8, SHARE, seed),
  wants: (image, sentences, keep) => [
    goesFrom(image, wayFrom(...sentences, TEMPLATES)),
    ...(keep > 0 ? [keeps(image, keep)] : []),
  ],
}

/** The modes. What they cost is for ViT-B/32 on two processor cores. */
export const HOW: Readonly<Record<Mode, How>> = {
  /** A quarter of a minute. */
  tone: { ...AS_A_WHOLE, open: () => tone, iterations: 40 },
  /** Two and a half minutes. */
  style: {
    open: openStyle,
    ...{ iterations: 150, side: STYLE_SIDE, views: 3 },
    bank: (photo, seed) => patchBank(24, STYLE_SIDE, PATCH, photo, seed),
    wants(image, sentences, keep) {
      const way = wayFrom(...sentences, TEMPLATES)
      return [
        only('views', goesFrom(image, way, 1, THRESHOLD)),
        only('itself', goesFrom(image, way, WHOLE)),
        ...(keep > 0 ? [only('itself', keeps(image, keep, CONTENT))] : []),
      ]
    },
  },
  /** Half a minute. */
  paint: { ...AS_A_WHOLE, open: ({ strokes }) => paintIn(strokes), iterations: 80 },
}
