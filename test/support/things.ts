import sharp from 'sharp'
import { randomFrom } from '../../src/random.ts'
import { pointAt, type Cubic } from '../../src/strokes/fit.ts'

/** Things as photos, made of shapes with light on them: simple, living and manifold ones. */
export const THINGS = {
  pear: `<path d="M112 40C92 42 94 78 84 98C64 128 66 186 112 188C158 186 160 128 140 98C130 78 132 42 112 40z" fill="url(#light)"/>
    <path d="M112 42C112 30 118 24 126 20" fill="none" stroke="#4a3520" stroke-width="6"/>`,
  mug: `<path d="M60 60h90v96q0 18-18 18H78q-18 0-18-18z" fill="url(#light)"/><ellipse cx="105" cy="60" rx="45" ry="11" fill="#553"/>
    <path d="M150 82c34-6 34 58 0 54" fill="none" stroke="#9a7a30" stroke-width="9"/>`,
  fish: `<path d="M30 112C60 60 130 62 160 104L200 74C192 100 192 124 200 150L160 120C130 164 60 164 30 112z" fill="url(#light)"/>
    <path d="M90 76C104 52 130 54 138 82z" fill="#80602a"/><path d="M96 148C104 168 120 168 124 144z" fill="#80602a"/>
    <circle cx="58" cy="104" r="7" fill="#111"/><path d="M78 84C90 100 90 124 78 142" fill="none" stroke="#6a4a1a" stroke-width="3"/>`,
  bicycle: `<g fill="none" stroke="#333" stroke-width="5"><circle cx="58" cy="140" r="40"/><circle cx="168" cy="140" r="40"/>
    <path d="M58 140L92 84L150 84L168 140M92 84L110 140L150 84M110 140H58M150 84L144 62H162M92 84L88 70M76 70H100"/><circle cx="110" cy="140" r="10"/></g>
    <g stroke="#555" stroke-width="2">${spokes(58, 140, 38)}${spokes(168, 140, 38)}</g>`,
  street: `<rect y="170" width="224" height="54" fill="#777"/><rect x="6" y="60" width="64" height="110" fill="#b8704a"/><path d="M2 62L38 30L74 62z" fill="#7a3b2d"/>
    <rect x="76" y="40" width="60" height="130" fill="#8aa0b8"/><rect x="142" y="76" width="76" height="94" fill="#c0ae84"/><path d="M138 78L180 44L222 78z" fill="#58443a"/>
    <g fill="#2a2f3a">${windows(14, 74, 2, 3)}${windows(84, 52, 2, 4)}${windows(152, 90, 2, 2)}<rect x="176" y="136" width="18" height="34"/><rect x="30" y="140" width="16" height="30"/></g>
    <path d="M20 206H204M80 196l20 0M120 196l20 0" stroke="#eee" stroke-width="4"/><circle cx="120" cy="150" r="0"/><path d="M140 170V112" stroke="#222" stroke-width="4"/><circle cx="140" cy="108" r="6" fill="#fe9"/>`,
} as const
export type Thing = keyof typeof THINGS

export function photoOf(thing: Thing): Promise<Buffer> {
  return picture(`<defs><linearGradient id="light"><stop offset="0" stop-color="#e0b050"/><stop offset="1" stop-color="#b08028"/></linearGradient></defs>
    <rect width="224" height="224" fill="#f2f0ea"/>${THINGS[thing]}`)
}

function spokes(cx: number, cy: number, radius: number): string {
  const ends = Array.from({ length: 8 }, (_, k) => (k * Math.PI) / 8).map((a) => [
    radius * Math.cos(a),
    radius * Math.sin(a),
  ])
  return ends.map(([x, y]) => `<path d="M${cx - x!} ${cy - y!}L${cx + x!} ${cy + y!}"/>`).join('')
}

function windows(x: number, y: number, across: number, down: number): string {
  const places = Array.from({ length: across * down }, (_, i) => [
    x + 26 * (i % across),
    y + 28 * Math.floor(i / across),
  ])
  return places.map(([left, top]) => `<rect x="${left}" y="${top}" width="16" height="16"/>`).join('')
}

/** `count` curves drawn on paper with a pen, none of them near another: as many strokes as it takes. */
export function curvesOnPaper(count: number, seed: number): Promise<Buffer> {
  const random = randomFrom(seed)
  const longest = Math.min(90, 1000 / count)
  const kept: { data: string; places: [number, number][] }[] = []
  for (let tries = 0; kept.length < count && tries < 200_000; tries++) {
    const points = [20 + 184 * random(), 20 + 184 * random()]
    const [angle, bend, step] = [2 * Math.PI * random(), 1.6 * (random() - 0.5), (longest / 3) * (0.6 + 0.8 * random())]
    for (let k = 1; k < 4; k++) {
      points.push(points[2 * k - 2]! + step * Math.cos(angle + (bend * k) / 2))
      points.push(points[2 * k - 1]! + step * Math.sin(angle + (bend * k) / 2))
    }
    if (points.some((v) => v < 12 || v > 212)) continue
    const places = Array.from({ length: 21 }, (_, k) => pointAt(points as Cubic, k / 20))
    const near = (others: [number, number][]): boolean =>
      others.some(([x, y]) => places.some(([u, v]) => Math.hypot(u - x, v - y) < 14))
    if (!kept.some((other) => near(other.places))) {
      kept.push({ data: `M${points.slice(0, 2).join(' ')}C${points.slice(2).join(' ')}`, places })
    }
  }
  const paths = kept.map(({ data }) => `<path d="${data}"/>`).join('')
  return picture(`<rect width="224" height="224" fill="#f4f0e6"/>
    <g fill="none" stroke="#222" stroke-width="2.4" stroke-linecap="round">${paths}</g>`)
}

function picture(content: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 224" width="672" height="672">${content}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}
