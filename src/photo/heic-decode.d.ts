declare module 'heic-decode' {
  interface Decoded {
    width: number
    height: number
    /** RGBA. */
    data: Uint8ClampedArray
  }

  interface Picture {
    /** Upright, as `decode` will give it. */
    width: number
    height: number
    decode(): Promise<Decoded>
  }

  const heic: {
    /** The pictures of a HEIC file, not yet decoded. `dispose` frees the decoder's own memory. */
    all(input: { buffer: Uint8Array }): Promise<Picture[] & { dispose(): void }>
  }
  export default heic
}
