import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../main/api.ts'
import { changeOf, type Edit, packEdits, unpackEdits, withEdit, NO_EDITS } from '../../main/host/edits.ts'

const someEdit = (id: string, rest: Partial<Edit['change']> = {}): Edit => ({
  ...{ id, text: 'warm', mode: 'tone', preview: { type: 'image/jpeg', bytes: Uint8Array.of(1, 2, 3) } },
  change: { mode: 'tone', parameters: { grid: Float32Array.of(1, 2) }, ...rest },
})

describe('edits of a photo', () => {
  test('come back as they were packed', () => {
    const region = { data: Uint8Array.of(0, 255), width: 2, height: 1 }
    const edits = { made: [someEdit('a'), someEdit('b', { region })], shown: { edit: 'b', strength: 0.25 } }
    expect(unpackEdits(packEdits(edits))).toEqual(edits)
  })

  test('are none where numbers, regions or counts can not be', () => {
    const wrong = [
      someEdit('a', { parameters: { grid: Float32Array.of(Number.NaN) } }),
      someEdit('a', { region: { data: new Uint8Array(3), width: 2, height: 2 } }),
      someEdit('a', { region: { data: new Uint8Array(5000), width: 5000, height: 1 } }),
      someEdit('no id!'),
    ]
    for (const made of wrong) expect(unpackEdits(packEdits({ made: [made], shown: { strength: 1 } }))).toBeUndefined()
    const many = Array.from({ length: 13 }, (_, i) => someEdit(`e${i}`))
    expect(unpackEdits(packEdits({ made: many, shown: { strength: 1 } }))).toBeUndefined()
    expect(unpackEdits(encode({ made: [], shown: { strength: 2 } }))).toBeUndefined()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => unpackEdits(bytes) === undefined))
  })

  test('make room for a new one, which is shown; with no strength it is the photo', () => {
    const all = Array.from({ length: 14 }, (_, i) => someEdit(`e${i}`)).reduce(withEdit, NO_EDITS)
    expect(all.made.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, i) => `e${i + 2}`))
    expect(all.shown).toEqual({ edit: 'e13', strength: 1 })
    expect(changeOf(all, all.shown)).toBe(all.made.at(-1)!.change)
    expect(changeOf(all, { edit: 'e13', strength: 0 })).toBeUndefined()
    expect(changeOf(all, { edit: 'e0', strength: 1 })).toBeUndefined()
  })
})
