import { createHash } from 'node:crypto'
import { explained, openFile, refusal, type RangeFile } from './file.ts'
import { underOpenAiNames } from './names.ts'
import { looksLikeSafetensors, readSafetensors } from './safetensors.ts'
import { readTorch } from './torch.ts'
import type { Archive, Weight } from './weight.ts'

/** A weight file's tensors under OpenAI's names (`visual.conv1.weight`, …), whatever the file calls them. */
export interface Weights {
  readonly tensors: ReadonlyMap<string, Weight>
  /** Tells this content from any other, for caches; costs no reading of the whole file. */
  readonly identity: string
  close(): void
}

/** Pieces of a file without checksums that its identity looks at. */
const SAMPLES = 64
const SAMPLE_BYTES = 4096

/**
 * Opens the weights of a CLIP model: a .pt archive (torch.jit.save, torch.save) or a .safetensors file with the names of
 * OpenAI, open_clip, timm or Hugging Face. Nothing in the file is executed, whatever it holds.
 * Throws a FewlineError of kind `model`; a file that is damaged, or meant to do harm, gives nothing worse.
 */
export function openWeights(path: string): Weights {
  const file = openFile(path)
  try {
    const { tensors, content } = readArchive(file)
    return { tensors: underOpenAiNames(tensors), identity: identityOf(file, content), close: () => file.close() }
  } catch (error) {
    file.close()
    throw explained(path, error)
  }
}

function readArchive(file: RangeFile): Archive {
  if (file.size === 0) throw refusal(file.path, 'is an empty file')
  const [a, b] = file.read(0, Math.min(2, file.size))
  if (a === 0x50 && b === 0x4b) return readTorch(file)
  if (looksLikeSafetensors(file)) return readSafetensors(file)
  const old = a === 0x80
  const came = old ? "is in the old form of PyTorch's files" : 'is neither a .pt archive nor a .safetensors file'
  throw refusal(file.path, came, old ? 'save it again with a recent PyTorch' : 'choose one that is')
}

/** Of the file's size and date, its table of contents, and a few pieces from all over it. */
function identityOf(file: RangeFile, content: Uint8Array): string {
  const hash = createHash('sha256').update(`${file.size} ${file.modified} `).update(content)
  const length = Math.min(SAMPLE_BYTES, file.size)
  for (let i = 0; i < SAMPLES; i++) {
    hash.update(file.read(Math.floor(((file.size - length) * i) / (SAMPLES - 1)), length))
  }
  return hash.digest('hex')
}
