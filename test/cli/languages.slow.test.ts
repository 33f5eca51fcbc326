import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLI, outcomeOf, photo, useFolder } from './fewline.ts'

const folder = useFolder()

/** The command as a terminal of that language calls it. */
function spoken(language: string, ...args: readonly string[]) {
  const env = { ...process.env, LC_ALL: '', LANG: language }
  return outcomeOf(process.execPath, [CLI, ...args], folder.path, undefined, env)
}

const SAID = {
  'de_DE.UTF-8': {
    help: /Aufruf:.*Optionen:.*Befehle:.*Fotos zeichnen/s,
    error: /^Erwartet: ein Foto zum Zeichnen, aber „nix\.jpg“ gibt es nicht/,
    done: /Striche, fertig nach/,
  },
  'zh_CN.UTF-8': {
    help: /用法：.*选项：.*命令：.*绘制照片/s,
    error: /^需要：要画的照片，但“nix\.jpg”不存在/,
    done: /条笔画，.*完成/,
  },
}

test.each(Object.entries(SAID))('in %s it helps, refuses and draws as one speaks there', async (language, said) => {
  const help = await spoken(language, '--help')
  expect(help).toMatchObject({ code: 0, stdout: expect.stringMatching(said.help) })
  expect(help.stdout).not.toMatch(/Usage|Options|display|draw photos/)

  const wrong = await spoken(language, 'sketch', 'nix.jpg')
  expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(said.error) })

  writeFileSync(join(folder.path, 'cup.png'), await photo())
  const drawn = await spoken(language, 'sketch', 'cup.png', '--preset', 'fast', '--strokes', '4', '--json', 'r.json')
  expect(drawn.code).toBe(0)
  expect(drawn.stderr).toMatch(said.done)
  expect(drawn.stderr).not.toMatch(/strokes|Note|step|loss/)
})
