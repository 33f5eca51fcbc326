import { join } from 'node:path'
import { type Asked, bestWidth } from '../../src/batch/crew.ts'
import {
  diagnose,
  checkOutput,
  type Device,
  deviceOf,
  FewlineError,
  fromSvg,
  importModel,
  openEye,
  removeModel,
  inspect,
  photoAround,
  type Load,
  roomFor,
  takenBy,
  type Inspection,
  previewPhoto,
  type Strokes,
  type Tensor,
  writeOutput,
} from '../../src/index.ts'
import { freeMemory } from '../../src/memory.ts'
import { editedFile } from './editing.ts'
import { packFiles } from './archive.ts'
import { equipment, models } from './equipment.ts'
import { exportAs, type ExportOrder, penOf } from './export.ts'
import { openProject, saveProject } from './projects.ts'

const MOST_STROKES = 512
/** Stays open: what it saw in a photo is kept for the next question about it. */
const eye = openEye()

/** What the engine's process does besides drawing. Inputs and results are plain data. */
export const work = {
  /** What is seen in a photo before it is drawn. */
  inspect: (input: { photo: Uint8Array; mask: string | Uint8Array | Tensor; emphasis?: Tensor }): Promise<Inspection> =>
    inspect(input),
  /** Things in a photo, by phrases and by points on the canvas. */
  async find({ photo, words, points }: { photo: Uint8Array; words: string[]; points: { x: number; y: number }[] }) {
    const { frame, sourceWidth, sourceHeight } = await eye.look(photo)
    const inFile = points.map(({ x, y }) => ({
      x: ((x - frame.x) * sourceWidth) / frame.width,
      y: ((y - frame.y) * sourceHeight) / frame.height,
    }))
    const { things, misses, notes } = await eye.find(photo, { words, points: inFile })
    return { things, misses, notes }
  },
  /** The photo around its subject. */
  around: ({ photo, mask }: { photo: Uint8Array; mask: Tensor }) => photoAround(photo, mask),
  /** A JPEG for a window. */
  preview: ({ photo, longest }: { photo: Uint8Array | string; longest?: number }) => previewPhoto(photo, longest),
  /** The strokes of an SVG file. */
  readSvg: async ({ bytes }: { bytes: Uint8Array }): Promise<Strokes> => fewEnough(fromSvg(bytes)),
  export: (order: ExportOrder) => exportAs(order),
  editedFile,
  pen: penOf,
  openProject,
  saveProject,
  /** Writes a file where the user wants it, in place of what is there; unless `spares`, then only of what Fewline wrote. */
  write: ({ path, content, spares = false }: { path: string; content: Uint8Array; spares?: boolean }) =>
    writeOutput(path, content, { force: !spares }),
  /** Whether files can be written in a folder. */
  checkFolder: ({ folder }: { folder: string }) => checkOutput(join(folder, 'sketch')),
  /** How many photos are best drawn at once. */
  width: (asked: Asked<string>) => bestWidth({ takenBy, deviceOf }, { ...asked, device: asked.device as Device }),
  /** What is to be said where memory may not suffice. What this process has already is there for the next run. */
  room: async (load: Load) => roomFor(load, freeMemory(process.memoryUsage().rss)),
  packFiles,
  equipment,
  models,
  diagnose,
  /** Takes weights that the user has; one that can't be taken is an error only when none can. */
  importModel: async ({ path }: { path: string }): Promise<void> => {
    await importModel(path)
  },
  removeModel: async ({ name }: { name: string }): Promise<void> => {
    await removeModel(name)
  },
}

/** As many lines as a drawing can have. */
function fewEnough(strokes: Strokes): Strokes {
  const count = strokes.widths.length
  if (count <= MOST_STROKES) return strokes
  const expected = `a drawing of at most ${MOST_STROKES} lines`
  throw new FewlineError({ kind: 'call', expected, came: `it has ${count}`, todo: 'join or remove some' })
}

export type Work = typeof work
export type WorkInput<W extends keyof Work> = Parameters<Work[W]>[0]
export type WorkResult<W extends keyof Work> = Awaited<ReturnType<Work[W]>>
