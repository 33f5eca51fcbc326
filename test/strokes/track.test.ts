import { describe, expect, test } from 'vitest'
import type { Chain } from '../../src/strokes/chains.ts'
import type { Cubic } from '../../src/strokes/fit.ts'
import { piecesOf } from '../../src/strokes/pieces.ts'
import { kept, tracker } from '../../src/strokes/track.ts'

/** A level line from x = 20 to x = 120, of full strength but for a bridged gap from 60 to 70. */
const y = 100
const x = Array.from({ length: 101 }, (_, k) => 20 + k)
const level: Chain = { x, y: x.map(() => y), strength: x.map((at) => (at >= 60 && at <= 70 ? 0 : 1)), closed: false }
const pieces = piecesOf([level])
const next = tracker(pieces)
const trackOf = (cubic: Cubic) => {
  const track = next(cubic)
  return track && kept(track)
}

function line(fromX: number, fromY: number, toX: number, toY: number): Cubic {
  const at = (share: number): [number, number] => [fromX + share * (toX - fromX), fromY + share * (toY - fromY)]
  return [...at(0), ...at(1 / 3), ...at(2 / 3), ...at(1)]
}

const worthOf = (cubic: Cubic): number => {
  const track = trackOf(cubic)
  return track ? track.closeness.reduce((sum, closeness, k) => sum + closeness * pieces.worth[track.pieces[k]!]!, 0) : 0
}

describe('the track of a stroke', () => {
  test('is worth the length that is drawn, wherever the stroke begins and ends', () => {
    for (const [from, to] of [
      [20, 60],
      [25.5, 41.3],
      [72, 119],
      [15, 58],
    ] as const) {
      const length = Math.min(60, to) - Math.max(20, from)
      const drawn = to > 70 ? to - from : length
      expect(Math.abs(worthOf(line(from, y, to, y)) - drawn)).toBeLessThanOrEqual(2)
      expect(worthOf(line(to, y, from, y))).toBeCloseTo(worthOf(line(from, y, to, y)), 9)
    }
  })

  test('fades as the stroke leaves its line, and crossing it draws nothing', () => {
    const worth = [0, 1, 2, 2.9, 3.1].map((away) => worthOf(line(75, y + away, 115, y + away)))
    expect(worth).toEqual(worth.toSorted((a, b) => b - a))
    expect(worth[1]! / worth[0]!).toBeGreaterThan(0.95)
    expect(worth[3]! / worth[0]!).toBeLessThan(0.2)
    expect(worth[4]).toBe(0)
    expect(worthOf(line(90, 80, 90, 120))).toBe(0)
  })

  test('loses no piece in a bend, on either side of it', () => {
    const turn = Array.from({ length: 120 }, (_, k) => (k / 119) * 0.5 * Math.PI)
    const [atX, atY] = [Math.cos, Math.sin].map((of) => turn.map((t) => 100 + 30 * of(t))) as [number[], number[]]
    const bend = tracker(piecesOf([{ x: atX, y: atY, strength: turn.map(() => 1), closed: false }]))
    for (const radius of [28, 30, 32]) {
      const k = 0.5523 * radius
      const arc: Cubic = [100 + radius, 97, 100 + radius, 100 + k, 100 + k, 100 + radius, 97, 100 + radius]
      expect(bend(arc)!.count).toBe(60)
    }
  })

  test('costs more where there is nothing to draw', () => {
    const [along, across] = [trackOf(line(20, y, 56, y))!, trackOf(line(46, y, 82, y))!]
    expect(across.cost - along.cost).toBeGreaterThan(4)
    expect(across.cost - along.cost).toBeLessThan(6)
  })

  test('is none where the stroke is too short, or most of it draws nothing', () => {
    expect(trackOf(line(80, y, 87, y))).toBeUndefined()
    expect(trackOf(line(80, y, 89, y))).toBeDefined()
    expect(trackOf(line(80, 20, 89, 20))).toBeUndefined()
    expect(trackOf(line(100, y, 150, y))).toBeUndefined()
    expect(trackOf(line(-40, -40, -20, -20))).toBeUndefined()
  })
})
