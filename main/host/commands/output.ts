import { type Bytes, type Drawing, type ExportOptions, isFilm, type Strokes, type VideoOptions } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import { type Document, engineMask, unitTensor } from '../document.ts'
import type { Host } from '../host.ts'
import { packEdits } from '../edits.ts'
import { ENDINGS, fileName } from '../names.ts'
import type { OutgoingFile } from '../shell.ts'
import type { Window } from '../telling.ts'

type OutputCommands = Pick<Handlers, 'preview' | 'save' | 'pages' | 'deliver' | 'pen' | 'copy' | 'saveProject'>

/** What is copied as pixels is this long. */
const COPIED_PIXELS = 2048

/** What comes out. */
export function outputCommands(host: Host, window: Window): OutputCommands {
  const tell = (share: number): void => host.tell(window.document, 'progress', { share })
  const write = (order: ReturnType<typeof orderFor<ExportOptions>>, kind?: 'preview') =>
    isFilm(order.options.format)
      ? window.waiting.begin((signal) => host.films.make('film', order, signal, kind ? () => undefined : tell), kind)
      : host.engine.work('export', order)
  const make = async (options: ExportOptions, drawing: Drawing, kind?: 'preview') => {
    const { content, mediaType, summary } = await write(orderFor(window.document, options, drawing), kind)
    const name = `${fileName(window.document.title)}.${ENDINGS[options.format]}`
    return { file: { name, type: mediaType, bytes: content as Bytes }, summary }
  }
  const deliver = async (file: OutgoingFile) => {
    const delivered = await window.shell.deliver(file)
    if (delivered.to !== 'nowhere') host.exported(window.document)
    return delivered
  }
  return {
    preview: ({ options, drawing }) => make(options, drawing, 'preview'),
    async save({ options, drawing }) {
      const { file, summary } = await make(options, drawing)
      return { delivered: await deliver(file), summary }
    },
    async pages({ options, drawing }) {
      const order = orderFor(window.document, options, drawing)
      const film = await window.waiting.begin((signal) => host.films.make('pages', order, signal, tell))
      const pages = film.pages.map(({ picture, seconds }) => ({ picture: picture as Bytes, seconds }))
      return { ...film, pages }
    },
    async deliver({ format, bytes }) {
      const name = `${fileName(window.document.title)}.${format}`
      return { delivered: await deliver({ name, type: `video/${format}`, bytes }) }
    },
    async pen({ drawing: { strokes }, count }) {
      return { moments: (await host.engine.work('pen', { strokes, count })) as Strokes[] }
    },
    async copy({ as, drawing, background, look }) {
      const options = as === 'svg' ? ({ format: 'svg' } as const) : ({ format: 'png', pixels: COPIED_PIXELS } as const)
      const { file } = await make({ ...options, background, look }, drawing)
      return { delivered: await window.shell.copy(file) }
    },
    async saveProject({ drawing, as }) {
      const { document, shell } = window
      const bytes = (await host.engine.work('saveProject', projectOf(document, drawing))) as Bytes
      const file = { name: `${fileName(document.title)}.fewline`, type: 'application/x-fewline', bytes }
      const delivered = await shell.deliver(file, as ? undefined : document.path)
      if (delivered.to === 'nowhere') return { delivered }
      if (delivered.to === 'file') {
        document.path = delivered.path
        host.preferences.addRecent(delivered.path, 'project')
      }
      host.saved(document)
      return { delivered }
    },
  }
}

/** What the engine is to make: the drawing as given, and what is known of how it came to be. */
function orderFor<Options extends ExportOptions | VideoOptions>(
  { title, photo, run }: Document,
  options: Options,
  { strokes, painted }: Drawing,
) {
  const moments = isFilm(options.format) ? (run?.moments ?? []).map((moment) => moment.strokes) : []
  return { options, strokes, moments, title, frame: painted ? undefined : photo?.shown.frame }
}

function projectOf({ title, photo, mask, emphasis, settings, run, edits, ...document }: Document, edited?: Drawing) {
  const { strokes, locked = [], painted } = edited ?? document.drawing ?? {}
  const byHand = engineMask(mask)
  return {
    ...{ title, settings, locked, history: run?.moments ?? [] },
    ...(strokes && { strokes, painted }),
    ...(edits && { edits: packEdits(edits) }),
    ...(photo && { photo: { name: photo.shown.name, bytes: photo.bytes, frame: photo.shown.frame } }),
    ...(typeof byHand === 'object' && 'shape' in byHand && { mask: byHand }),
    ...(emphasis && { emphasis: unitTensor(emphasis) }),
  }
}
