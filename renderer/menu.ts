import type { EventOf } from '../main/api.ts'
import {
  copy,
  deleteSelected,
  goOn,
  openGallery,
  redo,
  saveProject,
  selectAll,
  stopRun,
  toggleExport,
  togglePlayer,
  toggleRun,
  undo,
} from './panels/actions.ts'
import type { Studio } from './state/studio.svelte.ts'

type Item = EventOf<'menu'>['item']

/** What is there where many photos are shown; the others are about the page. */
const IN_BATCH: ReadonlySet<Item> = new Set<Item>([
  'open',
  'new',
  'batch',
  'gallery',
  'toggleRun',
  'models',
  'shortcuts',
])

/** What each item of the desktop app's menu does here. Ends when the function that comes back is called. */
export function onMenu(studio: Studio, choosePhoto: () => void): () => void {
  const { look, camera } = studio
  const items: Record<Item, () => void> = {
    open: choosePhoto,
    new: () => void studio.newDocument(),
    batch: () => (studio.batch.shown = true),
    save: () => void saveProject(studio),
    saveAs: () => void saveProject(studio, true),
    export: () => toggleExport(studio),
    copySvg: () => void copy(studio, 'svg'),
    copyPng: () => void copy(studio, 'png'),
    undo: () => undo(studio),
    redo: () => redo(studio),
    delete: () => deleteSelected(studio),
    selectAll: () => selectAll(studio),
    toggleRun: () => toggleRun(studio),
    stop: () => stopRun(studio),
    continue: () => goOn(studio),
    zoomIn: () => camera.zoom(1.25),
    zoomOut: () => camera.zoom(0.8),
    zoomFit: () => camera.reset(),
    gallery: () => void openGallery(studio),
    play: () => togglePlayer(studio),
    models: () => Object.assign(look, { side: 'settings', drawer: 'right', section: 'models' }),
    diagnostics: () => Object.assign(look, { side: 'settings', drawer: 'right', section: 'diagnostics' }),
    shortcuts: () => Object.assign(look, { side: 'settings', drawer: 'right', section: 'shortcuts' }),
  }
  return studio.onMenu(({ item }) => {
    if (!studio.batch.shown || IN_BATCH.has(item)) items[item]()
  })
}
