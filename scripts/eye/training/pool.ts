import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Scene, readShard, shardName } from '../shards.ts'

/** Scenes in a file. */
const SHARD = 20

/**
 * The scenes of consecutive seeds, read from a folder in their order. Those that are not there yet are made meanwhile,
 * in a process of its own.
 */
export class Pool {
  readonly scenes: Scene[] = []
  private readonly folder: string
  private readonly first: number
  private readonly count: number
  private maker: ChildProcess | undefined
  private failure: string | undefined

  constructor(folder: string, first: number, count: number) {
    this.folder = folder
    this.first = first
    this.count = count
  }

  /** Reads scenes until there are so many, and waits for those that are still to be made, unless it is stopped. */
  async upTo(count: number, stop?: AbortSignal): Promise<readonly Scene[]> {
    while (this.scenes.length < count) {
      const path = join(this.folder, shardName(this.first + this.scenes.length))
      while (!existsSync(path)) {
        if (stop?.aborted) return this.scenes
        if (this.failure) throw new Error(this.failure)
        this.make()
        await delay(200)
      }
      this.scenes.push(...readShard(path).scenes)
    }
    return this.scenes
  }

  dispose(): void {
    this.maker?.kill()
  }

  private make(): void {
    if (this.maker) return
    const program = fileURLToPath(new URL('../scenes.js', import.meta.url))
    const numbers = { first: this.first, count: this.count, shard: SHARD }
    const options = Object.entries(numbers).flatMap(([name, number]) => [`--${name}`, String(number)])
    this.maker = spawn(process.execPath, [program, this.folder, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
    if (this.maker.pid) setPriority(this.maker.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    this.maker.once('exit', (code) => {
      if (code !== 0)
        this.failure = 'Expected scenes to be made, but that stopped: begin again, it goes on where it was.'
    })
  }
}
