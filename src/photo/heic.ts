import type { RawPicture } from './bmp.ts'

/**
 * The primary picture of a HEIC file, upright, as RGBA in its own colours. sharp is built without HEVC, so these take
 * another decoder, and as that is large it is loaded only for them. Throws an Error when it can't be decoded.
 */
export async function decodeHeic(bytes: Uint8Array): Promise<RawPicture> {
  const heif = await (library ??= opened())
  const context = heif.heif_context_alloc()
  try {
    const read = heif.heif_context_read_from_memory(context, bytes)
    if (read.code !== heif.heif_error_code.heif_error_Ok) throw new Error(read.message)
    return await primaryOf(heif, context)
  } finally {
    heif.heif_context_free(context)
  }
}

let library: Promise<LibHeif> | undefined

/** What the decoder would print belongs to nobody: standard output is the drawing's, and what fails is told by codes. */
async function opened(): Promise<LibHeif> {
  const { default: open } = await import('libheif-js/libheif-wasm/libheif-bundle.js')
  const heif = open({ print: () => undefined, printErr: () => undefined })
  await heif.ready
  return heif
}

async function primaryOf(heif: LibHeif, context: unknown): Promise<RawPicture> {
  const handle = heif.heif_js_context_get_primary_image_handle(context)
  if (isProblem(handle)) throw new Error(handle.message)
  try {
    const { heif_colorspace_RGB: rgb } = heif.heif_colorspace
    const { heif_chroma_interleaved_RGBA: rgba } = heif.heif_chroma
    const decoded = await heif.heif_js_decode_image2(handle, rgb, rgba)
    if (!decoded || isProblem(decoded)) throw new Error(decoded?.message ?? 'no picture')
    try {
      return gathered(decoded.channels[0]!)
    } finally {
      heif.heif_image_release(decoded.image)
    }
  } finally {
    heif.heif_image_handle_release(handle)
  }
}

/** The rows without what the decoder leaves between them, as a copy of our own. */
function gathered({ data, width, height, stride }: HeifChannel): RawPicture {
  const output = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) output.set(data.subarray(y * stride, y * stride + width * 4), y * width * 4)
  return { data: output, width, height, channels: 4 }
}

function isProblem(answer: unknown): answer is HeifProblem {
  return typeof answer === 'object' && answer !== null && 'code' in answer && Boolean(answer.code)
}
