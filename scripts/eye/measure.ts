/** Measures nets on held-out scenes: `node scripts/eye.mjs measure FOLDER EYE.onnx…`, the scenes being kept in the folder. */
import { measuredFile } from './training/measured.ts'
import { HELD_OUT } from './training/plan.ts'
import { Pool } from './training/pool.ts'

const [folder, ...nets] = process.argv.slice(2)
if (!folder || nets.length === 0) {
  console.error('Expected a folder for scenes and the files of nets, but got less: see scripts/eye/README.md.')
  process.exit(2)
}
const pool = new Pool(folder, HELD_OUT.first, HELD_OUT.count)
const scenes = await pool.upTo(HELD_OUT.count)
for (const net of nets) {
  const { f, precision, recall, threshold, overlap } = await measuredFile(net, scenes)
  const lines = `lines F ${f.toFixed(3)} at ${threshold.toFixed(2)} (precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)})`
  console.log(`${net}: ${lines}, figure IoU ${overlap.toFixed(3)}`)
}
