import type { Problem } from '../../errors.ts'
import type { DrawRequest, Frame } from '../request.ts'

/** What a process that draws is told. */
export type Order = { draw: DrawRequest } | { stop: true }

/** What it tells. After `end` or `failure` nothing more comes. */
export type News = { frame: Frame } | { end: true } | { failure: { problem?: Problem; message: string } }
