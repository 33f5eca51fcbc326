import type { Drawing, ReplyOf, VideoOptions } from '../../main/api.ts'
import { stockOf } from '../../src/looks/stocks.ts'
import { words } from '../i18n/words.svelte.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { videoOf } from './video.ts'

/** How much of the work the pictures are; the rest is to encode them. */
const PAINTING = 0.7

/** Makes a video of a drawing and hands it to the user; undefined when nothing came of it, which was told. */
export async function saveVideo(
  { work, ask, notices }: Studio,
  options: VideoOptions,
  drawing: Drawing,
): Promise<ReplyOf<'deliver'> | undefined> {
  const t = words().export
  const { format } = options
  const name = t.name[format]
  return work.show({ kind: 'writing', name, host: PAINTING }, async (isOver) => {
    const film = await ask('pages', { options, drawing })
    if (!film || isOver()) return undefined
    const onProgress = (share: number): void => work.progress(PAINTING + (1 - PAINTING) * share)
    try {
      const { colour } = stockOf(options.background ?? '#ffffff')
      const bytes = await videoOf(format, film, colour, { onProgress, isOver })
      if (bytes === 'no encoder') notices.add('problem', t.noEncoder(name))
      else if (bytes) return await ask('deliver', { format, bytes })
    } catch (error) {
      notices.failure(error, 'save')
    }
    return undefined
  })
}
