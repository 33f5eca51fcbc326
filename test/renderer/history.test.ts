import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { begun, recorded, redone, replaced, undone } from '../../renderer/state/history.ts'

describe('history', () => {
  test('undo gives back what was before, redo what came after', () => {
    const history = recorded(recorded(begun('a'), 'b'), 'c')
    expect(undone(history).present).toBe('b')
    expect(undone(undone(history)).present).toBe('a')
    expect(redone(undone(undone(history))).present).toBe('b')
  })

  test('at either end nothing happens', () => {
    const history = begun('a')
    expect(undone(history)).toEqual(history)
    expect(redone(history)).toEqual(history)
  })

  test('a new step forgets what was undone', () => {
    const history = recorded(undone(recorded(begun('a'), 'b')), 'c')
    expect(redone(history).present).toBe('c')
    expect(undone(history).present).toBe('a')
  })

  test('what replaces the present is no step of its own', () => {
    const history = replaced(recorded(begun('a'), 'b'), 'moving')
    expect(undone(history).present).toBe('a')
  })

  test('as many redos as undos lead back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), fc.nat(40), (steps, count) => {
        let history = steps.reduce(recorded, begun(-1))
        const before = history.present
        const times = Math.min(count, steps.length)
        for (let i = 0; i < times; i++) history = undone(history)
        expect(history.present).toBe([-1, ...steps][steps.length - times])
        for (let i = 0; i < times; i++) history = redone(history)
        expect(history.present).toBe(before)
      }),
    )
  })

  test('holds a bounded number of steps', () => {
    let history = begun(0)
    for (let i = 1; i <= 1000; i++) history = recorded(history, i)
    expect(history.past).toHaveLength(200)
    expect(history.past.at(-1)).toBe(999)
  })
})
