import { createContext } from 'svelte'
import {
  type AppSettings,
  CANVAS,
  type Command,
  type Door,
  type Drawing,
  type Found,
  type GreyImage,
  MOST_STROKES,
  packSteps,
  type RequestOf,
  type RunState,
  type Settings,
  type Snapshot,
  type Source,
  StudioError,
  unpackSteps,
} from '../../main/api.ts'
import { words } from '../i18n/words.svelte.ts'
import { createBatch } from './batch.svelte.ts'
import { createDocument } from './document.svelte.ts'
import { changed, everyIndex, reinked, withStrokes } from './edit.ts'
import { createEdits } from './edits.svelte.ts'
import { createFound } from './found.svelte.ts'
import { createCamera } from './camera.svelte.ts'
import { createGallery } from './gallery.svelte.ts'
import { createLook, isBrush } from './look.svelte.ts'
import { type Point, together, without } from './mask.ts'
import { createNotices } from './notices.svelte.ts'
import { type Ask, createOffers } from './offers.svelte.ts'
import { unhurried } from './pace.ts'
import { createPlayer } from './player.svelte.ts'
import { createRun } from './run.svelte.ts'
import { createSaid } from './said.svelte.ts'
import { createSketch } from './sketch.svelte.ts'
import { themeOfPage } from './theme.ts'
import { createWork } from './work.svelte.ts'
import { dressed, NO_DRAWING, type Stroke } from './strokes.ts'

/** Settings follow a slider at most this often, in milliseconds. */
const PAUSE = 150
/** So do edits: no more than a frame of the screen is ever lost. */
const FRAME = 16
/** Commands after which the project file, if there is one, is out of date. */
const CHANGES: ReadonlySet<Command> = new Set<Command>([
  ...(['subject', 'change', 'draw', 'imagine', 'move', 'continue', 'edit', 'showEdit'] as const),
])
/** Commands that can be cancelled. */
const LONG: ReadonlySet<Command> = new Set<Command>([
  ...(['open', 'batchOpen', 'subject', 'save', 'preview', 'pages', 'saveEdit', 'sketchEdit'] as const),
])
const DOCUMENT_KEY = 'fewline.document'

/**
 * The window's one gate: everything it knows, and everything that can be done in it. Components read the values here
 * and call the functions here; only this file talks to the host.
 */
export function createStudio(door: Door) {
  const notices = createNotices()
  const sketch = createSketch()
  const page = createDocument(() => sketch.drawing.painted === true)
  const look = createLook()
  const found = createFound()
  const camera = createCamera(() => page.frame)
  let host = $state.raw<'desktop' | 'browser'>('browser')
  let app = $state.raw<AppSettings>({ theme: themeOfPage() })
  let opening = $state(false)
  let seeking = $state(false)
  let isLost = false
  /** The title of work that is being brought back. */
  let restoring = $state<string | undefined>()

  /** What the last sketch was asked for with; unknown of one that was there before the window. */
  let drawnFor = $state.raw<string | undefined>()
  /** What a run began with: its frames have neither colours nor locks. */
  let base: Drawing = NO_DRAWING
  /** The drawing has been edited while it was drawn: frames that are still on their way no longer move it. */
  let held = false
  const run = createRun((frame) => {
    const drawing = dressed(frame.strokes, base, frame.order)
    if (frame.order) tellWarnings(frame.warnings)
    if (held) return
    sketch.follow({ ...drawing, ...(frame.importance && { importance: frame.importance }) })
  })

  /** What the window shows as the drawing, and what is exported. */
  const moment = $derived.by((): Drawing | undefined => {
    const chosen = run.scrubbed === undefined ? undefined : run.moments[run.scrubbed]
    const { painted } = sketch.drawing
    return chosen && { strokes: chosen.strokes, locked: [], ...(painted && { painted }) }
  })
  const shown = $derived(moment ?? sketch.shown)
  /** The same without a gesture that is going on: for those who need not follow every move. */
  const resting = $derived(moment ?? sketch.resting)

  /** Those that the photo's own panel does not show already. */
  function tellWarnings(warnings: readonly string[]): void {
    const shown = [...(page.photo?.warnings ?? []), ...(page.subject?.hints ?? []).map(({ text }) => text)]
    for (const warning of warnings) if (!shown.includes(warning)) notices.add('warning', warning)
  }

  const ask: Ask = async (command, request, isMoot = () => false) => {
    try {
      const reply = await door.call(command, request)
      notices.solved(command)
      if (CHANGES.has(command)) page.modified = true
      return reply
    } catch (error) {
      // Who has cancelled it knows.
      if (!isMoot() && !(work.cancelled && LONG.has(command))) tellFailure(error, command, request)
      return undefined
    }
  }
  /** What can't be opened is told by its name, in the words of the window; what the engine said of it can be copied. */
  function tellFailure(error: unknown, command: Command, request: unknown): void {
    const source = command === 'open' ? (request as RequestOf<'open'>).source : undefined
    const name = source && 'name' in source ? source.name : ''
    if (source && error instanceof StudioError && error.problem.kind === 'photo')
      notices.problem(error.problem, command, words().photo.unreadable(name))
    else notices.failure(error, command)
  }
  const work = createWork(() => void ask('cancel', {}))
  const offers = createOffers(door, ask, notices)
  const edits = createEdits(door, ask, notices, () => {
    page.modified = true
    steps.soon()
  })
  /** The photo is shown as words edit it, instead of the drawing. */
  const retouching = $derived(look.side === 'words' && page.settings.words.verb === 'edit' && page.photo !== undefined)
  const batch = createBatch(door, ask)
  const gallery = createGallery(ask)
  const player = createPlayer({
    moments: () => run.moments,
    drawing: () => sketch.resting,
    penMoments: async (drawing, count) => (await ask('pen', { drawing, count }))?.moments,
  })

  function show(snapshot: Snapshot): void {
    restoring = undefined
    drawnFor = undefined
    player.close()
    const past = snapshot.steps && unpackSteps(snapshot.steps)
    page.show(snapshot, past)
    found.reset()
    run.reset(snapshot)
    sketch.reset(snapshot.drawing, past)
    edits.reset(snapshot, past?.photo)
    known = pasts()
    camera.reset()
    base = snapshot.drawing ?? NO_DRAWING
    sessionStorage.setItem(DOCUMENT_KEY, snapshot.document)
    batch.shown = false
    if (snapshot.restored) notices.add('info', words().connection.restored)
    if (snapshot.photo && !snapshot.subject) void findSubject('auto')
  }

  function enter(state: RunState): void {
    run.enter(state)
    if (state.problem) notices.problem(state.problem, 'run')
    else notices.solved('run')
  }

  // Settings and edits are shown at once, and soon sent.
  let changes: Partial<Settings> = {}
  const settings = unhurried(() => {
    const request = { settings: changes }
    changes = {}
    return ask('change', request)
  }, PAUSE)
  const strokes = unhurried(() => ask('edit', { drawing: sketch.drawing }), FRAME)
  /** What can be undone follows at once, where it is another: a slider that moves on adds nothing to it. */
  const pasts = () => [sketch.past, page.asked.past, edits.past]
  let known = pasts()
  const steps = unhurried(async () => {
    if (pasts().every((past, i) => past === known[i])) return
    known = pasts()
    const { past, future, edited } = sketch
    const photo = { past: edits.past, future: edits.future }
    await ask('keepSteps', { steps: packSteps({ past, future, edited, asked: page.asked, photo }) })
  }, FRAME)
  function editedByHand(): void {
    strokes.soon()
    steps.soon()
  }
  /** The host knows all that was changed here. */
  async function settled(): Promise<void> {
    await settings.now()
    await strokes.now()
    await edits.settled()
    await steps.now()
  }
  function change(next: Partial<Settings>): void {
    if (next.colour !== undefined) recolour(next.colour)
    page.settings = { ...page.settings, ...next }
    changes = { ...changes, ...next }
    settings.soon()
  }
  function recolour(ink: string): void {
    if (sketch.drawing.strokes.colors) commit(reinked(sketch.drawing, page.settings.colour, ink), undefined, 'ink')
  }

  /** How often something was opened: what is opened while another one is takes its place. */
  let opened = 0
  async function open(source: Source): Promise<void> {
    const mine = ++opened
    const isMoot = (): boolean => mine !== opened
    await settled()
    opening = true
    const name = 'name' in source ? source.name : ''
    await leaving(() =>
      work.show({ kind: 'opening', name }, async () => (await ask('open', { source }, isMoot))?.opened),
    )
    if (!isMoot()) opening = false
  }

  /** Opens a photo of the batch. */
  async function openRow(id: string, name: string): Promise<void> {
    await settled()
    await leaving(() => work.show({ kind: 'opening', name }, async () => (await ask('batchOpen', { id }))?.opened))
  }

  /** Shows another document, or none that comes; work that is in no file is kept by the host, and can be had again. */
  async function leaving(next: () => Promise<Snapshot | undefined>): Promise<void> {
    const { id, title } = page
    const snapshot = await next()
    if (!snapshot) return
    show(snapshot)
    await offers.refreshRecent()
    if (id === snapshot.document || !offers.recent.some((recent) => recent.id === id)) return
    const action = { name: words().bringBack, run: () => void open({ from: 'recent', id }) }
    notices.add('info', words().keptAside(title), { action })
  }

  /** How often the subject was asked for: only the last answer counts, and none about another document. */
  let asked = 0
  async function findSubject(mask: 'auto' | 'none' | GreyImage): Promise<void> {
    const { id, emphasis } = page
    const mine = ++asked
    seeking = true
    steps.soon()
    const name = page.photo?.name ?? ''
    const request = { mask, ...(emphasis && { emphasis }) }
    const reply = await work.show({ kind: 'looking', name }, () => ask('subject', request))
    if (mine !== asked) return
    seeking = false
    if (reply && page.id === id) page.found(reply.subject)
  }

  /** Looks for what is said; phrases have commas between them. An answer about another photo than is shown now is dropped. */
  async function find(text: string): Promise<void> {
    const words = text
      .split(',')
      .map((phrase) => phrase.trim())
      .filter((phrase) => phrase !== '')
    if (words.length === 0) return
    const answer = await lookFor({ words, points: [] })
    if (!answer) return
    found.show(answer)
    for (const note of answer.notes) tellWarnings([note])
    if (answer.things.length > 0) look.tool = 'point'
  }
  /** Takes what lies at a place of the canvas: a thing that was found, else whatever is there; with `more` besides the rest. */
  async function pointAt({ x, y }: Point, more: boolean): Promise<void> {
    const here = Math.floor(y) * CANVAS + Math.floor(x)
    const known = found.things.findIndex(({ mask }) => mask[here]! > 127)
    if (known >= 0) {
      choose(known, more)
      return
    }
    const answer = await lookFor({ words: [], points: [{ x, y }] })
    const [thing] = answer?.things ?? []
    if (thing) choose(found.add(thing), more)
  }
  async function lookFor(request: RequestOf<'find'>): Promise<Found | undefined> {
    const { photo } = page
    found.searching = true
    const reply = await ask('find', request)
    if (page.photo !== photo) return undefined
    found.searching = false
    return reply?.found
  }
  /** Draws a thing that was found, alone, or with `more` besides what is there; of that, one that was chosen goes. */
  function choose(index: number, more: boolean): void {
    const thing = found.things[index]!
    const others = [...(more ? page.chosen : [])].filter((one) => one !== thing)
    const goes = more && page.chosen.has(thing)
    if (goes && others.length === 0) return void findSubject('auto')
    const kept = more && typeof page.wanted !== 'string' ? [page.wanted] : []
    page.paint.begin()
    if (goes)
      page.paint.choose(
        others,
        together([...kept.map((mask) => without(mask, thing.mask)), ...others.map(({ mask }) => mask)]),
      )
    else page.paint.choose([...others, thing], together([...kept, thing.mask]))
    void findSubject(page.wanted)
  }

  // The run
  /** What was begun last, once the host knows of it. */
  let begun: Promise<unknown> = Promise.resolve()
  type Begin = () => Promise<{ state: RunState } | undefined>
  function start(begin: Begin, from: Drawing): Promise<boolean> {
    const started = startNow(begin, from)
    begun = started
    return started
  }
  async function startNow(begin: Begin, from: Drawing): Promise<boolean> {
    const giveUp = run.expect()
    player.close()
    if (isBrush(look.tool) || look.tool === 'point') look.tool = 'select'
    await settings.now()
    held = false
    base = from
    sketch.mark()
    steps.soon()
    const reply = await begin()
    if (reply) enter(reply.state)
    else giveUp()
    return reply !== undefined
  }
  async function draw(): Promise<void> {
    const replaces = sketch.edited && sketch.count > 0
    const ordered = wanted()
    if (!(await start(() => ask('draw', {}), NO_DRAWING))) return
    drawnFor = ordered
    if (replaces)
      notices.add('info', words().run.replaced, { action: { name: words().top.undo, run: () => void takeBack() } })
  }
  /** Draws the sentence, in colours. */
  async function imagine(): Promise<void> {
    if (await start(() => ask('imagine', {}), { ...NO_DRAWING, painted: true })) drawnFor = undefined
  }
  /** Moves what is selected by words, or all strokes; those that are locked stay. */
  async function move(): Promise<void> {
    const drawing = sketch.present
    const moving = sketch.selected.size > 0 ? [...sketch.selected] : everyIndex(drawing)
    await strokes.now()
    if (await start(() => ask('move', { drawing, moving }), drawing)) drawnFor = undefined
  }
  const said = createSaid(
    () => page.settings.words,
    (words) => change({ words }),
    pasts,
  )
  async function editPhoto(): Promise<void> {
    if (isBrush(look.tool)) look.tool = 'select'
    await settled()
    await edits.begin()
  }
  /** The photo as it is shown becomes that of a new document, to be sketched. */
  async function sketchEdited(): Promise<void> {
    await settled()
    const name = page.title
    const job = { kind: 'opening', name } as const
    await leaving(() => work.show(job, async () => (await ask('sketchEdit', { shown: edits.shown }))?.opened))
    look.side = 'settings'
  }
  /** All that makes another sketch of the same photo. */
  function wanted(): string {
    const { preset, iterations, encoder, seeds, seed, text } = page.settings
    return JSON.stringify([page.strokes, preset, iterations, encoder, seeds, seed, text])
  }
  /** The drawing before the run, instead of what it draws. */
  async function takeBack(): Promise<void> {
    held = true
    if (run.going) await tell('stop')
    undo()
  }
  /** Whoever edits what is being drawn pauses it, and goes on from the edit. */
  function hold(): void {
    if (run.phase !== 'drawing') return
    held = true
    void tell('pause')
  }
  async function continueRun(): Promise<void> {
    if (run.phase === 'paused' && run.scrubbed === undefined && !sketch.edited) {
      await tell('resume')
      return
    }
    const drawing = shown
    await start(() => ask('continue', { drawing }), drawing)
  }
  async function tell(command: 'pause' | 'resume' | 'stop'): Promise<void> {
    await begun
    // What was begun may have been refused.
    if (!run.going && run.phase !== 'paused') return
    const reply = await ask(command, {})
    if (reply) enter(reply.state)
  }

  function commit(next: Drawing, selection?: Iterable<number>, kind?: string): void {
    hold()
    player.close()
    run.scrubbed = undefined
    sketch.commit(next, selection, kind)
    editedByHand()
  }
  /** Changes what is selected. */
  function edit(change: (stroke: Stroke) => Stroke, kind?: string): void {
    commit(changed(sketch.drawing, sketch.selected, page.settings.colour, change), undefined, kind)
  }
  /** More strokes of the user's own, selected. */
  function add(strokes: readonly Stroke[]): void {
    const { kept } = sketch
    const count = sketch.present.strokes.widths.length
    if (count + strokes.length > MOST_STROKES) {
      notices.add('info', words().edit.tooMany(MOST_STROKES))
      return
    }
    commit(
      withStrokes(sketch.present, strokes, page.settings.colour),
      strokes.map((_, i) => count + i),
    )
    if (kept !== undefined) sketch.kept = kept + strokes.length
  }
  function undo(): void {
    player.close()
    sketch.undo()
    editedByHand()
  }
  /** The pen's width, of the drawing that is there as well. */
  function changeWidth(width: number): void {
    change({ width })
    // Those of a painting are part of the picture.
    if (sketch.count === 0 || run.going || sketch.drawing.painted) return
    const all = everyIndex(sketch.drawing)
    const { colour } = page.settings
    commit(
      changed(sketch.drawing, all, colour, (stroke) => ({ ...stroke, width })),
      undefined,
      'width',
    )
  }

  door.on('frame', (frame) => run.frame(frame))
  door.on('run', enter)
  door.on('seeds', ({ seeds }) => (run.seeds = seeds))
  door.on('opened', show)
  door.on('progress', ({ share }) => work.hostProgress(share))
  door.on('restoring', ({ title }) => (restoring = title))
  door.on('app', (next) => (app = next))
  door.on('notice', ({ level, text, details }) => notices.add(level, text, { details }))
  return {
    notices,
    work,
    page,
    run,
    sketch,
    look,
    camera,
    offers,
    edits,
    get retouching() {
      return retouching
    },
    batch,
    gallery,
    player,
    get host() {
      return host
    },
    get app() {
      return app
    },
    /** A photo is being read, or its subject looked for. */
    get busy() {
      return opening || seeking
    },
    /** The sketch is not what the settings ask for by now: it takes another run. */
    get outdated() {
      return drawnFor !== undefined && !run.going && sketch.count > 0 && drawnFor !== wanted()
    },
    /** The title of work that an earlier session left, while it is being brought back. */
    get restoring() {
      return restoring
    },
    get shown() {
      return shown
    },
    get resting() {
      return resting
    },
    /** What is on the page: a film of the drawing, while one is shown. */
    get seen() {
      return player.frame ?? shown.strokes
    },
    ask,
    settled,
    change,
    open,
    openRow,
    findSubject,
    found,
    find,
    pointAt,
    choose,
    draw,
    continueRun,
    imagine,
    move,
    said,
    editPhoto,
    sketchEdited,
    pause: () => tell('pause'),
    stop: () => tell('stop'),
    commit,
    add,
    hold,
    undo,
    redo() {
      sketch.redo()
      editedByHand()
    },
    /** Asks the host for the document of this window: at first, and whenever the connection is there again. */
    async begin() {
      const reply = await door
        .call('hello', { document: sessionStorage.getItem(DOCUMENT_KEY) ?? undefined })
        .catch((error: unknown) => {
          if (!isLost) notices.failure(error)
          return undefined
        })
      restoring = undefined
      if (!reply) return
      if (isLost) notices.add('info', words().connection.back)
      isLost = false
      ;({ host, app } = reply)
      show(reply.snapshot)
      await Promise.all([offers.refresh(), gallery.refresh(), batch.begin()])
    },
    lost() {
      if (!isLost) notices.add('warning', words().connection.lost)
      isLost = true
    },
    async changeApp(next: Partial<AppSettings>) {
      app = { ...app, ...next }
      await ask('changeApp', { app: next })
    },
    /** What a report of a fault needs; undefined when it can't be had. */
    diagnostics: async () => (await ask('diagnostics', {}))?.text,
    async newDocument() {
      await settled()
      await leaving(async () => (await ask('newDocument', {}))?.snapshot)
    },
    edit,
    changeWidth,
    onMenu: (listener: Parameters<typeof door.on<'menu'>>[1]) => door.on('menu', listener),
  }
}
export type Studio = ReturnType<typeof createStudio>

/** How components reach the gate without handing it down. */
export const [useStudio, provideStudio] = createContext<Studio>()
