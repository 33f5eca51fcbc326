import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../../src/temporary.ts'
import { type AppSettings, DEFAULT_SETTINGS, type Recent, type Settings } from '../api.ts'
import { recent } from '../api/document.ts'
import { appSettings } from '../api/settings.ts'
import { soundSettings } from './settings.ts'

/** Files that were opened lately, by path: windows know them by `id` alone. */
const recentFile = recent.extend({ path: z.string() })
export type RecentFile = z.infer<typeof recentFile>

const MOST_RECENT = 12

const stored = z.object({
  settings: z.record(z.string(), z.unknown()),
  app: appSettings.partial(),
  recent: z.array(recentFile),
})

/** What is remembered between sessions. */
export interface Preferences {
  readonly settings: Settings
  readonly app: AppSettings
  readonly recent: readonly RecentFile[]
  remember(settings: Settings): void
  changeApp(app: Partial<AppSettings>): AppSettings
  addRecent(path: string, kind: Recent['kind']): void
  removeRecent(id: string): void
  /** Something else is remembered now. */
  onChange(listener: () => void): void
}

export function openPreferences(file: string): Preferences {
  const known = read(file)
  let current = { settings: known.settings, app: known.app, recent: known.recent }

  const listeners: (() => void)[] = []

  function change(part: Partial<typeof current>): void {
    current = { ...current, ...part }
    write(file, current)
    for (const listener of listeners) listener()
  }

  return {
    get settings() {
      return current.settings
    },
    get app() {
      return current.app
    },
    get recent() {
      return current.recent
    },
    // The next drawing begins with these, but is about something else.
    remember: (asked) => change({ settings: { ...asked, text: '', seed: 0, words: withoutSentences(asked.words) } }),
    changeApp(app) {
      change({ app: { ...current.app, ...app } })
      return current.app
    },
    addRecent(path, kind) {
      const id = createHash('sha256').update(path).digest('hex').slice(0, 32)
      const entry = { id, name: basename(path), kind, opened: Date.now(), path }
      change({ recent: [entry, ...current.recent.filter((file) => file.id !== id)].slice(0, MOST_RECENT) })
    },
    onChange: (listener) => listeners.push(listener),
    removeRecent: (id) => change({ recent: current.recent.filter((file) => file.id !== id) }),
  }
}

function withoutSentences({ verb, draw, edit }: Settings['words']): Settings['words'] {
  const { words } = DEFAULT_SETTINGS
  return {
    ...{ verb, move: words.move },
    draw: { ...draw, text: '', against: '', start: false },
    edit: { ...edit, text: '', source: '', where: 'all' },
  }
}

function read(file: string) {
  const { settings, app, recent } = parse(file)
  return { settings: soundSettings(settings), app: { theme: 'system' as const, ...app }, recent }
}

function parse(file: string): z.infer<typeof stored> {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { settings: {}, app: {}, recent: [] }
  }
}

/** Remembering is a comfort: where it can't be done, Fewline works all the same. */
function write(file: string, content: unknown): void {
  try {
    writeWhole(file, JSON.stringify(content, undefined, 2), 0o600)
  } catch {
    // See above.
  }
}
