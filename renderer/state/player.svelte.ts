import type { Drawing, Moment, Strokes } from '../../main/api.ts'

/** What a film shows: the pen that draws, or how the strokes found their places. */
export type Film = 'pen' | 'run'

/** How fast it can be played. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const

/** A pen is looked at so often, and as often a second as people take for motion: six seconds. */
const PEN_MOMENTS = 180
const RATE = 30
/** A run takes no longer than this at its own speed, in seconds. */
const LONGEST_RUN = 8

interface Needs {
  /** The run that can be seen, and the drawing that a pen can draw. */
  moments(): readonly Moment[]
  drawing(): Drawing
  /** Asks how a pen draws; undefined when that can't be told. */
  penMoments(drawing: Drawing, count: number): Promise<readonly Strokes[] | undefined>
}

/** The time-lapse: a film of the drawing, on the page instead of it, as long as it is open. */
export function createPlayer({ moments, drawing, penMoments }: Needs) {
  let film = $state.raw<Film | undefined>()
  let frames = $state.raw<readonly Strokes[]>([])
  /** Between frames while it plays. */
  let at = $state(0)
  let playing = $state(false)
  let speed = $state<number>(1)
  let clock: number | undefined

  const last = $derived(Math.max(0, frames.length - 1))
  const index = $derived(Math.min(last, Math.floor(at)))
  const rate = $derived(film === 'run' ? Math.max(RATE, frames.length / LONGEST_RUN) : RATE)

  function pause(): void {
    playing = false
    if (clock !== undefined) cancelAnimationFrame(clock)
    clock = undefined
  }
  function play(): void {
    if (frames.length < 2 || playing) return
    if (index === last) at = 0
    playing = true
    let before: number | undefined
    const tick = (now: number): void => {
      at = Math.min(last, at + (rate * speed * (now - (before ?? now))) / 1000)
      before = now
      if (at === last) pause()
      else clock = requestAnimationFrame(tick)
    }
    clock = requestAnimationFrame(tick)
  }
  function seek(to: number): void {
    pause()
    at = Math.min(last, Math.max(0, to))
  }
  function close(): void {
    pause()
    film = undefined
    frames = []
  }

  return {
    /** Undefined while it is closed. */
    get film() {
      return film
    },
    /** What is seen instead of the drawing. */
    get frame(): Strokes | undefined {
      return film && frames[index]
    },
    get index() {
      return index
    },
    /** Of the last frame. */
    get last() {
      return last
    },
    get playing() {
      return playing
    },
    get speed() {
      return speed
    },
    set speed(next) {
      speed = next
    },
    get hasRun() {
      return moments().length > 1
    },
    /** Shows a film from its beginning, and plays it unless people have asked their system for less motion. */
    async open(next: Film) {
      pause()
      film = next
      frames = []
      at = 0
      const shown =
        next === 'run'
          ? [...moments().map(({ strokes }) => strokes), drawing().strokes]
          : await penMoments(drawing(), PEN_MOMENTS)
      // Another one was asked for meanwhile, or none.
      if (film !== next || frames.length > 0) return
      if (!shown) {
        close()
        return
      }
      frames = shown
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) play()
    },
    toggle: () => (playing ? pause() : play()),
    seek,
    step: (by: number) => seek(index + by),
    close,
  }
}
export type Player = ReturnType<typeof createPlayer>
