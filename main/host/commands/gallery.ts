import type { Handlers } from '../connection.ts'
import type { Host } from '../host.ts'

type GalleryCommands = Pick<
  Handlers,
  'gallery' | 'renameDrawing' | 'copyDrawing' | 'deleteDrawing' | 'bringBackDrawing'
>

/** The drawings of late. */
export function galleryCommands({ gallery, documents, ...host }: Host): GalleryCommands {
  const drawings = async () => ({ drawings: await gallery.list() })
  return {
    gallery: drawings,
    renameDrawing({ id, name }) {
      gallery.rename(id, name)
      const document = documents.find(id)
      if (document) {
        document.title = name
        host.changed(document)
      }
      return drawings()
    },
    copyDrawing({ id, name }) {
      gallery.copy(id, name)
      return drawings()
    },
    deleteDrawing({ id }) {
      gallery.delete(id)
      return drawings()
    },
    bringBackDrawing({ id }) {
      gallery.bringBack(id)
      return drawings()
    },
  }
}
