import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { toAnimatedSvg } from '../../src/export/animated-svg.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { toSvg } from '../../src/export/svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { furthest, two } from '../support/strokes.ts'

const inkscape = spawnSync('inkscape', ['--version'])
const folder = mkdtempSync(join(tmpdir(), 'fewline inkscape '))
afterAll(() => rmSync(folder, { recursive: true }))

const frame = { x: 0, y: 28, width: 224, height: 168 }
const colored: Strokes = { ...two, colors: Float32Array.of(1, 0, 0, 1, 0, 0.2, 1, 0.5) }
const files = {
  layers: toSvg(colored, { frame, page: { paper: 'A5' }, layers: true, paper: '#fed' }),
  joined: toSvg(two, { frame, joined: true }),
  animated: toAnimatedSvg(two, { frame, page: { paper: 'Letter' } }),
}

describe.skipIf(inkscape.status !== 0)('opened and saved by Inkscape, strokes stay where they are', () => {
  test.each(Object.entries(files))('%s', (name, svg) => {
    const [ours, theirs] = [join(folder, `${name}.svg`), join(folder, `${name}-saved.svg`)]
    writeFileSync(ours, svg)
    spawnSync('inkscape', [ours, '--export-type=svg', '-o', theirs])
    const saved = readFileSync(theirs, 'utf8')
    expect(saved).toContain('sodipodi')
    expect(furthest(fromSvg(saved).points, fromSvg(svg).points)).toBeLessThan(0.01)
    expect(fromSvg(saved).colors).toEqual(fromSvg(svg).colors)
  })

  test('a layer for each colour is a layer there', () => {
    const path = join(folder, 'layers.svg')
    writeFileSync(path, files.layers)
    const { stdout } = spawnSync('inkscape', [path, '--actions=select-all:layers;select-list'], { encoding: 'utf8' })
    expect(stdout.match(/^g\d+ /gm)).toHaveLength(2)
  })
})
