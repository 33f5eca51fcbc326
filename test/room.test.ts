import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { freeIn, freeMemory } from '../src/memory.ts'
import { roomFor, takenBy } from '../src/room.ts'

const noteOf = (...asked: Parameters<typeof roomFor>) => roomFor(...asked).note

describe('what a run takes of memory', () => {
  // Measured (docs/performance.md), in GB: never less, and not much more.
  test.each([
    ['builtin', 0.23],
    ['random:RN50', 0.87],
    ['random:RN101', 1.05],
    ['random:RN50x4', 1.57],
    ['random:ViT-B/32', 1.11],
    ['random:ViT-B/16', 1.36],
  ])('of %s is what was measured, %d GB, rounded up', (encoder, measured) => {
    const taken = takenBy({ encoder }) / 1e9
    expect(taken).toBeGreaterThan(measured)
    expect(taken).toBeLessThan(1.35 * measured)
  })

  test('is more with a sentence, and to look for words', () => {
    const encoder = 'random:RN50'
    expect(takenBy({ encoder, reads: true })).toBeGreaterThan(takenBy({ encoder }))
    expect(takenBy({ encoder: 'builtin', finds: true })).toBeGreaterThan(takenBy({ encoder: 'builtin' }))
    // `clip` with ViT-B/16, `crops` with RN50x4 and OWL-ViT took 1.04, 1.24 and 0.87 GB.
    expect(takenBy({ encoder: 'builtin', finds: true })).toBeGreaterThan(1.24e9)
  })

  test('is more by a large finder, where it is the one that looks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fewline-room-'))
    vi.stubEnv('FEWLINE_MODELS', folder)
    try {
      const any = takenBy({ finds: true })
      writeFileSync(join(folder, 'owlv2-base-patch16-ensemble.safetensors'), 'weights')
      // It took 1.66 GB.
      expect(takenBy({ finds: true })).toBeGreaterThan(1.66e9)
      expect(takenBy({ finds: true, finder: 'owlvit' })).toBe(takenBy({ finds: true }))
      expect(takenBy({ finds: true, finder: 'clip' })).toBe(any)
      expect(roomFor({ finds: true }, 1e9).note).toMatch(/^Looking for things by words takes about 1\.7 GB/)
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    }
  })
})

describe('when it may not suffice', () => {
  test('one sentence says so, and what fits instead', () => {
    expect(noteOf({ encoder: 'random:RN101' }, 2e9)).toBeUndefined()
    expect(noteOf({ encoder: 'random:RN101' }, 0.5e9)).toMatch(
      /^random:RN101 takes about 1\.2 GB of memory, and 0\.5 GB are free: choose the encoder builtin, which takes 0\.3 GB, or close other programs\.$/,
    )
    const told = 'builtin takes about 0.3 GB of memory, and 0.1 GB are free: close other programs.'
    expect(noteOf({ encoder: 'builtin' }, 0.1e9)).toBe(told)
  })

  test('what can not read is nothing to choose for a sentence', () => {
    const short = noteOf({ encoder: 'random:RN101', reads: true }, 0.5e9)
    expect(short).toMatch(/free: close other programs\.$/)
  })

  test('words alone are what takes it', () => {
    expect(noteOf({ encoder: 'builtin', finds: true }, 0.5e9)).toMatch(/^Looking for things by words takes/)
  })

  test('a model that is not there is told of by who opens it', () => {
    expect(noteOf({ encoder: 'none-such' }, 1)).toBeUndefined()
  })
})

describe('free memory', () => {
  const before = process.env['FEWLINE_MEMORY']
  afterEach(() => {
    if (before === undefined) delete process.env['FEWLINE_MEMORY']
    else process.env['FEWLINE_MEMORY'] = before
  })

  test('is what the system says, or who knows better', () => {
    delete process.env['FEWLINE_MEMORY']
    expect(freeMemory()).toBeGreaterThan(10e6)
    process.env['FEWLINE_MEMORY'] = '1.5'
    expect(freeMemory()).toBe(1.5e9)
    process.env['FEWLINE_MEMORY'] = 'much'
    expect(freeMemory()).toBeGreaterThan(10e6)
  })

  test('of a Mac counts what the system would give back', () => {
    const lines = [
      'Mach Virtual Memory Statistics: (page size of 16384 bytes)',
      'Pages free:                               10000.',
      'Pages active:                            300000.',
      'Pages inactive:                          200000.',
      'Pages speculative:                         5000.',
    ]
    expect(freeIn(lines.join('\n'))).toBe(16384 * 215_000)
  })
})
