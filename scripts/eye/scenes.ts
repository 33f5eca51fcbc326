/**
 * Makes scenes: `node scripts/eye.mjs scenes FOLDER [--first SEED] [--count N] [--shard N] [--side PIXELS]`.
 * Shards that are there already stay, so that it goes on where it was stopped.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { scene } from './scene.ts'
import { shardName, writeShard } from './shards.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    first: { type: 'string', default: '0' },
    count: { type: 'string', default: '1000' },
    shard: { type: 'string', default: '50' },
    side: { type: 'string', default: '224' },
  },
})
const [folder] = positionals
const [first, count, perShard, side] = [values.first, values.count, values.shard, values.side].map(Number) as [
  number,
  number,
  number,
  number,
]
if (
  !folder ||
  ![first, count, perShard, side].every((n) => Number.isSafeInteger(n) && n >= 0) ||
  perShard < 1 ||
  side % 16
) {
  console.error(
    'Expected a folder, whole numbers and a side in multiples of 16, but got something else: see scripts/eye/README.md.',
  )
  process.exit(2)
}

mkdirSync(folder, { recursive: true })
for (let at = first; at < first + count; at += perShard) {
  if (existsSync(join(folder, shardName(at)))) continue
  const begun = performance.now()
  const scenes = Array.from({ length: Math.min(perShard, first + count - at) }, (_, i) => scene(at + i, side))
  const path = writeShard(folder, { side, first: at, scenes })
  console.log(`${path}: ${((performance.now() - begun) / 1000 / scenes.length).toFixed(3)} s a scene`)
}
