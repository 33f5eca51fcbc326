import { sentence } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import { snapshotOf } from '../document.ts'
import type { Host } from '../host.ts'
import { problemOf } from '../problems.ts'
import type { Window } from '../telling.ts'
import { batchCommands } from './batch.ts'
import { drawingCommands } from './drawing.ts'
import { galleryCommands } from './gallery.ts'
import { modelCommands } from './models.ts'
import { outputCommands } from './output.ts'
import { photoCommands } from './photo.ts'
import { wordsCommands } from './words.ts'

/** Lines of the journal that a report has. */
const LATELY = 60

/** What each command does for a window. */
export function handlersFor(host: Host, window: Window): Handlers {
  return {
    async hello({ document: id }) {
      const known = id === undefined ? undefined : host.documents.find(id)
      const begun = (title: string): void => host.tell(window.document, 'restoring', { title })
      const left = known || !window.document.kept ? undefined : await host.documents.adopt(begun)
      host.show(window, known ?? left ?? window.document)
      host.batch.batch.goOn()
      const { version } = host.options
      return { version, host: window.shell.host, app: host.preferences.app, snapshot: snapshotOf(window.document) }
    },
    newDocument() {
      host.show(window, host.create())
      return { snapshot: snapshotOf(window.document) }
    },
    change({ settings }) {
      const { document } = window
      // Whoever names a number of strokes wants that one.
      const auto = settings.auto ?? (settings.strokes === undefined && document.settings.auto)
      document.settings = { ...document.settings, ...settings, auto }
      host.preferences.remember(document.settings)
      if (document.photo) host.changed(document)
      return { settings: document.settings }
    },
    changeApp({ app }) {
      const changed = host.preferences.changeApp(app)
      host.tellAll('app', changed)
      return { app: changed }
    },
    async diagnostics() {
      const machine = await host.engine.work('diagnose').catch((error: unknown) => [sentence(problemOf(error))])
      const about = `Fewline ${host.options.version}, ${window.shell.host}`
      return { text: [about, ...machine, '', 'Lately:', ...host.journal.last(LATELY)].join('\n') }
    },
    cancel() {
      window.waiting.stop()
      return {}
    },
    ...photoCommands(host, window),
    ...galleryCommands(host),
    ...drawingCommands(host, window),
    ...wordsCommands(host, window),
    ...outputCommands(host, window),
    ...modelCommands(host, window),
    ...batchCommands(host, window),
  }
}
