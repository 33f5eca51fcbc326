import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Scene {
  file: string
  width: number
  height: number
}
interface Picture {
  data: Uint8Array
  width: number
  height: number
}

// The script is plain JavaScript; the specifiers are computed so that its types are those stated here.
const script = (name: string): string => fileURLToPath(new URL(`../scripts/samples/${name}.mjs`, import.meta.url))
const { scenes }: { scenes: Scene[] } = await import(/* @vite-ignore */ script('scenes'))
const { render }: { render(scene: Scene, width?: number): Picture } = await import(/* @vite-ignore */ script('march'))

describe('the sample pictures', () => {
  it('are the ones their script makes', () => {
    const folder = fileURLToPath(new URL('../resources/samples/', import.meta.url))
    const pictures = readdirSync(folder).filter((file) => /\.(png|jpg)$/.test(file))
    expect(pictures.sort()).toEqual(scenes.map((scene) => scene.file).sort())
  })

  it('come out the same every time', () => {
    const duck = scenes.find((scene) => scene.file === 'duck.jpg')
    if (!duck) throw new Error('the duck is gone: render another small scene here')
    const picture = render(duck, 24)
    expect(picture).toMatchObject({ width: 24, height: Math.round((24 * duck.height) / duck.width) })
    expect(new Set(picture.data).size).toBeGreaterThan(30)
    expect(render(duck, 24).data).toEqual(picture.data)
  })
})
