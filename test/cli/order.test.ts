import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addSketchOptions, type SketchOptions } from '../../src/cli/options.ts'
import { ordered } from '../../src/cli/queue/order.ts'
import * as fewline from '../../src/index.ts'

/** They are about the call: where drawings go, who draws them, and what is told. */
const OF_THE_CALL = 'output format encoder jobs queue recursive skipExisting json force verbose'.split(' ')
/** Values of options that are not as any other of their kind. */
const VALUES: Record<string, string> = {
  ...{ strokes: '8', behind: '4', order: 'grow', series: '4,8', film: 'pen', look: 'pencil', paper: 'cream' },
  ...{ preset: 'fast', iterations: '1', seeds: '1', seed: '1', width: '2', background: 'keep', textWeight: '1' },
  ...{ detail: '0.5', fidelity: '0.5', mask: 'none', finder: 'clip', device: 'cpu', threads: '1' },
}

const NAMES = addSketchOptions(new Command()).options.map((option) => option.attributeName())

test.each(NAMES.filter((name) => !OF_THE_CALL.includes(name)))(
  'the option %s goes to whoever draws, or is refused',
  (name) => {
    const command = addSketchOptions(new Command())
    const { long, required } = command.options.find((option) => option.attributeName() === name)!
    command.parse([long!, ...(required ? [VALUES[name] ?? 'some words'] : [])], { from: 'user' })
    const options = command.opts<SketchOptions>()
    const sent = (): object => ordered(fewline, { encoder: 'builtin', ...options }).options
    try {
      expect(sent()).toEqual(options)
    } catch (error) {
      expect(String(error)).toContain(`${long} came with --queue`)
    }
  },
)
