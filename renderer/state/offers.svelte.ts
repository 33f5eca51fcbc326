import type {
  Command,
  Door,
  Equipment,
  Model,
  ModelProgress,
  Recent,
  ReplyOf,
  RequestOf,
  Source,
} from '../../main/api.ts'
import type { Notices } from './notices.svelte.ts'

/** Gives a command; what goes wrong is told to the user, unless nobody waits for it by then, and undefined comes back. */
export type Ask = <C extends Command>(
  command: C,
  request: RequestOf<C>,
  isMoot?: () => boolean,
) => Promise<ReplyOf<C> | undefined>

/** What the host has to offer: devices, encoders, models, and what was opened lately. */
export function createOffers(door: Door, ask: Ask, notices: Notices) {
  let equipment = $state.raw<Equipment>({ devices: [], encoders: [], presets: [], modes: [] })
  let models = $state.raw<readonly Model[]>([])
  let downloads = $state.raw<ReadonlyMap<string, ModelProgress>>(new Map())
  let recent = $state.raw<readonly Recent[]>([])

  /** Again when any of it may have changed. */
  async function refresh(): Promise<void> {
    await Promise.all([
      refreshRecent(),
      // The engine has to be up for these.
      ask('equipment', {}).then((reply) => (equipment = reply?.equipment ?? equipment)),
      ask('models', {}).then((reply) => (models = reply?.models ?? models)),
    ])
  }
  async function refreshRecent(): Promise<void> {
    recent = (await ask('recent', {}))?.recent ?? recent
  }

  door.on('model', (progress) => {
    downloads = new Map(downloads).set(progress.name, progress)
    if (progress.problem) notices.problem(progress.problem)
    if (progress.phase === 'done') void refresh()
  })

  return {
    get equipment() {
      return equipment
    },
    get models() {
      return models
    },
    get downloads() {
      return downloads
    },
    get recent() {
      return recent
    },
    refresh,
    refreshRecent,
    /** Shown as begun at once: it may take a while until the first of it comes. */
    async downloadModel(name: string) {
      const before = downloads
      downloads = new Map(downloads).set(name, { name, phase: 'downloading', received: 0, total: 0 })
      if (!(await ask('downloadModel', { name }))) downloads = before
    },
    stopDownload: (name: string) => ask('stopDownload', { name }),
    async importModel(source: Source) {
      await ask('importModel', { source })
      await refresh()
    },
    async removeModel(name: string) {
      await ask('removeModel', { name })
      await refresh()
    },
  }
}
