import { Command, Option } from 'commander'
import { WrongCall } from './complain.ts'
import { likeOption } from './find.ts'

/** Options as they were typed, checked as far as that goes without looking at any file. */
export interface SketchOptions {
  output?: string
  format?: (typeof FORMATS)[number]
  strokes?: number | 'auto'
  detail?: number
  scene?: true
  behind?: number
  order?: (typeof ORDERS)[number]
  series?: number[]
  layers?: true
  ladder?: string
  fidelity?: number
  leftHanded?: true
  oneLine?: true
  smooth?: true
  film?: 'pen' | 'run'
  look?: (typeof LOOKS)[number]
  paper?: string
  outline?: true
  preset?: 'fast' | 'standard' | 'paper'
  encoder?: string
  iterations?: number
  seeds?: number
  seed?: number
  width?: number
  size?: string
  page?: string
  margin?: string
  plotter?: true
  mask?: string
  subject?: string[]
  each?: string
  more?: string[]
  less?: string[]
  finder?: string
  background?: 'fade' | 'white' | 'keep'
  text?: string
  source?: string
  textWeight?: number
  freshViews?: true
  device?: 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'
  threads?: number
  from?: string
  resume?: string
  jobs?: number
  queue?: string
  recursive?: true
  skipExisting?: true
  json?: string
  csv?: string
  labels?: string[]
  frames?: string
  force?: true
  verbose?: true
}

const ORDERS = ['importance', 'grow', 'hand', 'plotter'] as const
/** As the engine calls them (looks/looks.ts), which is loaded too late to be asked. */
export const LOOKS = ['fineliner', 'marker', 'brush', 'pencil', 'charcoal'] as const
const PRESETS = ['fast', 'standard', 'paper']
export const FORMATS = ['svg', 'animated.svg', 'png', 'pdf', 'gif', 'webp', 'json'] as const
const LOOK_HELP =
  'what it is drawn with: fineliner (default), marker, brush, pencil or charcoal; a plotter draws plain lines'
const PAPER_HELP = 'white, cream (laid), kraft (with fibres), or a colour like #f7f3e8'
const OUTLINE_HELP = 'lines as the outlines of what they cover, where their look has one: for cutters'
const BACKGROUNDS = ['fade', 'white', 'keep']
const WORD_FINDERS = ['grounding-dino', 'owlvit', 'clipseg', 'clip', 'groupvit', 'crops']
const CLICK_FINDERS = ['sam', 'region']
const EDIT_MODES = ['tone', 'style', 'paint'] as const
const DEVICES = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']

export function addSketchOptions(command: Command): Command {
  return command
    .argument('[photos...]', 'pictures, folders of pictures, or - for standard input')
    .option(
      '-o, --output <path>',
      'OUT.svg, .animated.svg, .png, .pdf, .gif, .webp, .json (Lottie), DIR/, or - (default: <photo>.svg here)',
    )
    .option(
      '--format <name>',
      'what every sketch becomes: svg (default), animated.svg, png, pdf, gif, webp or json (Lottie)',
      oneOf('format', FORMATS),
    )
    .option('--strokes <n>', 'how many strokes, 1 to 512, or auto: as many as it takes (default: 16)', strokeCount)
    .option('--detail <share>', 'how much auto draws, from 0 to 1 (default: 0.5)', share('detail'))
    .option(
      '--scene',
      'what is behind the subject as well, in fewer, thinner and grey strokes; of either as many as it takes',
    )
    .option(
      '--behind <n>',
      'how many strokes that has, 0 to 512 (default: as many as it takes)',
      whole('behind', 0, 512),
    )
    .option(
      '--order <name>',
      'importance (default), grow (the first strokes are a drawing, however many), hand or plotter',
      oneOf('order', ORDERS),
    )
    .option('--series <list>', 'a drawing of each of so many strokes, grown from one another: 4,8,16,32', series)
    .option(
      '--ladder <path>',
      'OUT.svg or .png: a sheet of drawings, simpler to the left, looser below, and a file of each',
    )
    .option('--fidelity <share>', 'how closely lines are followed, from 0 (loose) to 1 (default)', share('fidelity'))
    .option('--left-handed', 'a hand draws to the left, not to the right')
    .option('--one-line', 'all strokes joined into one line that never lifts')
    .option('--smooth', 'with --one-line: as one long spline that swings where it joins them')
    .option(
      '--film <what>',
      '.gif and .webp: pen, which draws it (default), or run, how it came to be',
      oneOf('film', ['pen', 'run']),
    )
    .option('--look <name>', LOOK_HELP, oneOf('look', LOOKS))
    .option('--paper <paper>', PAPER_HELP)
    .option('--outline', OUTLINE_HELP)
    .option('--layers', 'with --series: all of them in one SVG, each a layer that adds to those below')
    .option('--preset <name>', 'fast, standard (default) or paper', oneOf('preset', PRESETS))
    .option(
      '--encoder <name>',
      'what looks at the drawing: auto (default), builtin, RN101, ViT-B/32, … or a FILE of weights',
    )
    .option('--iterations <n>', 'steps of the optimiser (default: the preset says)', whole('iterations', 0, 1_000_000))
    .option('--seeds <n>', 'how many tries; the best is kept (default: the preset says)', whole('seeds', 1, 1000))
    .option('--seed <n>', 'the same seed draws the same sketch (default: 0)', whole('seed', 0, 2 ** 31 - 1))
    .option('--width <units>', 'stroke width where the photo is 224 units long (default: 3)', strokeWidth)
    .option('--size <length>', 'length of the longer side: 120mm, 12cm, 5in, 800px, 300pt')
    .option(
      '--page <paper>',
      'put it on a page: A0 to A6, B0 to B6, Letter, Ledger, Square-20cm, "A4 landscape", 200x150mm, …',
    )
    .option('--margin <length>', 'what stays free on every side of the page (default: 10mm)')
    .option('--plotter', 'order for a pen plotter: little travel in the air, a layer for each pen')
    .option('--mask <how>', 'what to draw: auto (default), none (everything), or a picture FILE, white where to draw')
    .option('--subject <words>', 'what to draw, in words; -words for what is not meant (repeat it)', gathered)
    .option('--each <words>', 'draw each of these into a file of its own')
    .option('--more <words>', 'lines count more there (repeat it)', gathered)
    .option('--less <words>', 'lines count less there (repeat it)', gathered)
    .option(
      '--finder <name>',
      `who looks for words: auto (default), ${WORD_FINDERS.join(', ')}`,
      oneOf('finder', ['auto', ...WORD_FINDERS]),
    )
    .option(
      '--background <how>',
      'what CLIP sees around the subject: fade (default), white or keep',
      oneOf('background', BACKGROUNDS),
    )
    .option('--text <sentence>', 'pull the sketch towards a sentence as well (CLIP)')
    .option('--source <words>', 'without a photo: what --from is of; its strokes move from there to --text (CLIP)')
    .option('--text-weight <number>', 'how much the sentence counts (default: 1)', weight('text-weight'))
    .option('--fresh-views', 'new random views in every step, as published: slower (CLIP)')
    .option('--device <name>', 'auto (default), cpu, webgpu, cuda, dml or coreml', oneOf('device', DEVICES))
    .option('--threads <n>', 'processor threads for the encoder', whole('threads', 1, 256))
    .option('--from <svg>', 'begin with the strokes of this drawing')
    .option('--resume <file>', 'go on with a drawing that was stopped, from its checkpoint')
    .option('--jobs <n>', 'how many photos at once (default: as many as cores and memory allow)', whole('jobs', 1, 256))
    .option('--queue <url>', 'who works at this Redis server draws them: redis://HOST, rediss://…')
    .option('--recursive', 'folders within folders too, and the same folders for the sketches')
    .option('--skip-existing', 'leave out what is there already')
    .option('--json <path>', 'write a report, as JSON')
    .option('--csv <path>', 'write the loss and its terms by step, as CSV')
    .option('--labels <list>', 'report which of these CLIP sees in photo and sketch: "a cat,a dog"', listed)
    .option('--frames <dir>', 'write every frame of the drawing as a numbered SVG')
    .option('--force', 'replace files that Fewline did not write')
    .addOption(verbose())
}

/** Of a sketch what makes no sense where nobody knows how many there will be. */
const NOT_WATCHED = ['resume', 'each', 'ladder', 'json', 'csv', 'frames', 'skipExisting']

export function addWatchOptions(command: Command): Command {
  command.argument('<folder>', 'where photos will appear')
  for (const option of addSketchOptions(new Command()).options) {
    if (!NOT_WATCHED.includes(option.attributeName())) command.addOption(option)
  }
  return command
}

/** Options of `fewline draw`, as they were typed. */
export interface DrawOptions extends Omit<
  SketchOptions,
  'mask' | 'text' | 'textWeight' | 'freshViews' | 'labels' | 'width'
> {
  negative?: string[]
  style?: string
  styleWeight?: number
  palette?: string
  mono?: true
  pens?: number
}

export function addDrawOptions(command: Command): Command {
  const more = (text: string, before: string[] = []): string[] => [...before, text]
  return command
    .argument('[prompt]', 'a sentence: "a red fox in the snow"')
    .option(
      '-o, --output <path>',
      'OUT.svg, .animated.svg, .png, .pdf, .gif, .webp, .json, DIR/, or - (default: named so)',
    )
    .option('--strokes <n>', 'how many strokes, 1 to 512 (default: 128)', whole('strokes', 1, 512))
    .option('--preset <name>', 'fast, standard (default) or paper', oneOf('preset', PRESETS))
    .option('--encoder <name>', 'the CLIP model that looks and reads: auto (default), its name, or a FILE of weights')
    .option('--iterations <n>', 'steps of the optimiser (default: the preset says)', whole('iterations', 0, 1_000_000))
    .option('--seeds <n>', 'how many tries; the best is kept (default: the preset says)', whole('seeds', 1, 1000))
    .option('--seed <n>', 'the same seed makes the same drawing (default: 0)', whole('seed', 0, 2 ** 31 - 1))
    .option('--negative <sentence>', 'what it should not be; may come again', more)
    .option('--style <picture>', 'a picture whose style it should have')
    .option('--style-weight <number>', 'how much the style counts (default: 1)', weight('style-weight'))
    .option('--from <file>', 'begin on the lines and colours of a photo, or with the strokes of an SVG')
    .option('--source <words>', 'what --from is of: its strokes move from there to the sentence, and stay near')
    .option('--palette <colours>', 'the only colours: "#d33,#fc0,#036", or a PICTURE to take them from')
    .option('--mono', 'in black alone')
    .option(
      '--film <what>',
      '.gif and .webp: pen, which draws it (default), or run, how it came to be',
      oneOf('film', ['pen', 'run']),
    )
    .option('--look <name>', LOOK_HELP, oneOf('look', LOOKS))
    .option('--paper <paper>', PAPER_HELP)
    .option('--outline', OUTLINE_HELP)
    .option('--pens <n>', 'at most so many colours in the file, one for each pen', whole('pens', 1, 64))
    .option('--size <length>', 'length of the longer side: 120mm, 12cm, 5in, 800px, 300pt')
    .option('--page <paper>', 'put it on a page: A0 to A6, B0 to B6, Letter, "A4 landscape", 200x150mm, …')
    .option('--margin <length>', 'what stays free on every side of the page (default: 10mm)')
    .option('--plotter', 'order for a pen plotter: little travel in the air, a layer for each pen')
    .option('--device <name>', 'auto (default), cpu, webgpu, cuda, dml or coreml', oneOf('device', DEVICES))
    .option('--threads <n>', 'processor threads for the encoder', whole('threads', 1, 256))
    .option('--resume <file>', 'go on with a drawing that was stopped, from its checkpoint')
    .option('--json <path>', 'write a report, as JSON')
    .option('--csv <path>', 'write the loss and its terms by step, as CSV')
    .option('--frames <dir>', 'write every frame of the drawing as a numbered SVG')
    .option('--force', 'replace files that Fewline did not write')
    .addOption(verbose())
}

/** Options of `fewline edit`, as they were typed. */
export interface EditOptions extends Pick<
  SketchOptions,
  | 'output'
  | 'finder'
  | 'encoder'
  | 'iterations'
  | 'seed'
  | 'device'
  | 'threads'
  | 'resume'
  | 'json'
  | 'force'
  | 'verbose'
> {
  mode?: (typeof EDIT_MODES)[number]
  strokes?: number
  generator?: string[]
  latent?: string
  strength?: number
  region?: string
  source?: string
  keep?: number
  keepLocation?: true
}

export function addEditOptions(command: Command): Command {
  return command
    .argument('[photo]', 'a picture, or - for standard input')
    .argument('[words]', 'what it should become: "at dusk"')
    .option('-o, --output <path>', 'OUT.png, .jpg, .webp, .tif, .svg (paint), or - (default: <photo>-edited.png here)')
    .option(
      '--mode <name>',
      'tone (default), its light and colours; style; or paint: anew, in strokes, and as an SVG as well',
      oneOf('mode', EDIT_MODES),
    )
    .option('--strokes <n>', 'with paint: in how many strokes, 1 to 512 (default: 320)', whole('strokes', 1, 512))
    .option('--strength <share>', 'how much of the change, from 0 (the photo itself) to 1 (default)', share('strength'))
    .option('--region <what>', 'where it may change: a picture FILE, white there, or words: "the sky"')
    .option(
      '--generator <files...>',
      'instead of a photo: an ONNX file that makes pictures of a latent, or its mapping and its synthesis',
    )
    .option('--latent <what>', 'with --generator: where it begins, a NumPy FILE, or random')
    .option('--source <words>', 'what the photo is of (default: "a photo")')
    .option('--keep <number>', 'how much it counts that it stays as it is (default: 1)', weight('keep'))
    .option('--keep-location', 'the file says where the photo was taken, if the photo does')
    .option('--encoder <name>', 'the CLIP model that looks and reads: auto (default), its name, or a FILE of weights')
    .option(
      '--finder <name>',
      `who looks for the words of a region: auto (default), ${WORD_FINDERS.join(', ')}`,
      oneOf('finder', ['auto', ...WORD_FINDERS]),
    )
    .option('--iterations <n>', 'steps of the optimiser (default: the mode says)', whole('iterations', 0, 1_000_000))
    .option('--seed <n>', 'the same seed makes the same change (default: 0)', whole('seed', 0, 2 ** 31 - 1))
    .option('--device <name>', 'auto (default), cpu, webgpu, cuda, dml or coreml', oneOf('device', DEVICES))
    .option('--threads <n>', 'processor threads for the encoder', whole('threads', 1, 256))
    .option('--resume <file>', 'go on with an edit that was stopped, from its checkpoint')
    .option('--json <path>', 'write a report, as JSON')
    .option('--force', 'replace files that Fewline did not write')
    .addOption(verbose())
}

function theServer(): Option {
  const about = 'the Redis server, as redis://HOST or rediss://HOST; its password may be in FEWLINE_QUEUE_PASSWORD'
  return new Option('--queue <url>', about).makeOptionMandatory()
}

export function addWorkerOptions(command: Command): Command {
  return command
    .addOption(theServer())
    .option('--jobs <n>', 'how many photos at once (default: as many as cores and memory allow)', whole('jobs', 1, 256))
    .option('--device <name>', 'auto (default), cpu, webgpu, cuda, dml or coreml', oneOf('device', DEVICES))
    .option('--threads <n>', 'processor threads for each', whole('threads', 1, 256))
    .addOption(verbose())
}

export function addQueueOptions(command: Command): Command {
  return command
    .addOption(theServer())
    .option('--retry', 'try again what has failed')
    .option('--json', 'print the answer as JSON')
    .addOption(verbose())
}

export function addLabelOptions(command: Command): Command {
  return command
    .argument('<picture>', 'a picture')
    .argument('<labels...>', 'what may be in it: "a cat" "a dog"')
    .option('--encoder <name>', 'the CLIP model that looks and reads: auto (default), its name, or a FILE of weights')
    .option('--threads <n>', 'processor threads', whole('threads', 1, 256))
    .option('--boxes', 'say where each is, instead of how likely it is in the picture')
    .option('--json', 'print the answer as JSON')
    .addOption(verbose())
}

export function addFindOptions(command: Command): Command {
  const finders = [...WORD_FINDERS, ...CLICK_FINDERS]
  return command
    .argument('<photo>', 'a picture')
    .argument(
      '[words...]',
      'what to find: "the dog" "-the ball"; one with - in front is not meant; none at all: the subject',
    )
    .option(
      '-o, --output <path>',
      'MASK.png, white where it is, on black, or …overlay.png, its outlines on the photo; - for a pipe',
    )
    .option('--finder <name>', `auto (default), ${finders.join(', ')}`, oneOf('finder', ['auto', ...finders]))
    .option('--encoder <name>', 'the CLIP model of clip and crops: auto (default), its name, or a FILE of weights')
    .option('--at <x,y>', 'what lies there, in pixels of the photo (repeat it)', numbers('at', 2))
    .option('--box <x,y,w,h>', 'what lies in there, in pixels of the photo (repeat it)', numbers('box', 4))
    .option(
      '--like <file>',
      'what looks like that picture, or like FILE@x,y,w,h: what is in that box of it (repeat it)',
      likeOption,
    )
    .option('--device <name>', 'auto (default), cpu, webgpu, cuda, dml or coreml', oneOf('device', DEVICES))
    .option('--threads <n>', 'processor threads', whole('threads', 1, 256))
    .option('--json', 'print the answer as JSON')
    .option('--force', 'replace a file that Fewline did not write')
    .addOption(verbose())
}

export function addBenchOptions(command: Command): Command {
  return command
    .argument('[what]', 'raster, encoder, sketch, find, count or batch; all but the last when left out')
    .argument('[model]', 'for the encoder: RN50, RN101, RN50x4, ViT-B/32 or ViT-B/16, with random weights')
    .addOption(several('--batch <list>', 'how many drawings at once', whole('batch', 1, 64), [1, 5]))
    .addOption(several('--threads <list>', 'processor threads', whole('threads', 1, 256), [], 'all'))
    .addOption(several('--device <list>', 'cpu,webgpu,…', oneOf('device', DEVICES), ['cpu']))
    .addOption(several('--preset <list>', 'for the sketch', oneOf('preset', PRESETS), PRESETS))
    .option('--encoder <name>', 'for the sketch: what looks at it, and all of the above is measured')
    .option('--random-weights', 'an encoder of that name with random weights, at the real speed')
    .option('--runs <n>', 'how often each is measured', whole('runs', 1, 1000), 7)
    .addOption(new Option('--alone').hideHelp())
}

/** Every command has it. */
export function verbose(): Option {
  return new Option('--verbose', 'show where an error came from')
}

/** An option that takes several values with commas between them. */
function several<Value>(
  flags: string,
  about: string,
  one: (text: string) => Value,
  without: readonly Value[],
  name = without.join(','),
): Option {
  return new Option(flags, about).argParser((text) => text.split(',').map(one)).default(without, name)
}

function whole(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    const near = Math.min(most, Math.max(least, Math.round(Number(text)) || least))
    throw new WrongCall(
      `--${name} to be a whole number from ${least} to ${most}`,
      `"${text}" came`,
      `try --${name} ${near}`,
    )
  }
}

function strokeCount(text: string): number | 'auto' {
  return text === 'auto' ? text : whole('strokes', 1, 512)(text)
}

function share(name: string): (text: string) => number {
  return (text) => {
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
    if (value <= 1) return value
    throw new WrongCall(`--${name} to be a number from 0 to 1`, `"${text}" came`, `try --${name} 0.5`)
  }
}

function series(text: string): number[] {
  const counts = text.split(',').map((count) => whole('series', 1, 512)(count.trim()))
  if (counts.every((count, i) => i === 0 || count > counts[i - 1]!)) return counts
  throw new WrongCall('--series to go up', `"${text}" came`, 'try --series 4,8,16,32')
}

function listed(text: string): string[] {
  const labels = text.split(',').map((label) => label.trim())
  if (labels.every((label) => label !== '')) return labels
  throw new WrongCall('--labels to be names with commas between them', `"${text}" came`, 'try --labels "a cat,a dog"')
}

/** One more of an option that may come several times. */
function gathered(text: string, before: string[] = []): string[] {
  return [...before, text]
}

/** So many numbers with commas between them, of an option that may come several times. */
function numbers(name: string, count: number): (text: string, before?: number[][]) => number[][] {
  return (text, before = []) => {
    const values = text.split(',').map((part) => (/^\s*[+-]?\d*\.?\d+\s*$/.test(part) ? Number(part) : NaN))
    if (values.length === count && values.every(Number.isFinite)) return [...before, values]
    const example = [120, 80, 60, 40].slice(0, count).join(',')
    throw new WrongCall(
      `--${name} to be ${count} numbers with commas between them`,
      `"${text}" came`,
      `try --${name} ${example}`,
    )
  }
}

function strokeWidth(text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
  if (value >= 0.1 && value <= 64) return value
  throw new WrongCall('--width to be a number from 0.1 to 64', `"${text}" came`, 'try --width 3')
}

function weight(name: string): (text: string) => number {
  return (text) => {
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
    if (value <= 1e6) return value
    throw new WrongCall(`--${name} to be a number from 0 to 1000000`, `"${text}" came`, `try --${name} 1`)
  }
}

function oneOf(name: string, choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text
    throw new WrongCall(`--${name} to be ${choices.join(' or ')}`, `"${text}" came`, `try --${name} ${choices[0]!}`)
  }
}
