import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const CSS = readFileSync(join(import.meta.dirname, '../../renderer/styles/tokens.css'), 'utf8')
const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]

/** A token in a theme, 0..1 a channel; what is not opaque lies on the panel. */
function colourOf(token: string, theme: Theme): number[] {
  const [, light, dark] = new RegExp(`--${token}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(CSS)!
  const hex = (theme === 'light' ? light : dark)!
  const [red, green, blue, alpha = 1] = hex.match(/\w\w/g)!.map((part) => Number.parseInt(part, 16) / 255)
  const below = alpha < 1 ? colourOf('panel', theme) : [0, 0, 0]
  return [red!, green!, blue!].map((channel, i) => channel * alpha + below[i]! * (1 - alpha))
}

/** Relative luminance, WCAG 2. */
function luminance(colour: number[]): number {
  const [r, g, b] = colour.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(one: string, other: string, theme: Theme): number {
  const [low, high] = [one, other].map((token) => luminance(colourOf(token, theme))).sort((a, b) => a - b)
  return (high! + 0.05) / (low! + 0.05)
}

describe.each(THEMES)('the colours, %s', (theme) => {
  test.each(['ink', 'ink-soft', 'ink-faint', 'accent'])('%s can be read wherever words stand', (ink) => {
    for (const ground of ['panel', 'raised', 'sunken', 'desk']) {
      expect(contrast(ink, ground, theme), `on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('words on the accent can be read, and the accent on its own tint', () => {
    expect(contrast('on-accent', 'accent', theme)).toBeGreaterThanOrEqual(4.5)
    expect(contrast('on-accent', 'accent-strong', theme)).toBeGreaterThanOrEqual(4.5)
    expect(contrast('accent-strong', 'accent-soft', theme)).toBeGreaterThanOrEqual(4.5)
  })

  test('a switch that is off, and the curve, stand out from the panel', () => {
    expect(contrast('line-strong', 'panel', theme)).toBeGreaterThanOrEqual(3)
  })
})
