import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { CLI, expectSentence, fewline, outcomeOf, pathsIn, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()
const QUICK = ['--strokes', '8', '--iterations', '5']
const read = (name: string) => readFileSync(join(folder.path, name), 'utf8')
const place = (name: string) => join(folder.path, name)

describe('fewline sketch', () => {
  test('draws a photo into an SVG beside where it was called', async () => {
    mkdirSync(place('Fotos'))
    await writePhoto(place('Fotos/Käse "3" & <b>.png'))
    const { code, stdout, stderr } = await fewline(folder.path, ['sketch', 'Fotos/Käse "3" & <b>.png', ...QUICK])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('8 strokes')
    expect(folder.files()).toEqual(['Fotos', 'Käse "3" & <b>.svg'])
    const svg = read('Käse "3" & <b>.svg')
    expect(pathsIn(svg)).toBe(8)
    expect(svg).toContain('<title>Käse "3" &amp; &lt;b&gt;</title>')
    expect(svg).toMatch(/viewBox="0 0 224 149\.33\d*"/)
  })

  test('draws a photo ten times as long as broad in its own shape', async () => {
    const dots = [300, 1000, 1700].map((x) => `<circle cx="${x}" cy="100" r="70"/>`).join('')
    const wide = sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="200">${dots}</svg>`))
    await wide.flatten({ background: 'white' }).png().toFile(place('wide.png'))
    expect(await fewline(folder.path, ['sketch', 'wide.png', ...QUICK])).toMatchObject({ code: 0 })
    expect(read('wide.svg')).toContain('viewBox="0 0 224 22.4"')
    const { data, info } = await sharp(place('wide.svg'))
      .resize(2000)
      .flatten({ background: 'white' })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const ink = [...data].flatMap((grey, i) => (grey < 128 ? [i % info.width] : []))
    const near = (x: number): number[] => ink.filter((at) => Math.abs(at - x) < 130)
    expect([300, 1000, 1700].every((x) => near(x).length > 500)).toBe(true)
    expect([300, 1000, 1700].flatMap(near)).toHaveLength(ink.length)
  })

  // Windows takes no command line that long.
  test.skipIf(process.platform === 'win32')(
    'takes more photos than ONNX Runtime could stand the names of',
    async () => {
      await writePhoto(place('a.png'))
      const names = 'a b c d e f g h'.split(' ')
      const photos = names.map((name) => `${'./'.repeat(2000)}${name}.png`)
      const { code, stderr } = await fewline(folder.path, ['sketch', ...photos, '--strokes', '2', '--iterations', '1'])
      expect(stderr).toMatch(/\n1 of 8 photos were drawn\.\n$/)
      expect([code, pathsIn(read('a.svg'))]).toEqual([1, 2])
    },
  )

  test('writes what -o asks for: a file, a picture of a size, a folder', async () => {
    await writePhoto(place('a.png'))
    mkdirSync(place('sketches'))
    expect(await fewline(folder.path, ['sketch', 'a.png', '-o', 'b.svg', '--size', '120mm', ...QUICK])).toMatchObject({
      code: 0,
    })
    expect(read('b.svg')).toContain('width="120mm" height="80mm"')
    expect(await fewline(folder.path, ['sketch', 'a.png', '-o', 'c.png', '--size', '300px', ...QUICK])).toMatchObject({
      code: 0,
    })
    expect(await sharp(place('c.png')).metadata()).toMatchObject({ format: 'png', width: 300, height: 200 })
    expect(await fewline(folder.path, ['sketch', 'a.png', '-o', 'sketches/', ...QUICK])).toMatchObject({ code: 0 })
    expect(existsSync(place('sketches/a.svg'))).toBe(true)
    expect(folder.files()).toEqual(['a.png', 'b.svg', 'c.png', 'sketches'])
  })

  test('draws as many strokes as it takes, and a series that grows in files or in layers', async () => {
    await writePhoto(place('a.png'))
    const quick = ['--iterations', '5']
    expect(
      await fewline(folder.path, ['sketch', 'a.png', '--strokes', 'auto', '--detail', '0.4', ...quick]),
    ).toMatchObject({ code: 0 })
    expect(pathsIn(read('a.svg'))).toBeGreaterThan(0)
    expect(await fewline(folder.path, ['sketch', 'a.png', '-o', 'b.svg', '--series', '2,4,8', ...quick])).toMatchObject(
      { code: 0 },
    )
    const pathsOf = (svg: string): string[] => Array.from(svg.matchAll(/ d="([^"]+)"/g), ([, data]) => data!)
    const drawings = [2, 4, 8].map((count) => pathsOf(read(`b-${count}.svg`)))
    expect(drawings.map(({ length }) => length)).toEqual([2, 4, 8])
    for (const fewer of drawings) expect(drawings[2]!.slice(0, fewer.length)).toEqual(fewer)
    const layers = ['sketch', 'a.png', '-o', 'c.svg', '--series', '2,4,8', '--layers', ...quick]
    expect(await fewline(folder.path, layers)).toMatchObject({ code: 0 })
    expect(read('c.svg').match(/inkscape:label="[^"]+"/g)).toEqual(
      ['2', '4', '8'].map((n) => `inkscape:label="${n} strokes"`),
    )
    expect(pathsOf(read('c.svg'))).toEqual(drawings[2])
  })

  test('draws a whole scene: what is behind in fewer, thinner and grey strokes, under the subject', async () => {
    const svg = (content: string) =>
      sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="448" height="300">${content}</svg>`)).png()
    const ball = (fill: string) => `<circle cx="150" cy="170" r="70" fill="${fill}"/>`
    const behind = '<rect width="448" height="190" fill="#cde"/><path d="M250 190L340 60L430 190z" fill="#57564a"/>'
    await svg(`<rect width="448" height="300" fill="#7a9a5a"/>${behind}${ball('#c33')}`).toFile(place('a.png'))
    await svg(`<rect width="448" height="300"/>${ball('#fff')}`).toFile(place('mask.png'))
    const scene = ['sketch', 'a.png', '--mask', 'mask.png', '--iterations', '5']
    const strokesOf = (name: string) => {
      const [, most] = /<g [^>]*stroke="([^"]+)"/.exec(read(name))!
      return Array.from(read(name).matchAll(/<path([^>]*) d="M ([\d.]+) ([\d.]+)/g), ([, look, x, y]) => ({
        isGrey: (/stroke="([^"]+)"/.exec(look!)?.[1] ?? most) !== '#000',
        isBehind: Math.hypot(Number(x) - 75, Number(y) - 85) > 39,
      }))
    }
    expect(await fewline(folder.path, [...scene, '--scene', '-o', 'b.svg'])).toMatchObject({ code: 0 })
    const strokes = strokesOf('b.svg')
    const grey = strokes.findIndex(({ isGrey }) => !isGrey)
    expect(grey).toBeGreaterThan(0)
    expect(grey).toBeLessThanOrEqual(strokes.length - grey)
    strokes.forEach(({ isGrey, isBehind }, i) => expect([isGrey, isBehind]).toEqual([i < grey, i < grey]))
    expect(await fewline(folder.path, [...scene, '--behind', '2', '--strokes', '3', '-o', 'c.svg'])).toMatchObject({
      code: 0,
    })
    expect(strokesOf('c.svg').map(({ isGrey }) => isGrey)).toEqual([true, true, false, false, false])
  })

  test('draws a ladder: a sheet with rows and columns, each of its drawings a file that it links to', async () => {
    await writePhoto(place('a.png'))
    const call = ['sketch', 'a.png', '--ladder', 'steps.svg', '--series', '2,4', '--iterations', '1', '--seed', '0']
    expect(await fewline(folder.path, call)).toMatchObject({ code: 0 })
    const sheet = read('steps.svg')
    const links = Array.from(sheet.matchAll(/<a href="([^"]+)">/g), ([, file]) => file!)
    expect(links).toEqual([1, 2, 3, 4].flatMap((row) => [2, 4].map((count) => `steps-${row}-${count}.svg`)))
    expect(folder.files()).toEqual(['a.png', ...links, 'steps.svg'].sort())
    links.forEach((file, i) => expect(pathsIn(read(file))).toBe([2, 4][i % 2]))
    expect(pathsIn(sheet)).toBe(4 * (2 + 4))
    expect(read('steps-4-4.svg')).not.toBe(read('steps-1-4.svg'))
  })

  test('draws one line that never lifts, and orders as a hand does', async () => {
    await writePhoto(place('a.png'))
    expect(await fewline(folder.path, ['sketch', 'a.png', '-o', 'one.svg', '--one-line', ...QUICK])).toMatchObject({
      code: 0,
    })
    expect(pathsIn(read('one.svg'))).toBe(1)
    expect(read('one.svg').match(/M/g)).toHaveLength(1)
    expect(
      await fewline(folder.path, ['sketch', 'a.png', '-o', 'hand.svg', '--order', 'hand', '--left-handed', ...QUICK]),
    ).toMatchObject({ code: 0 })
    expect(pathsIn(read('hand.svg'))).toBe(8)
  })

  test.each(['pdf', 'gif', 'webp', 'animated.svg', 'json'])('writes .%s, and again over it', async (ending) => {
    await writePhoto(place('a.png'))
    for (const seed of ['0', '1']) {
      const call = ['sketch', 'a.png', '-o', `b.${ending}`, '--seed', seed, ...QUICK]
      expect(await fewline(folder.path, call)).toMatchObject({ code: 0 })
    }
    expect(folder.files()).toEqual(['a.png', `b.${ending}`])
  })

  test('puts it on a page for a plotter, and says how far the pen travels', async () => {
    await writePhoto(place('a.png'))
    const call = ['sketch', 'a.png', '--page', 'A5', '--margin', '2cm', '--plotter', '--json', 'r.json', ...QUICK]
    const { code, stderr } = await fewline(folder.path, call)
    expect(code).toBe(0)
    expect(stderr).toMatch(/a\.svg: the pen travels \d+\.\d\d m instead of \d+\.\d\d m in the air\.\n$/)
    expect(read('a.svg')).toContain(
      'width="210mm" height="148mm" viewBox="0 0 210 148" data-frame="24 20 162 108 210 148"',
    )
    expect(read('a.svg')).toContain('inkscape:label="1 #000"')
    const { travel } = JSON.parse(read('r.json')) as { travel: { before: number; after: number } }
    expect(travel.after).toBeLessThanOrEqual(travel.before)
  })

  test('a sketch too large for its page is refused before it is drawn', async () => {
    await writePhoto(place('a.png'))
    const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', '--page', 'A6', '--size', '30cm'])
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(folder.files()).toEqual(['a.png'])
  })

  test('-o - writes the SVG, and only that, to standard output', async () => {
    await writePhoto(place('a.png'))
    const { code, stdout } = await fewline(folder.path, ['sketch', 'a.png', '-o', '-', ...QUICK])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^<svg [^]*<\/svg>\n$/)
    expect(pathsIn(stdout)).toBe(8)
    expect(folder.files()).toEqual(['a.png'])
  })

  test('--json - and --csv - write to standard output, too', async () => {
    await writePhoto(place('a.png'))
    const json = await fewline(folder.path, ['sketch', 'a.png', '--json', '-', ...QUICK])
    expect(JSON.parse(json.stdout)).toMatchObject({ photo: 'a.png', outputs: ['a.svg'] })
    const csv = await fewline(folder.path, ['sketch', 'a.png', '--csv', '-', ...QUICK])
    expect(csv.stdout).toMatch(/^seed,step,loss,.*\n0,0,/)
    expect(folder.files()).toEqual(['a.png', 'a.svg'])
  })

  test('the same seed draws the same sketch', async () => {
    await writePhoto(place('a.png'))
    const [one, two] = await Promise.all(
      [1, 2].map(() => fewline(folder.path, ['sketch', 'a.png', '-o', '-', ...QUICK])),
    )
    expect(one!.stdout).toBe(two!.stdout)
  })

  test('replaces what Fewline wrote, and anything when forced', async () => {
    await writePhoto(place('a.png'))
    const again = () => fewline(folder.path, ['sketch', 'a.png', '--json', 'a.json', '--csv', 'a.csv', ...QUICK])
    expect([(await again()).code, (await again()).code]).toEqual([0, 0])
    writeFileSync(place('a.svg'), 'mine')
    expect([(await again()).code, read('a.svg')]).toEqual([2, 'mine'])
    expect(await fewline(folder.path, ['sketch', 'a.png', '--force', ...QUICK])).toMatchObject({ code: 0 })
    expect(pathsIn(read('a.svg'))).toBe(8)
  })

  test('reports how it went', async () => {
    await writePhoto(place('a.png'))
    const call = [
      'sketch',
      'a.png',
      '--json',
      'report.json',
      '--strokes',
      '5',
      '--iterations',
      '20',
      '--preset',
      'fast',
    ]
    expect(await fewline(folder.path, call)).toMatchObject({ code: 0 })
    const report = JSON.parse(read('report.json')) as Record<string, unknown>
    expect(report).toMatchObject({
      photo: 'a.png',
      strokes: 5,
      encoder: 'builtin',
      preset: 'fast',
      outputs: ['a.svg'],
      warnings: [],
    })
    const number = expect.any(Number) as number
    expect(report).toMatchObject({
      iterations: 20,
      seconds: number,
      secondsPerIteration: number,
      loss: number,
      device: 'cpu',
    })
    const history = report['history'] as { step: number; loss: number; terms: object }[]
    expect(history.length).toBeGreaterThan(1)
    expect(history[0]).toMatchObject({ step: 0, loss: number, terms: {} })
    expect(report['seeds']).toEqual([{ seed: 0, loss: number }])
  })

  test('writes every frame', async () => {
    await writePhoto(place('a.png'))
    const call = [
      'sketch',
      'a.png',
      '--frames',
      'frames',
      '--json',
      'report.json',
      '--strokes',
      '5',
      '--iterations',
      '20',
    ]
    expect(await fewline(folder.path, call)).toMatchObject({ code: 0 })
    const { history } = JSON.parse(read('report.json')) as { history: unknown[] }
    const frames = history.map((_, i) => read(`frames/a-${String(i + 1).padStart(4, '0')}.svg`))
    expect(frames.map(pathsIn)).toEqual(history.map(() => 5))
    expect(frames.at(-1)).toBe(read('a.svg'))
  })

  test('begins with the strokes of another drawing', async () => {
    await writePhoto(place('a.png'))
    expect(await fewline(folder.path, ['sketch', 'a.png', '-o', 'b.svg', ...QUICK])).toMatchObject({ code: 0 })
    const { code, stdout } = await fewline(folder.path, [
      'sketch',
      'a.png',
      '--from',
      'b.svg',
      '-o',
      '-',
      '--iterations',
      '5',
    ])
    expect([code, pathsIn(stdout)]).toEqual([0, 8])
  })
})

describe('several photos', () => {
  test('a folder at once, each into a file of its own', async () => {
    mkdirSync(place('in'))
    mkdirSync(place('out'))
    for (const name of ['in/a.png', 'in/a.jpg', 'in/B b.png']) await writePhoto(place(name))
    writeFileSync(place('in/notes.txt'), 'no picture')
    const { code } = await fewline(place('out'), ['sketch', '../in', '--json', 'report.json', ...QUICK])
    expect(code).toBe(0)
    for (const name of ['a', 'a-2', 'B b']) expect(pathsIn(read(`out/${name}.svg`))).toBe(8)
    const { photos } = JSON.parse(read('out/report.json')) as { photos: { photo: string; outputs: string[] }[] }
    expect(photos.map(({ outputs }) => outputs)).toEqual([['B b.svg'], ['a.svg'], ['a-2.svg']])
  })

  test('go on past a bad one, which is told of at the end', async () => {
    await writePhoto(place('a.png'))
    writeFileSync(place('bad.png'), 'no picture')
    await writePhoto(place('c.png'))
    const call = ['sketch', 'a.png', 'bad.png', 'nowhere.png', 'c.png', '--json', 'report.json', ...QUICK]
    const { code, stderr } = await fewline(folder.path, call)
    expect(code).toBe(1)
    expect(folder.files()).toEqual(['a.png', 'a.svg', 'bad.png', 'c.png', 'c.svg', 'report.json'])
    const sentences = stderr.match(/^Expected .*\n/gm)!
    expect(sentences).toHaveLength(2)
    sentences.forEach(expectSentence)
    expect(stderr).toMatch(/\n2 of 4 photos were drawn\.\n$/)
    const { photos } = JSON.parse(read('report.json')) as { photos: { photo: string; error?: object }[] }
    expect(photos.map(({ error }) => error !== undefined)).toEqual([false, true, true, false])
  })
})

describe.skipIf(process.platform === 'win32')('stopping', () => {
  const LONG = ['sketch', 'a.png', '--strokes', '8', '--iterations', '100000', '--frames', 'frames']

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s in the middle saves what is drawn so far', async (signal) => {
    await writePhoto(place('a.png'))
    const { code, stderr } = await fewline(folder.path, LONG, (child) => {
      void (async () => {
        while (!existsSync(place('frames/a-0002.svg'))) await setTimeout(20)
        child.kill(signal)
        // A terminal that is closed is told of by the system and by the shell.
        if (signal === 'SIGHUP') child.kill(signal)
      })()
    })
    expect(code).toBe(130)
    expect(stderr).toContain('a.svg: 8 strokes, stopped after')
    expect(pathsIn(read('a.svg'))).toBe(8)
    expect(folder.files()).toEqual(['a.checkpoint.json', 'a.png', 'a.svg', 'frames'])
  })

  test('in the first of several photos, the report is one of several, of which none was drawn', async () => {
    for (const name of ['a.png', 'b.png']) await writePhoto(place(name))
    const { code } = await fewline(folder.path, [...LONG, 'b.png', '--json', 'report.json'], (child) => {
      void (async () => {
        while (!existsSync(place('frames/a-0002.svg'))) await setTimeout(20)
        child.kill('SIGINT')
      })()
    })
    expect(code).toBe(130)
    const { photos } = JSON.parse(read('report.json')) as { photos: { photo: string }[] }
    expect(photos).toEqual([])
    expect(folder.files()).toEqual(['a.png', 'b.png', 'frames', 'report.json'])
  })

  test('a reader of the pipe that has had enough is no error', async () => {
    await writePhoto(place('a.png'))
    const script = '"$0" "$1" sketch a.png -o - --iterations 5 --strokes 512 | true'
    const { stderr } = await outcomeOf('bash', ['-c', script, process.execPath, CLI], folder.path)
    expect(stderr).not.toMatch(/EPIPE|Expected| at /)
  })

  const shell = (script: string) => outcomeOf('bash', ['-c', script, process.execPath, CLI], folder.path)
  const DRAW = '"$0" "$1" sketch a.png --strokes 2 --iterations 4 --preset fast'

  test.skipIf(!existsSync('/dev/full'))('people who can not be told any more do not cost the drawing', async () => {
    await writePhoto(place('a.png'))
    await shell(`${DRAW} -o a.svg 2>&1 | true; ${DRAW} -o b.svg 2>/dev/full; echo $? >code; ${DRAW} -o c.svg 2>&- >&-`)
    for (const name of ['a.svg', 'b.svg', 'c.svg']) expect(pathsIn(read(name))).toBe(2)
    expect(read('code')).toBe('0\n')
  })

  test.skipIf(!existsSync('/dev/full'))(
    'what is asked for on standard output arrives there, or the call has failed',
    async () => {
      await writePhoto(place('a.png'))
      const calls = [`${DRAW} -o -`, '"$0" "$1" --help', '"$0" "$1" models list', '"$0" "$1" models list --json']
      for (const call of calls) {
        const { stderr } = await shell(`${call} >/dev/full; echo $? >code`)
        expectSentence(stderr.split('\n').slice(-2).join('\n'))
        expect([call, read('code')]).toEqual([call, '1\n'])
      }
    },
  )
})
