import type Library from 'sharp'
import { load } from '../load.ts'

export type { Metadata, OverlayOptions, Sharp, SharpOptions } from 'sharp'

/** What decodes and encodes pictures. As CommonJS it is there in half the time that its modules take. */
export const sharp = load('sharp') as typeof Library
