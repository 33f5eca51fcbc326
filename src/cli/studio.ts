import { WrongCall } from './complain.ts'

/** The door of the studio's host (main/serve.ts). */
export interface Studio {
  serve(options: { port: number; open: boolean; output?: string; version: string }, stop: AbortSignal): Promise<void>
}

export function portOption(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw new WrongCall('--port to be from 0 to 65535', `"${text}" came`, 'choose another, or 0 for any that is free')
}
