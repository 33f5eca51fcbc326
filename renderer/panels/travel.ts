/** The ways that a pen goes above the paper, from the end of each path of an SVG to the start of the next. */
export interface Travel {
  readonly viewBox: string
  /** Path data, in the units of the view box. */
  readonly data: string
}

export function travelOf(svg: string): Travel {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
  const ends = [...root.querySelectorAll('path')].flatMap((path) => pensOf(path.getAttribute('d') ?? ''))
  const moves = ends.slice(1).map(({ from }, i) => `M${ends[i]!.to}L${from}`)
  return { viewBox: root.getAttribute('viewBox') ?? '0 0 1 1', data: moves.join('') }
}

/** Where the pen goes down and up again; one path may hold several lines. */
function pensOf(data: string): { from: string; to: string }[] {
  return data
    .split('M')
    .map((line) => line.match(/-?\d*\.?\d+/g) ?? [])
    .filter((numbers) => numbers.length >= 4)
    .map((numbers) => ({ from: numbers.slice(0, 2).join(' '), to: numbers.slice(-2).join(' ') }))
}
