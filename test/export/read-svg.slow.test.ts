import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { fromSvg } from '../../src/export/read-svg.ts'

const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
/** A page as large as the canvas, so that nothing is moved but by the drawing itself. */
const page = (content: string) => `<svg ${NAMESPACES} viewBox="0 0 224 224">${content}</svg>`
const black = (content: string) => page(`<g fill="none" stroke="#000">${content}</g>`)

/** Where each line begins and ends, to a thousandth. */
function endsOf(svg: string | Uint8Array): number[][] {
  const { points, segments, widths } = fromSvg(svg)
  let at = 0
  return Array.from(widths, (_, i) => {
    const first = at
    at += 2 * (3 * (segments?.[i] ?? 1) + 1)
    return [points[first]!, points[first + 1]!, points[at - 2]!, points[at - 1]!].map(
      (v) => Math.round(1000 * v) / 1000 + 0,
    )
  })
}
const coloursOf = (svg: string) => {
  const { colors, widths } = fromSvg(svg)
  const all = colors ?? Float32Array.from({ length: 4 * widths.length }, (_, i) => (i % 4 === 3 ? 1 : 0))
  return Array.from(widths, (_, i) => [...all.subarray(4 * i, 4 * i + 4)].map((v) => Math.round(255 * v)))
}
const widthsOf = (svg: string) => [...fromSvg(svg).widths].map((width) => Math.round(1000 * width) / 1000)

const LINE = 'd="M1 2L3 4"'
const SEEN = [[1, 2, 3, 4]]

describe('style sheets', () => {
  const styled = (css: string, path: string) =>
    page(`<defs><style>${css}</style></defs><g id="g" class="k">${path}</g>`)
  it.each([
    ['a class', '.a{stroke:red}', `<path class="b a" ${LINE}/>`],
    ['several classes', '.x,.a{stroke:red}', `<path class="a" ${LINE}/>`],
    ['an identifier', '#p{stroke:red}', `<path id="p" class="a" ${LINE}/>`],
    ['a name', 'path{stroke:red}', `<path ${LINE}/>`],
    ['everything', '*{stroke:red}', `<path ${LINE}/>`],
    ['an attribute', '[data-a="1"]{stroke:red}', `<path data-a="1" ${LINE}/>`],
    ['a child', 'g.k > path:first-child{stroke:red}', `<path ${LINE}/>`],
    ['a descendant', 'svg .a:not(.b){stroke:red}', `<path class="a" ${LINE}/>`],
    ['what is inherited', '#g{stroke:red}', `<path ${LINE}/>`],
    [
      'the stronger over the later',
      '#p{stroke:red} .a{stroke:blue} path{stroke:blue}',
      `<path id="p" class="a" ${LINE}/>`,
    ],
    ['the later over the earlier', '.a{stroke:blue} .a{stroke:red}', `<path class="a" ${LINE}/>`],
    ['a sheet over an attribute', '.a{stroke:red}', `<path class="a" stroke="blue" ${LINE}/>`],
    ['a style over a sheet', '.a{stroke:blue}', `<path class="a" style="stroke: red" ${LINE}/>`],
    ['what is important over a style', '.a{stroke:red !important}', `<path class="a" style="stroke:blue" ${LINE}/>`],
    ['screens and all', '@media screen{.a{stroke:red}} @media print{.a{stroke:blue}}', `<path class="a" ${LINE}/>`],
    ['what is between marks', '<![CDATA[ .a > * , .a { stroke : red } ]]>', `<path class="a" ${LINE}/>`],
    [
      'comments and mistakes',
      '/* x */ ::y{} .a{stroke red;;stroke:red;fill} @font-face{src:url(a)}',
      `<path class="a" ${LINE}/>`,
    ],
    ['properties of its own', 'svg{--ink:red}.a{stroke:var(--ink, blue)}', `<path class="a" ${LINE}/>`],
    ['what stands in for one', '.a{stroke:var(--none, red)}', `<path class="a" ${LINE}/>`],
  ])('are obeyed: %s', (_what, css, path) => {
    expect(coloursOf(styled(css, path))).toEqual([[255, 0, 0, 255]])
  })
})

describe('colours', () => {
  it.each([
    ['#f00', [255, 0, 0, 255]],
    ['#F008', [255, 0, 0, 136]],
    ['#ff000080', [255, 0, 0, 128]],
    ['RED', [255, 0, 0, 255]],
    ['rebeccapurple', [102, 51, 153, 255]],
    ['rgb(255,0,0)', [255, 0, 0, 255]],
    ['rgb(100% 0% 0% / 50%)', [255, 0, 0, 128]],
    ['rgba(255, 0, 0, .5)', [255, 0, 0, 128]],
    ['hsl(120, 100%, 50%)', [0, 255, 0, 255]],
    ['hsla(120deg 100% 50% / 0.5)', [0, 255, 0, 128]],
    ['hwb(120 0% 0%)', [0, 255, 0, 255]],
    ['lab(100% 0 0)', [255, 255, 255, 255]],
    ['lch(0% 0 0)', [0, 0, 0, 255]],
    ['oklch(0.628 0.2577 29.23)', [255, 0, 0, 255]],
    ['color(srgb 1 0 0)', [255, 0, 0, 255]],
    ['#CD853F icc-color(acmecmyk, 0.11, 0.48, 0.83, 0.00)', [205, 133, 63, 255]],
    ['currentColor', [0, 128, 0, 255]],
    ['url(#pale)', [0, 0, 255, 128]],
    ['url(#none) red', [255, 0, 0, 255]],
  ])('%s', (colour, rgba) => {
    const stops =
      '<linearGradient id="pale" xlink:href="#g"/><linearGradient id="g"><stop stop-color="blue" stop-opacity=".5"/></linearGradient>'
    const svg = page(`<defs>${stops}</defs><g color="green"><path stroke="${colour}" ${LINE}/></g>`)
    const near = coloursOf(svg)[0]!.map((value, i) => Math.abs(value - rgba[i]!))
    expect(Math.max(...near)).toBeLessThanOrEqual(1)
  })

  it('opacities of a line and of its groups are taken together', () => {
    const svg = page(`<g opacity=".5"><g opacity="50%" stroke-opacity="0.8" stroke="#000"><path ${LINE}/></g></g>`)
    expect(coloursOf(svg)[0]![3]).toBe(51)
  })
})

describe('shapes', () => {
  it.each([
    ['<line x1="1" y1="2" x2="3" y2="4"/>', SEEN],
    ['<polyline points="1,2 9,9 3,4"/>', SEEN],
    ['<polyline points="1-2.5.5"/>', []],
    ['<polygon points="1 2 9 9 3 4"/>', [[1, 2, 1, 2]]],
    ['<rect x="1" y="2" width="5" height="6"/>', [[1, 2, 1, 2]]],
    ['<rect x="1" y="2" width="50%" height="6" rx="2"/>', [[3, 2, 3, 2]]],
    ['<circle cx="5" cy="6" r="2"/>', [[3, 6, 3, 6]]],
    ['<ellipse cx="5" cy="6" rx="2" ry="1"/>', [[3, 6, 3, 6]]],
    ['<path style="d:path(\'M1 2L3 4\')"/>', SEEN],
    ['<circle style="cx:5px;cy:6px;r:2px"/>', [[3, 6, 3, 6]]],
  ])('%s', (shape, ends) => {
    expect(endsOf(black(shape + '<path d="M0 0L1 1"/>'))).toEqual([...ends, [0, 0, 1, 1]])
  })

  it('a circle is round', () => {
    const { points } = fromSvg(black('<circle cx="100" cy="100" r="50"/>'))
    for (let i = 0; i < points.length; i += 6)
      expect(Math.hypot(points[i]! - 100, points[i + 1]! - 100)).toBeCloseTo(50, 3)
  })

  it('a line that is longer than a stroke can be becomes several, end to end', () => {
    const svg = black(`<polyline points="${Array.from({ length: 601 }, (_, i) => `${i / 3} ${i % 7}`).join(' ')}"/>`)
    const ends = endsOf(svg)
    expect([...fromSvg(svg).segments!]).toEqual([200, 200, 200])
    expect(ends[0]!.slice(2)).toEqual(ends[1]!.slice(0, 2))
    expect([ends[0]![0], ends[2]![2]]).toEqual([0, 200])
  })
})

describe('transforms', () => {
  it.each([
    ['transform="translate(10)"', [11, 2]],
    ['transform="rotate(90 1 3)"', [2, 3]],
    ['transform="matrix(1 0 0 1 5 6) scale(2)"', [7, 10]],
    ['transform="translate(1,2),scale(2 3)"', [3, 8]],
    ['transform="skewX(45)"', [3, 2]],
    ['style="transform: translate(10px, 1in)"', [11, 98]],
    ['style="transform:translateX(50%) rotate(.5turn)"', [111, -2]],
    ['style="transform:scale(2);transform-origin:1px 2px"', [1, 2]],
    ['style="transform:scale(2);transform-origin:center"', [-110, -108]],
    ['style="transform:scale(3);transform-box:fill-box;transform-origin:top left"', [1, 2]],
    ['style="translate:10px 20px;scale:2"', [12, 24]],
    ['style="rotate:90deg"', [-2, 1]],
    ['style="transform:none"', [1, 2]],
  ])('%s', (attributes, [x, y]) => {
    const [[left, top]] = endsOf(black(`<path ${attributes} ${LINE}/>`)) as [number[]]
    expect(left).toBeCloseTo(x!, 2)
    expect(top).toBeCloseTo(y!, 2)
  })

  it('widths follow, unless they are said not to', () => {
    const path = (more: string) => `<path transform="scale(4 1)" stroke-width="2" ${more} ${LINE}/>`
    expect(widthsOf(black(path('') + path('vector-effect="non-scaling-stroke"')))).toEqual([4, 2])
    expect(widthsOf(black(`<path stroke-width="1mm" ${LINE}/><path style="stroke-width:10%" ${LINE}/>`))).toEqual([
      3.78, 22.4,
    ])
  })
})

describe('references and pages within', () => {
  it.each([
    [
      `<defs><path id="a" ${LINE}/></defs><use xlink:href="#a"/><use href="#a" x="10" y="20"/>`,
      [...SEEN, [11, 22, 13, 24]],
    ],
    [`<defs><g id="a"><path ${LINE}/></g></defs><g transform="scale(2)"><use href="#a"/></g>`, [[2, 4, 6, 8]]],
    [
      `<symbol id="a" viewBox="0 0 10 10"><path ${LINE}/></symbol><use href="#a" x="5" width="20" height="20"/>`,
      [[7, 4, 11, 8]],
    ],
    [`<svg x="10" y="20" width="20" height="40" viewBox="0 0 10 10"><path ${LINE}/></svg>`, [[12, 34, 16, 38]]],
    [
      `<svg width="20" height="40" viewBox="0 0 10 10" preserveAspectRatio="none"><path ${LINE}/></svg>`,
      [[2, 8, 6, 16]],
    ],
    [`<svg width="50%" height="50%"><line x1="0" y1="0" x2="100%" y2="100%"/></svg>`, [[0, 0, 112, 112]]],
    [`<a><path ${LINE}/></a>`, SEEN],
    [
      `<switch><g requiredExtensions="http://ns.adobe.com/"><path d="M9 9L8 8"/></g><g><path ${LINE}/></g><path d="M7 7L8 8"/></switch>`,
      SEEN,
    ],
    // One that comes back to itself is shown once.
    [`<g id="a"><path ${LINE}/><use href="#a"/></g>`, SEEN],
    [`<path ${LINE}/><use href="#nothing"/><use href="other.svg#a"/>`, SEEN],
  ])('%s', (content, ends) => {
    expect(endsOf(black(content))).toEqual(ends)
  })

  it('what is used takes its looks from where it is used', () => {
    const svg = page(
      `<defs><path id="a" ${LINE}/></defs><use href="#a" stroke="red"/><g stroke="blue"><use href="#a"/></g>`,
    )
    expect(coloursOf(svg)).toEqual([
      [255, 0, 0, 255],
      [0, 0, 255, 255],
    ])
  })
})

describe('what is not seen is left out', () => {
  it.each([
    `<path style="display:none" d="M9 9L8 8"/>`,
    `<g display="none"><path d="M9 9L8 8"/></g>`,
    `<g inkscape:groupmode="layer" style="display:none"><path d="M9 9L8 8"/></g>`,
    `<path visibility="hidden" d="M9 9L8 8"/>`,
    `<g visibility="hidden"><path d="M9 9L8 8"/></g>`,
    `<g opacity="0"><path d="M9 9L8 8"/></g>`,
    `<style>.off{display:none}</style><path class="off" d="M9 9L8 8"/>`,
    `<path stroke="none" d="M9 9L8 8"/>`,
    `<path stroke-width="0" d="M9 9L8 8"/>`,
    `<clipPath><path d="M9 9L8 8"/></clipPath><mask><path d="M9 9L8 8"/></mask><pattern><path d="M9 9L8 8"/></pattern>`,
    `<marker><path d="M9 9L8 8"/></marker><symbol><path d="M9 9L8 8"/></symbol><metadata><path d="M9 9L8 8"/></metadata>`,
    `<x:path xmlns:x="http://elsewhere" d="M9 9L8 8"/>`,
  ])('%s', (hidden) => {
    expect(endsOf(black(`${hidden}<path ${LINE}/>`))).toEqual(SEEN)
  })

  it('what is visible again is seen', () => {
    expect(endsOf(black(`<g visibility="hidden"><path visibility="visible" ${LINE}/></g>`))).toEqual(SEEN)
  })
})

describe('files', () => {
  const svg = black(`<path ${LINE}/>`)
  const declared = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>\n${svg.replace('<g', '<title>é</title><g')}`
  it.each([
    ['UTF-8', Buffer.from(declared('UTF-8'))],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${declared('utf-8')}`)],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(svg, 'utf16le')],
    ['Latin 1', Buffer.from(declared('ISO-8859-1'), 'latin1')],
    ['packed', gzipSync(svg)],
    ['packed UTF-16', gzipSync(Buffer.from(`\uFEFF${svg}`, 'utf16le'))],
    [
      'as Illustrator declares namespaces',
      Buffer.from(
        `<!DOCTYPE svg PUBLIC "a" "b" [ <!ENTITY ns_svg "http://www.w3.org/2000/svg"> ]>${svg.replace('"http://www.w3.org/2000/svg"', '"&ns_svg;"')}`,
      ),
    ],
    ['without a namespace', Buffer.from(svg.replaceAll(/ xmlns[^ ]*="[^"]*"/g, ''))],
    ['with a prefix', Buffer.from(svg.replaceAll(/<(\/?)/g, '<$1s:').replace('xmlns=', 'xmlns:s='))],
  ])('%s', (_what, bytes) => {
    expect(endsOf(bytes)).toEqual(SEEN)
  })

  it.each([
    ['width="448" height="224"', [0.5, 57, 1.5, 58]],
    ['width="4in" height="2in"', [0.583, 57.167, 1.75, 58.333]],
  ])('a page without a viewBox is as large as it says: %s', (size, ends) => {
    expect(endsOf(svg.replace('viewBox="0 0 224 224"', size))).toEqual([ends])
  })
})

const cases = ['col_cur', 'col_hex8', 'col_named', 'col_rgba', 'css_class', 'red_svgo', 'use'].map(
  (name) => `${name}.svg`,
)
const shared = (name: string) => readFileSync(`../shared/cases/${name}`)
const present = (() => {
  try {
    return shared('use.svg').length > 0
  } catch {
    return false
  }
})()
it.skipIf(!present)('reads what other programs made of one sketch', () => {
  for (const name of [...cases, 'z.svgz']) expect(endsOf(shared(name)), name).toHaveLength(16)
  expect(endsOf(shared('ink_hidden.svg'))).toHaveLength(13)
  expect(endsOf(shared('mixed_line.svg'))).toHaveLength(4)
  for (const name of ['numbers_1e38', 'viewBox_tiny', 'opacity_NaN'])
    expect(() => fromSvg(shared(`${name}.svg`))).toThrow(FewlineError)
})

describe('numbers that are none', () => {
  const NONE = ['NaN', 'Infinity', '-Infinity', '1e7', '-1000001', '1e39', '1e999', 'abc']
  const places: [string, (number: string) => string][] = [
    ['a path', (n) => black(`<path d="M0 0L${n} 1"/>`)],
    ['a relative path', (n) => black(`<path d="M0 0l${n} 1"/>`)],
    ['an arc', (n) => black(`<path d="M0 0A1 ${n} 0 0 1 5 5"/>`)],
    ['points', (n) => black(`<polyline points="0 0 ${n} 1"/>`)],
    ['a line', (n) => black(`<line x2="${n}" y2="5"/>`)],
    ['a radius', (n) => black(`<circle r="${n}"/>`)],
    ['a length', (n) => black(`<rect width="${n}mm" height="5"/>`)],
    ['a width', (n) => black(`<path stroke-width="${n}" ${LINE}/>`)],
    ['a width in CSS', (n) => black(`<path style="stroke-width:${n}px" ${LINE}/>`)],
    ['an opacity', (n) => black(`<path stroke-opacity="${n}" ${LINE}/>`)],
    ['the opacity of a group', (n) => black(`<g opacity="${n}"><path ${LINE}/></g>`)],
    ['a colour', (n) => page(`<path stroke="rgb(${n}, 0, 0)" ${LINE}/>`)],
    ['the alpha of a colour', (n) => page(`<path stroke="rgb(0 0 0 / ${n})" ${LINE}/>`)],
    ['a translation', (n) => black(`<path transform="translate(${n})" ${LINE}/>`)],
    ['a scale', (n) => black(`<path style="transform:scale(${n})" ${LINE}/>`)],
    ['a matrix', (n) => black(`<path transform="matrix(1 0 0 ${n} 0 0)" ${LINE}/>`)],
    ['an angle', (n) => black(`<path transform="rotate(${n})" ${LINE}/>`)],
    ['an origin', (n) => black(`<path style="transform:scale(2);transform-origin:${n}px 0" ${LINE}/>`)],
    ['a place of use', (n) => black(`<defs><path id="a" ${LINE}/></defs><use href="#a" x="${n}"/>`)],
    ['a viewBox', (n) => black(`<path ${LINE}/>`).replace('0 0 224 224', `0 0 ${n} 224`)],
    ['the place of a viewBox', (n) => black(`<path ${LINE}/>`).replace('0 0 224 224', `${n} 0 224 224`)],
    ['the size of a page', (n) => black(`<path ${LINE}/>`).replace('viewBox="0 0 224 224"', `width="${n}" height="9"`)],
    ['a page within', (n) => black(`<svg width="${n}" height="9" viewBox="0 0 9 9"><path ${LINE}/></svg>`)],
  ]
  it.each(places)('are refused in %s', (_what, make) => {
    for (const number of NONE) expect(() => fromSvg(make(number)), number).toThrow(FewlineError)
    expect(fromSvg(make('7')).widths.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'scales one in another',
      black(`${'<g transform="scale(1000)">'.repeat(200)}<path ${LINE}/>${'</g>'.repeat(200)}`),
    ],
    ['a page that is next to nothing', black(`<path ${LINE}/>`).replace('0 0 224 224', '0 0 1e-320 1e-320')],
    [
      'a page within that is next to nothing',
      black(`<svg width="9" height="9" viewBox="0 0 1e-30 1e-30"><path ${LINE}/></svg>`),
    ],
    ['a steep skew', black(`<path transform="skewX(90)" ${LINE}/>`)],
  ])('are refused when they come of %s', (_what, svg) => {
    expect(() => fromSvg(svg)).toThrow(FewlineError)
  })
})

describe('what is larger than any drawing', () => {
  const path = `<path ${LINE}/>`
  const nested = (count: number, open: string, close: string) => open.repeat(count) + path + close.repeat(count)
  const bomb = Array.from({ length: 12 }, (_, i) => `<g id="a${i + 1}">${`<use href="#a${i}"/>`.repeat(10)}</g>`).join(
    '',
  )
  const css = (text: string) => `<style>${text}</style>${path.repeat(5000)}`
  it.each([
    ['a million paths', path.repeat(1e6)],
    ['a million groups in each other', '<g>'.repeat(1e6)],
    ['a million parts of a path', `<path d="${'M0 0L9 9'.repeat(1e6)}"/>`],
    ['a million points', `<polyline points="${'1 1 '.repeat(1e6)}"/>`],
    ['very many attributes', `<path ${Array.from({ length: 1e5 }, (_, i) => `a${i}=""`).join(' ')} ${LINE}/>`],
    ['uses of uses', `<g id="a0">${path}</g>${bomb}`],
    ['entities', `<text>${'&a;'.repeat(1e6)}</text>${path}`],
    ['a long style', `<path style="${'stroke:red;'.repeat(1e6)}" ${LINE}/>`],
    ['a long transform', `<path transform="${'rotate(1)'.repeat(1e6)}" ${LINE}/>`],
    ['a colour with a foreign unit', `<path stroke="hsl(9nan 9% 9%)" ${LINE}/>`],
    ['a long colour', `<path stroke="url(${' '.repeat(1e5)}" ${LINE}/>`],
    ['very many rules', css('a{stroke:red}'.repeat(70_000))],
    ['rules that all fit', css(Array.from({ length: 9000 }, (_, i) => `path{stroke:#${100 + (i % 900)}}`).join(''))],
    ['selectors that look everywhere', css('path:has(~ path ~ g){stroke:red}')],
    ['very many properties of its own', css(`path{${Array.from({ length: 9000 }, (_, i) => `--a${i}:1`).join(';')}}`)],
    ['rules in rules', css('@media screen{'.repeat(50_000))],
  ])('is refused: %s', (_what, content) => {
    const svg = `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(1000)}">]>${black(content)}`
    expect(() => fromSvg(svg)).toThrow(/^Expected an SVG of lines, but .+: choose another file\.$/)
  })

  it('is refused when it is only packed small', () => {
    expect(() => fromSvg(gzipSync(Buffer.alloc(40e6, ' ')))).toThrow('it has more than 32 MB')
    expect(() => fromSvg(gzipSync(black(path)).subarray(0, 60))).toThrow('it is packed, and damaged')
  })

  it('thousands of namespaces do no harm', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `xmlns:n${i}="u${i}"`).join(' ')
    expect(fromSvg(black(path.repeat(5000)).replace('<svg', `<svg ${many}`)).widths.length).toBe(5000)
    expect(endsOf(black(nested(100, '<g xmlns:n="u">', '</g>')))).toEqual(SEEN)
  })
})

it('gives strokes or a FewlineError for any damage', () => {
  const whole = black(
    `<style>.a{stroke:hsl(9 9% 9%)}</style><defs><g id="g"><path class="a" d="M1 2C3 4 5 6 7 8a9 9 0 0 1 9 9z"/></g></defs>` +
      `<use href="#g" transform="rotate(9)" style="opacity:.5"/><svg viewBox="0 0 9 9"><rect width="5%" height="5" rx="1"/></svg>`,
  )
  const pieces = [
    '"',
    '<',
    '>',
    '/',
    '&',
    ';',
    '{',
    '}',
    '(',
    ')',
    'NaN',
    '1e9',
    '-',
    '%',
    ' ',
    'url(#g)',
    '#g',
    '<g>',
    '</g>',
    'var(--a)',
    '\0',
    '\uFEFF',
  ]
  const change = fc.tuple(fc.nat(whole.length), fc.nat(8), fc.constantFrom(...pieces, ''))
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('utf8', 'utf16le', 'latin1'),
      (changes, encoding) => {
        const damaged = changes.reduce(
          (text, [at, gone, piece]) => text.slice(0, at) + piece + text.slice(at + gone),
          whole,
        )
        try {
          const { points, widths } = fromSvg(Buffer.from(damaged, encoding as BufferEncoding))
          expect(points.every((value) => Math.abs(value) <= 1e6)).toBe(true)
          expect(widths.every((width) => width > 0)).toBe(true)
        } catch (error) {
          if (!(error instanceof FewlineError)) throw error
          expect(error.message).toMatch(/^Expected an SVG of lines, but [^\n]+: choose another file\.$/)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
