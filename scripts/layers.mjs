// Which part of Fewline may import which. ESLint reads this table (eslint.config.js) and so does test/layers.test.ts.
import { posix } from 'node:path'

const leaves = [
  'src/tensor.ts',
  'src/units.ts',
  'src/resize.ts',
  'src/kmeans.ts',
  'src/hypotenuse.ts',
  'src/errors.ts',
  'src/random.ts',
  'src/stopwatch.ts',
  'src/process.ts',
  'src/resources.ts',
  'src/temporary.ts',
  'src/impersonal.ts',
  'src/memory.ts',
  'src/load.ts',
]

/** What the whole story is told with. */
const story = [
  ...[
    'src/drawing/request.ts',
    'src/drawing/presets.ts',
    'src/drawing/tries.ts',
    'src/drawing/words.ts',
    'src/drawing/emphasis.ts',
    'src/find.ts',
    'src/finder',
    'src/objective',
    'src/optimiser',
    'src/photo',
    'src/onnx',
  ],
  ...['src/autodiff', 'src/models', 'src/loss', 'src/encoder', 'src/subject', 'src/strokes', 'src/raster', 'src/views'],
  ...leaves,
]

/** What each part may import besides itself. A part is a file, or a folder with all that lies in it. */
export const LAYERS = {
  'src/tensor.ts': [],
  'src/units.ts': [],
  'src/resize.ts': ['src/tensor.ts'],
  'src/kmeans.ts': [],
  'src/hypotenuse.ts': [],
  'src/errors.ts': [],
  'src/random.ts': [],
  'src/stopwatch.ts': [],
  'src/process.ts': [],
  'src/resources.ts': [],
  'src/temporary.ts': [],
  'src/impersonal.ts': [],
  'src/memory.ts': [],
  'src/load.ts': [],
  // What is said in other languages: whoever shows it to people asks there.
  'src/words': [],

  'src/optimiser': leaves,
  'src/photo': leaves,
  'src/onnx': leaves,
  'src/autodiff': ['src/onnx', ...leaves],
  'src/devices': ['src/autodiff', 'src/onnx', ...leaves],
  'src/models': ['src/onnx', ...leaves],
  'src/loss': ['src/onnx', ...leaves],
  'src/encoder': ['src/autodiff', 'src/onnx', 'src/devices', 'src/loss', 'src/models', ...leaves],
  'src/subject': ['src/photo', 'src/encoder', 'src/models', 'src/onnx', ...leaves],
  // Words, clicks and boxes → things in the photo.
  'src/finder': ['src/subject', 'src/encoder', 'src/models', 'src/onnx', 'src/photo', ...leaves],
  'src/strokes': ['src/subject', ...leaves],
  'src/raster': ['src/strokes', ...leaves],
  'src/views': leaves,
  // How strokes and papers look: shared by the exporters and the window.
  'src/looks': ['src/random.ts'],
  'src/export': ['src/looks', 'src/photo', 'src/strokes', 'src/raster', ...leaves],
  'src/project': ['src/export', 'src/strokes', ...leaves],

  // What a drawing is judged by: pixels, views of them, and what an encoder makes of those.
  'src/objective': [
    ...['src/encoder', 'src/loss', 'src/optimiser', 'src/raster', 'src/strokes', 'src/views', ...leaves],
  ],

  // How a drawing is made, and how far it has come.
  'src/drawing/presets.ts': leaves,
  'src/drawing/tries.ts': ['src/drawing/presets.ts', 'src/optimiser', 'src/strokes', ...leaves],
  // What pictures show.
  'src/label.ts': ['src/encoder', 'src/models', 'src/photo', 'src/raster', 'src/strokes', ...leaves],
  // What is asked for and what is shown, in everyone's terms.
  'src/drawing/request.ts': [
    ...[
      'src/drawing/presets.ts',
      'src/drawing/tries.ts',
      'src/encoder',
      'src/photo',
      'src/strokes',
      'src/views',
      ...leaves,
    ],
  ],
  // What a request says in words, and what becomes of it.
  'src/drawing/words.ts': [
    ...['src/drawing/request.ts', 'src/drawing/emphasis.ts', 'src/find.ts', 'src/finder'],
    ...leaves,
  ],
  'src/drawing/emphasis.ts': ['src/drawing/request.ts', 'src/subject', ...leaves],
  // What a drawing is made from, and the loop that makes it: everything but how it is written down.
  'src/drawing/scene.ts': story,
  'src/drawing/descent.ts': story,
  'src/drawing/painting.ts': ['src/drawing/descent.ts', 'src/drawing/presets.ts', 'src/views', ...leaves],
  'src/drawing/palette.ts': ['src/photo', 'src/strokes', ...leaves],
  'src/drawing/setting.ts': ['src/drawing/descent.ts', ...story],
  'src/drawing/second-opinion.ts': ['src/strokes', ...leaves],
  'src/drawing/settle.ts': ['src/drawing/descent.ts', ...story],
  'src/drawing/revision.ts': [
    ...[
      'src/drawing/scene.ts',
      'src/drawing/descent.ts',
      'src/drawing/setting.ts',
      'src/drawing/second-opinion.ts',
      'src/drawing/settle.ts',
    ],
    ...story,
  ],
  'src/drawing/imagined.ts': [
    ...['src/drawing/descent.ts', 'src/drawing/painting.ts', 'src/drawing/setting.ts', ...story],
  ],
  'src/draw.ts': [
    ...[
      'src/drawing/scene.ts',
      'src/drawing/descent.ts',
      'src/drawing/setting.ts',
      'src/drawing/imagined.ts',
      'src/drawing/revision.ts',
      ...story,
    ],
  ],
  'src/find.ts': ['src/finder', 'src/photo', 'src/subject', 'src/encoder', 'src/models', ...leaves],
  // What a report of a fault needs to know of the machine.
  'src/diagnose.ts': ['src/devices', 'src/models', 'src/onnx', ...leaves],
  // Whether memory suffices for what is to be done.
  'src/room.ts': ['src/encoder', 'src/models', ...leaves],
  // What is seen before anything is drawn.
  'src/inspect.ts': [
    ...['src/drawing/request.ts', 'src/drawing/emphasis.ts', 'src/photo', 'src/strokes', 'src/subject'],
    ...leaves,
  ],
  // A photo changed by a sentence: the same loop on another canvas.
  'src/edit': ['src/drawing/descent.ts', 'src/drawing/checkpoint.ts', ...story],
  'src/edit.ts': ['src/edit', 'src/drawing/descent.ts', ...story],
  // The same in a process of its own, and on paper until it goes on.
  'src/drawing/apart': ['src/draw.ts', ...story],
  'src/drawing/checkpoint.ts': [
    'src/drawing/request.ts',
    'src/drawing/presets.ts',
    'src/drawing/tries.ts',
    'src/strokes',
    ...leaves,
  ],
  // Many photos at once, whoever draws them: the command line and the studio's host both do. It does not load the engine.
  'src/batch': leaves,
  // The public names: whatever they need.
  'src/index.ts': ['src'],
  // The command line is a guest like any other: one door; but it lies in the same package.
  // `fewline serve` starts the studio's host, which is loaded for that alone.
  'src/cli.ts': ['src/index.ts', 'src/cli', 'src/words', 'main/serve.js'],
  'src/cli': ['src/index.ts', 'src/batch', 'src/words', 'src/resources.ts'],

  // What window and host say to each other, and nothing else: the window is bundled with it.
  'main/api.ts': ['main/api'],
  'main/api': ['src/looks'],
  'main/preload.ts': ['main/api.ts'],
  // The host writes files by itself, and does not load the engine for it.
  main: [
    'main/api.ts',
    'main/api',
    'src/index.ts',
    'src/temporary.ts',
    'src/impersonal.ts',
    'src/memory.ts',
    'src/batch',
    'src/words',
  ],

  // The window, from the smallest part to the whole: it knows the host by its door alone.
  'renderer/i18n': ['src/words'],
  'renderer/ui': ['renderer/i18n'],
  'renderer/state': ['main/api.ts', 'renderer/i18n'],
  'renderer/view': ['src/looks', 'renderer/state', 'renderer/i18n', 'renderer/ui', 'main/api.ts'],
  'renderer/panels': ['src/looks', 'renderer/state', 'renderer/view', 'renderer/ui', 'renderer/i18n', 'main/api.ts'],
  renderer: [
    'main/api.ts',
    'src/words',
    ...['renderer/panels', 'renderer/view', 'renderer/state', 'renderer/ui', 'renderer/i18n', 'renderer/styles'],
  ],
}

/** Packages that only these parts may import, so that each can be replaced in one place. */
export const PACKAGES = {
  'onnxruntime-node': ['src/onnx/runtime.ts'],
  sharp: ['src/photo/sharp.ts'],
  'https-proxy-agent': ['src/models/http.ts'],
  electron: ['main'],
  paper: ['renderer/view/paper'],
  mediabunny: ['renderer/panels/video.ts'],
}

/** The part that a file belongs to: the longest name in the table that it lies in. Undefined outside the table. */
export function partOf(file) {
  return Object.keys(LAYERS)
    .filter((part) => liesIn(file, part))
    .sort((a, b) => b.length - a.length)[0]
}

/**
 * Why `file` may not import `specifier`, or undefined when it may.
 * Paths are relative to the repository root, with forward slashes.
 */
export function refusal(file, specifier) {
  if (!specifier.startsWith('.')) {
    const owners = PACKAGES[specifier.split('/')[0]]
    if (!owners || owners.some((owner) => liesIn(file, owner)) || !partOf(file)) return undefined
    return `only ${owners.join(' and ')} may import ${specifier}: everyone else goes through them, so that it stays replaceable`
  }
  const from = partOf(file)
  if (!from) return undefined
  const target = posix.join(posix.dirname(file), specifier)
  if (liesIn(target, from) && partOf(target) === from) return undefined
  if (LAYERS[from].some((allowed) => liesIn(target, allowed))) return undefined
  const allowed = LAYERS[from].length ? `only ${LAYERS[from].join(', ')}` : 'nothing'
  return `${from} may import ${allowed}, and ${target} is not among it: imports go one way, so that each part can be read and tested alone`
}

function liesIn(file, part) {
  return file === part || file.startsWith(`${part}/`)
}
