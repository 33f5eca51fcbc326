import { describe, expect, test } from 'vitest'
import { toAnimatedSvg } from '../../src/export/animated-svg.ts'
import { checkExport, exportDrawing } from '../../src/export/export.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { toSvg } from '../../src/export/svg.ts'
import { LOOK_NAMES } from '../../src/looks/looks.ts'
import { drawnBy, penTimes } from '../../src/strokes/pen.ts'
import { redrawn, flip, visitsOf } from '../../src/strokes/tour.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { furthest, two } from '../support/strokes.ts'

/** The first of the two strokes was drawn with a pen. */
const pressed: Strokes = { ...two, pressures: Float32Array.of(0.25, 0.5, 1, 0.5, 1, 1, 1, 1, 1, 1, 1) }

describe('a drawing that looks like something', () => {
  test.each(LOOK_NAMES)('in %s reads back as what it is', (look) => {
    const colors = Float32Array.of(1, 0, 0, 0.5, 0, 0, 0, 1)
    const svg = toSvg({ ...pressed, colors }, { look, outline: true, paper: 'kraft' })
    const back = fromSvg(svg)
    expect(furthest(back.points, two.points)).toBeLessThan(0.011)
    expect(back.widths).toEqual(two.widths)
    expect(back.pressures).toEqual(pressed.pressures)
    expect(back.colors![3]).toBeCloseTo(0.5)
    expect(svg).toContain('data-paper="kraft"')
    expect(svg.match(/data-line=/g)).toHaveLength(2)
    const moving = fromSvg(toAnimatedSvg(pressed, { look }))
    expect(furthest(moving.points, two.points)).toBeLessThan(0.011)
  })

  test('keeps pressure beside a plain line, and forgets it when another program has changed that', () => {
    const svg = toSvg(pressed)
    expect(svg).toContain('data-pressure="0.25 0.5 1 0.5" d="M 10 20 C')
    expect(svg).not.toContain('data-line')
    expect(fromSvg(svg).pressures).toEqual(pressed.pressures)
    expect(fromSvg(svg.replaceAll(/ data-pressure="[^"]*"/g, ' data-pressure="0.5 2"')).pressures).toBeUndefined()
  })

  test('is plain lines for a plotter, in SVG and PDF', async () => {
    const drawing = { strokes: pressed }
    const plain = await exportDrawing('svg', { strokes: two }, { plotter: true })
    const plotted = await exportDrawing('svg', drawing, { plotter: true, look: 'charcoal', outline: true })
    const text = (content: Uint8Array): string => Buffer.from(content).toString()

    expect(text(plotted.content)).toBe(text(plain.content))
    const [line, brushed] = await Promise.all(
      (['fineliner', 'brush'] as const).map((look) => exportDrawing('pdf', { strokes: two }, { look })),
    )
    const plottedPdf = await exportDrawing('pdf', drawing, { plotter: true, look: 'brush' })
    await Promise.all([brushed!, plottedPdf].map((file) => file.verify(file.content)))
    expect(brushed!.content.length).toBeGreaterThan(1.5 * line!.content.length)
    expect(Math.abs(plottedPdf.content.length - line!.content.length)).toBeLessThan(200)
  })

  test('knows three papers, and says so of another', () => {
    for (const paper of ['white', 'cream', 'kraft', '#abc']) checkExport('svg', two, { paper })
    expect(() => checkExport('svg', two, { paper: 'vellum' })).toThrow(/white, cream, kraft or a colour/)
  })
})

describe("a pen's pressure", () => {
  test('goes with its stroke, from either end', () => {
    const [first, second] = visitsOf(pressed)
    const tour = redrawn(pressed, [second!, flip(first!)])
    expect(Array.from(tour.pressures!.slice(-4))).toEqual([0.5, 1, 0.5, 0.25])
    expect(
      redrawn(
        tour,
        visitsOf(tour)
          .toReversed()
          .map((visit, i) => (i === 0 ? flip(visit) : visit)),
      ),
    ).toEqual(pressed)
  })

  test('is there for as much as is drawn', () => {
    const spans = penTimes(pressed)
    for (const time of [0.05, 0.3, 0.6, 0.9, 1]) {
      const part = drawnBy(pressed, spans, time)!
      expect(2 * part.pressures!.length).toBe(part.points.length)
      expect(part.pressures![0]).toBe(0.25)
    }
  })
})
