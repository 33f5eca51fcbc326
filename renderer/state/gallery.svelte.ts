import type { Card, ReplyOf } from '../../main/api.ts'
import type { Ask } from './offers.svelte.ts'

type Reply = ReplyOf<'gallery'> | undefined

/** The drawings of late, that the host keeps. */
export function createGallery(ask: Ask) {
  let drawings = $state.raw<readonly Card[]>([])
  /** It has been asked for: what is not there now is not there. */
  let known = $state(false)
  /** The last one that was deleted here. */
  let deleted = $state.raw<Card | undefined>()

  function take(reply: Reply): void {
    if (!reply) return
    drawings = reply.drawings
    known = true
  }
  const refresh = async (): Promise<void> => take(await ask('gallery', {}))

  return {
    get drawings() {
      return drawings
    },
    get known() {
      return known
    },
    get deleted() {
      return deleted
    },
    refresh,
    async rename({ id }: Card, name: string) {
      take(await ask('renameDrawing', { id, name }))
    },
    async copy({ id }: Card, name: string) {
      take(await ask('copyDrawing', { id, name }))
    },
    async delete(card: Card) {
      deleted = card
      take(await ask('deleteDrawing', { id: card.id }))
    },
    async bringBack() {
      if (!deleted) return
      const { id } = deleted
      deleted = undefined
      take(await ask('bringBackDrawing', { id }))
    },
    /** Nobody looks at it any more: what was deleted is not offered again. */
    leave: () => (deleted = undefined),
  }
}
