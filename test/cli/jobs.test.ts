import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { localPath, planJobs } from '../../src/cli/jobs.ts'
import { FORMATS, type Format } from '../../src/export/export.ts'
import { useFolder } from '../support/folder.ts'

const folder = useFolder()
const place = (name: string) => join(folder.path, name)
const formats = Object.keys(FORMATS) as Format[]

test('of a folder, what people call pictures is drawn, and nothing that is hidden or a folder', async () => {
  const odd = process.platform === 'win32' ? [] : ['g\nh "i".png']
  const pictures = ['a.jpg', 'b.JFIF', 'c.jpe', 'd.apng', 'e.heif', 'f.tif', ...odd]
  for (const name of [...pictures, '._a.jpg', '.hidden.png', '.jpg', 'notes.txt', 'jpg']) writeFileSync(place(name), '')
  mkdirSync(place('x.jpg'))
  const jobs = await planJobs([folder.path], {}, formats)
  expect(jobs.map(({ photo }) => photo)).toEqual(pictures.map(place))
  await expect(planJobs([place('x.jpg')], {}, formats)).rejects.toThrow('holds none')
})

test('with folders in it, each sketch goes into the same folder, and no sketch is drawn', async () => {
  for (const path of ['in/a.jpg', 'in/sub/a.jpg', 'in/sub/a.png', 'in/.hidden/a.jpg', 'in/out/a.png', 'b.jpg']) {
    mkdirSync(dirname(place(path)), { recursive: true })
    writeFileSync(place(path), '')
  }
  const wanted = { output: place('in/out'), format: 'png', recursive: true } as const
  const jobs = await planJobs([place('in'), place('b.jpg')], wanted, formats)
  expect(jobs.map(({ photo, output }) => [photo, output].map((path) => relative(folder.path, path)))).toEqual(
    [
      ['in/a.jpg', 'in/out/a.png'],
      ['in/sub/a.jpg', 'in/out/sub/a.png'],
      ['in/sub/a.png', 'in/out/sub/a-2.png'],
      ['b.jpg', 'in/out/b.png'],
    ].map((paths) => paths.map((path) => join(path))),
  )
})

test('names that are one on most disks are no file of two photos', async () => {
  const photos = ['Cat.jpg', 'cat.jpg', '\u00e9.jpg', 'e\u0301.jpg']
  const jobs = await planJobs(photos, { output: 'out/' }, formats)
  expect(jobs.map(({ output }) => basename(output))).toEqual(['Cat.svg', 'cat-2.svg', '\u00e9.svg', 'e\u0301-2.svg'])
})

test('the name of a photo chooses no format', async () => {
  const jobs = await planJobs(['cat.animated.jpg', 'b.png.jpg', 'c.pdf', '.jpg'], { output: 'out/' }, formats)
  expect(jobs.map(({ output, format }) => [output, format])).toEqual([
    [join('out', 'cat.animated.svg'), 'svg'],
    [join('out', 'b.png.svg'), 'svg'],
    [join('out', 'c.svg'), 'svg'],
    [join('out', '.jpg.svg'), 'svg'],
  ])
})

test.each(formats)('--format %s is that of every sketch', async (format) => {
  const jobs = await planJobs(['a.jpg', 'b/a.jpg'], { format }, formats)
  expect(jobs).toMatchObject([
    { output: `a.${format}`, format },
    { output: `a-2.${format}`, format },
  ])
  expect(await planJobs(['a.jpg'], { output: '-', format }, formats)).toMatchObject([{ output: '-', format }])
  expect(await planJobs(['a.jpg'], { output: `b.${format}`, format }, formats)).toMatchObject([{ format }])
  const other = format === 'png' ? 'pdf' : 'png'
  await expect(planJobs(['a.jpg'], { output: `b.${format}`, format: other }, formats)).rejects.toThrow('leave --format')
})

test('a photo may come through a pipe, once, or by its address', async () => {
  expect(await planJobs(['-'], {}, formats)).toMatchObject([{ photo: '-', name: 'sketch', output: 'sketch.svg' }])
  await expect(planJobs(['-', '-'], {}, formats)).rejects.toThrow('named twice')
  const path = place('a b%20ü.jpg')
  expect(localPath(pathToFileURL(path).href)).toBe(path)
  expect(localPath('File.jpg')).toBe('File.jpg')
  expect(() => localPath('file://elsewhere/a.jpg%')).toThrow('by its path')
  expect(await planJobs([pathToFileURL(path).href], {}, formats)).toMatchObject([{ photo: path, name: 'a b%20ü' }])
})
