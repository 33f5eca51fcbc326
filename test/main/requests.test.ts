import { describe, expect, test } from 'vitest'
import { type Asking, CANVAS, DEFAULT_SETTINGS, type Drawing } from '../../main/api.ts'
import { newDocument } from '../../main/host/document.ts'
import { moveOrder, phrasesOf, wordsOrder } from '../../main/host/requests.ts'

function asking(next: { draw?: Partial<Asking['draw']>; move?: Asking['move'] }) {
  const { words } = DEFAULT_SETTINGS
  const said = { ...words, draw: { ...words.draw, ...next.draw }, ...(next.move && { move: next.move }) }
  return newDocument({ ...DEFAULT_SETTINGS, encoder: 'builtin', colour: '#ff0000', words: said })
}

const drawing: Drawing = {
  strokes: { points: new Float32Array(24), widths: Float32Array.of(3, 3, 3), width: CANVAS, height: CANVAS },
  locked: [0],
}

describe('what the engine is asked for in words', () => {
  test('is the sentence, by an encoder that reads, in the colours chosen; a painting', () => {
    const draw = { text: 'red', against: ' text, , a frame ', colours: 'palette', palette: ['#ff0000'] } as const
    const { request, by, marks } = wordsOrder(asking({ draw: { ...draw, palette: [...draw.palette] } }))
    expect(request).toMatchObject({ text: 'red', encoder: 'auto', strokes: 128, preset: 'standard' })
    expect(request.words).toMatchObject({ against: ['text', 'a frame'], palette: [[1, 0, 0]], mono: false })
    expect([by, marks]).toEqual(['words', { locked: [], painted: true }])
    expect(() => wordsOrder(asking({ draw: { text: '  ' } }))).toThrow(/Expected a sentence/)
    expect(phrasesOf('')).toEqual([])
  })

  test('moves what is free in the colour of the ink, and keeps what was locked before', () => {
    const document = asking({ move: { text: 'dark', source: 'bright' } })
    const { request, marks, inInk } = moveOrder(document, drawing, [0, 2])
    expect(request.locked).toEqual([0, 1])
    expect([...request.from!.colors!.subarray(0, 4)]).toEqual([1, 0, 0, 1])
    expect(request.words?.source).toBe('bright')
    expect([marks, inInk]).toEqual([drawing, true])
    expect(() => moveOrder(document, drawing, [0])).toThrow(/all of them are locked/)
  })
})
