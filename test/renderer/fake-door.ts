import {
  CANVAS,
  type Command,
  DEFAULT_SETTINGS,
  type Door,
  type Drawing,
  type EventName,
  type EventOf,
  type Frame,
  type Photo,
  type ReplyOf,
  type RequestOf,
  type Snapshot,
  type Strokes,
} from '../../main/api.ts'

/** The host as tests want it: in memory, answering at once. What it was asked is in `asked`; `tell` is its own voice. */
export interface FakeDoor extends Door {
  readonly asked: { command: Command; request: unknown }[]
  tell<E extends EventName>(event: E, data: EventOf<E>): void
  /** The connection ends. */
  close(): void
}

type Answers = { [C in Command]?: (request: RequestOf<C>) => ReplyOf<C> }

export function fakeDoor(answers: Answers = {}, snapshot = emptySnapshot()): FakeDoor {
  const asked: FakeDoor['asked'] = []
  const listeners = new Map<EventName, Set<(data: never) => void>>()
  const closing: (() => void)[] = []
  const all = { ...defaults(snapshot), ...answers } as Record<Command, (request: unknown) => unknown>
  return {
    asked,
    async call<C extends Command>(command: C, request: RequestOf<C>) {
      asked.push({ command, request })
      return all[command](request) as ReplyOf<C>
    },
    on(event, listener) {
      const those = listeners.get(event) ?? new Set()
      listeners.set(event, those.add(listener))
      return () => those.delete(listener)
    },
    onClose: (listener) => void closing.push(listener),
    tell: (event, data) => listeners.get(event)?.forEach((listener) => listener(data as never)),
    close: () => closing.forEach((listener) => listener()),
  }
}

function defaults(snapshot: Snapshot): Answers {
  const grey = new Uint8Array(CANVAS * CANVAS)
  const started = { state: { run: 'run', phase: 'starting' as const } }
  const file = { name: 'sketch.svg', type: 'image/svg+xml', bytes: new TextEncoder().encode('<svg/>') }
  return {
    hello: () => ({ version: '0', host: 'browser', app: { theme: 'system' }, snapshot }),
    open: () => ({ opened: { ...snapshot, photo: somePhoto() } }),
    recent: () => ({ recent: [] }),
    gallery: () => ({ drawings: [] }),
    pen: ({ drawing: { strokes }, count }) => ({ moments: Array.from({ length: count }, () => strokes) }),
    subject: ({ mask }) => ({
      subject: {
        mode: mask instanceof Uint8Array ? 'painted' : mask,
        mask: grey,
        lines: grey,
        gains: [0, 40, 60, 70, 74, 75],
        counts: [1, 2, 3, 4, 5],
      },
    }),
    find: () => ({ found: { things: [{ words: 'a thing', score: 1, mask: grey }], misses: [], notes: [] } }),
    equipment: () => ({
      equipment: {
        devices: [{ id: 'auto', name: 'Automatic', available: true }],
        encoders: [{ id: 'auto', name: 'Automatic', about: 'The best there is.', installed: true, readsText: false }],
        modes: ['tone'],
        presets: [
          { id: 'fast', name: 'Fast', about: 'At once.', iterations: 40 },
          { id: 'standard', name: 'Standard', about: 'A second.', iterations: 150 },
        ],
      },
    }),
    models: () => ({ models: [] }),
    batch: () => ({
      batch: { going: false, settings: DEFAULT_SETTINGS, output: { format: 'svg' }, fixed: false, rows: [] },
    }),
    change: ({ settings }) => ({ settings: { ...DEFAULT_SETTINGS, ...settings } }),
    changeApp: ({ app }) => ({ app: { theme: 'system', ...app } }),
    draw: () => started,
    continue: () => ({ state: { run: 'continued', phase: 'starting' } }),
    pause: () => ({ state: { run: 'run', phase: 'paused' } }),
    resume: () => ({ state: { run: 'run', phase: 'drawing' } }),
    stop: () => ({ state: { run: 'run', phase: 'stopped' } }),
    edit: () => ({}),
    keepSteps: () => ({}),
    preview: () => ({ file, summary: { bytes: 6 } }),
    save: () => ({ delivered: { to: 'nowhere' }, summary: { bytes: 6 } }),
    newDocument: () => ({ snapshot: emptySnapshot() }),
  }
}

export function emptySnapshot(): Snapshot {
  return {
    document: 'document',
    title: '',
    settings: DEFAULT_SETTINGS,
    history: [],
    seeds: [],
    modified: false,
    restored: false,
  }
}

export function somePhoto(): Photo {
  return {
    name: 'cat.jpg',
    width: 640,
    height: 480,
    frame: { x: 0, y: 28, width: 224, height: 168 },
    preview: { type: 'image/png', bytes: new Uint8Array(8) },
    warnings: [],
  }
}

/** Strokes that lie beside each other: stroke i goes from (10 i, 50) to (10 i + 30, 50). */
export function someStrokes(count: number): Strokes {
  const points = Array.from({ length: count }, (_, i) => [0, 10, 20, 30].flatMap((x) => [10 * i + x, 50])).flat()
  return { points: Float32Array.from(points), widths: new Float32Array(count).fill(3), width: CANVAS, height: CANVAS }
}

export const someDrawing = (count: number, rest: Partial<Drawing> = {}): Drawing => ({
  strokes: someStrokes(count),
  locked: [],
  ...rest,
})

export function someFrame(rest: Partial<Frame> = {}): Frame {
  return {
    ...{ run: 'run', step: 1, steps: 10, seed: 0, firstSeed: 0, seeds: 1, loss: 1, terms: {} },
    way: { taken: 1, total: 10 },
    ...{
      encoder: 'builtin',
      device: 'cpu',
      seconds: 1,
      secondsPerStep: 0.1,
      secondsLeft: 9,
      done: false,
      warnings: [],
    },
    strokes: someStrokes(3),
    ...rest,
  }
}
