import { buffer } from 'node:stream/consumers'
import { WrongCall } from './complain.ts'
import { PIPE } from './output.ts'

let piped: Promise<Uint8Array> | undefined

/** A photo as the engine takes it: by its path, or what comes through the pipe. */
export async function pictureFrom(photo: string): Promise<string | Uint8Array> {
  if (photo !== PIPE) return photo
  if (process.stdin.isTTY) {
    throw new WrongCall('a photo on standard input', 'it is a terminal', 'pipe one in: fewline sketch - <PHOTO')
  }
  return (piped ??= buffer(process.stdin))
}
