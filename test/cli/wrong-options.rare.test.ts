import { describe, test } from 'vitest'
import { expectRefused, useFolder } from './fewline.ts'

const folder = useFolder()

describe('a wrong option is exit code 2, one sentence, and nothing written', () => {
  test.each([
    ['a negative number of strokes', ['--strokes', '-3'], 'from 1 to 512'],
    ['a fraction of a stroke', ['--strokes', '2.5'], 'from 1 to 512'],
    ['too many strokes', ['--strokes', '10000'], 'try --strokes 512'],
    ['strokes in words', ['--strokes', 'many'], 'from 1 to 512'],
    ['a detail beyond all', ['--strokes', 'auto', '--detail', '2'], 'from 0 to 1'],
    ['an order that nobody draws in', ['--order', 'random'], 'importance or grow or hand or plotter'],
    ['a series of more strokes than there are', ['--series', '4,32', '--strokes', '16'], 'leave --strokes out'],
    ['a series in one pipe', ['--series', '4,8', '-o', '-'], 'add --layers'],
    ['a ladder with another output', ['--ladder', 'l.svg', '-o', 'b.svg'], 'leave it out'],
    ['a ladder of no known kind', ['--ladder', 'l.pdf'], '.svg or .png'],
    ['more fidelity than there is', ['--fidelity', '1.5'], 'from 0 to 1'],
    ['a scene that grows', ['--scene', '--series', '4,8'], 'leave one of them out'],
    ['more strokes behind than there can be', ['--behind', '513'], 'from 0 to 512'],
    ['a spline of many strokes', ['--smooth'], 'add --one-line'],
    ['layers of nothing', ['--layers'], 'add --series'],
    ['fewer than no iterations', ['--iterations', '-1'], 'whole number'],
    ['no tries', ['--seeds', '0'], 'whole number'],
    ['a width of nothing', ['--width', '0'], 'from 0.1 to 64'],
    ['a size without sense', ['--size', 'large'], 'like 120mm'],
    ['a size of kilometres', ['--size', '1000m'], 'to ten metres'],
    ['an unknown preset', ['--preset', 'finest'], 'fast or standard or paper'],
    ['a device that is not there', ['--device', 'abacus'], 'auto or cpu or webgpu'],
    ['a weight of the text in words', ['--text-weight', 'much'], 'from 0 to 1000000'],
    ['an option without its value', ['--strokes'], '--strokes'],
    ['an unknown page', ['--page', 'A9'], 'A0, A1'],
    ['a margin without a page', ['--margin', '10mm'], 'add --page A4'],
    ['a margin without a unit that is known', ['--page', 'A4', '--margin', '3 feet'], 'write it like 120mm'],
    ['a file where the frames should go', ['--frames', 'a.png'], 'for the frames'],
    ['a drawing to begin with that is not there', ['--from', 'nowhere.svg'], 'nowhere.svg'],
    ['losses in the place of the report', ['--json', 'b.json', '--csv', 'b.json'], 'of its own'],
    ['a report in the place of the photo', ['--json', 'a.png', '--force'], 'of its own'],
    ['a sketch and its report in one pipe', ['-o', '-', '--json', '-'], 'of its own'],
    ['a film of more pixels than one should have', ['-o', 'b.gif', '--size', '5000px'], 'of 16 to 2048'],
  ])('%s', (_what, args, hint) => expectRefused(folder, args, hint))
})
