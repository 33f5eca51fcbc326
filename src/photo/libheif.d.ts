interface HeifProblem {
  code: unknown
  message: string
}

interface HeifChannel {
  width: number
  height: number
  /** Bytes from one row to the next. */
  stride: number
  data: Uint8Array
}

/** What we call of libheif, as libheif-js hands it out. */
interface LibHeif {
  ready: Promise<unknown>
  heif_error_code: { heif_error_Ok: unknown }
  heif_colorspace: { heif_colorspace_RGB: unknown }
  heif_chroma: { heif_chroma_interleaved_RGBA: unknown }
  heif_context_alloc(): unknown
  heif_context_free(context: unknown): void
  heif_context_read_from_memory(context: unknown, bytes: Uint8Array): HeifProblem
  heif_js_context_get_primary_image_handle(context: unknown): unknown
  heif_js_decode_image2(
    handle: unknown,
    colorspace: unknown,
    chroma: unknown,
  ): Promise<HeifProblem | { image: unknown; channels: HeifChannel[] } | undefined>
  heif_image_release(image: unknown): void
  heif_image_handle_release(handle: unknown): void
}

declare module 'libheif-js/libheif-wasm/libheif-bundle.js' {
  const open: (options: { print(line: string): void; printErr(line: string): void }) => LibHeif
  export default open
}
