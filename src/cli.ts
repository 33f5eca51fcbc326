#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { bench } from './cli/bench.ts'
import type { BenchOptions } from './cli/bench-encoder.ts'
import type { SketchBenchOptions } from './cli/bench-sketch.ts'
import { complain } from './cli/complain.ts'
import { diagnostics } from './cli/diagnostics.ts'
import { draw, redraw } from './cli/draw.ts'
import { edit } from './cli/edit.ts'
import { find, guarded, type FindOptions } from './cli/find.ts'
import { label, type LabelOptions } from './cli/label.ts'
import { addModelsCommands } from './cli/models.ts'
import {
  addBenchOptions,
  addDrawOptions,
  addEditOptions,
  addFindOptions,
  addLabelOptions,
  addQueueOptions,
  addSketchOptions,
  addWatchOptions,
  addWorkerOptions,
  type DrawOptions,
  type EditOptions,
  type SketchOptions,
  verbose,
} from './cli/options.ts'
import { STANDARD_OUTPUT } from './cli/output.ts'
import { showHelp } from './cli/help.ts'
import { failureOfOutput, speak, watchOutput } from './cli/say.ts'
import { tellQueue, type QueueOptions } from './cli/queue/queue.ts'
import { work, type WorkerOptions } from './cli/queue/worker.ts'
import { sketch } from './cli/sketch.ts'
import { portOption, type Studio } from './cli/studio.ts'
import { version } from './cli/version.ts'
import { watch } from './cli/watch.ts'
import { languageAsked, openTranslator } from './words/languages.ts'

// Exit codes: 0 done, 1 the work failed, 2 the call was wrong, 130 stopped by the user.
watchOutput()
speak(await openTranslator(languageAsked(process.env)))
process.exitCode = await run(process.argv.slice(2), stopSignal())

async function run(args: string[], stop: AbortSignal): Promise<number> {
  let code = 0
  const program = new Command('fewline')
    .description('Turns a photo into a drawing of a few strokes.')
    .version(version())
    .exitOverride()
    // What commander would say is said by `complain`, in our own manner.
    .configureOutput({ outputError: () => undefined })
  addSketchOptions(program.command('sketch').description('draw photos')).action(
    async (photos: string[], options: SketchOptions) => {
      code = await (options.source === undefined ? sketch : redraw)(photos, options, stop)
    },
  )
  addWatchOptions(program.command('watch').description('draw the photos that appear in a folder')).action(
    async (folder: string, options: SketchOptions) => {
      code = await watch(folder, options, stop)
    },
  )
  addWorkerOptions(program.command('worker').description('draw what others send to a queue')).action(
    async (options: WorkerOptions) => {
      code = await work(options, stop)
    },
  )
  addQueueOptions(program.command('queue').description('say how it stands with a queue')).action(
    async (options: QueueOptions) => {
      code = await tellQueue(options)
    },
  )
  addDrawOptions(program.command('draw').description('draw a sentence in coloured strokes (CLIP)')).action(
    async (prompt: string | undefined, options: DrawOptions) => {
      code = await draw(prompt, options, stop)
    },
  )
  addEditOptions(program.command('edit').description('change a photo as a sentence says (CLIP)')).action(
    async (photo: string | undefined, words: string | undefined, options: EditOptions) => {
      code = await edit(photo, words, options, stop)
    },
  )
  addModelsCommands(program.command('models').description('list, download and import encoders'), stop, (result) => {
    code = result
  })
  addLabelOptions(program.command('label').description('say what a picture shows, of the things you name')).action(
    async (picture: string, labels: string[], options: LabelOptions) => {
      code = await label(picture, labels, options)
    },
  )
  addFindOptions(program.command('find').description('find things in a photo, or its subject')).action(
    async (photo: string, words: string[], options: FindOptions) => {
      code = await find(photo, words, options)
    },
  )
  addBenchOptions(program.command('bench').description('measure how fast it draws here')).action(
    async (what: string | undefined, model: string | undefined, options: BenchOptions & SketchBenchOptions) => {
      code = await bench(what, model, options)
    },
  )
  program
    .command('diagnostics')
    .description('tell what a report of a fault needs to say of this machine')
    .addOption(verbose())
    .action(async () => {
      code = await diagnostics()
    })
  program
    .command('serve')
    .description('open the studio in a browser of this machine')
    .addOption(new Option('--port <n>', 'where it listens').argParser(portOption).default(0, 'any that is free'))
    .option('--no-open', 'print the address, and open no browser')
    .option('-o, --output <folder>', 'where the drawings of a batch go; else they come as one archive')
    .addOption(verbose())
    .action(async (options: { port: number; open: boolean; output?: string }) => {
      // The host of the studio is no part of the engine: it is there when it was built, and loaded only now.
      const { serve } = (await import(new URL('../main/serve.js', import.meta.url).href)) as Studio
      await serve({ ...options, version: version() }, stop)
    })
  showHelp(program)
  try {
    await program.parseAsync(guarded(args), { from: 'user' })
    return code === 0 ? await answered(args) : code
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return answered(args)
    // Called with nothing at all: the help has been shown.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2
    return complain(error, isVerbose(args))
  }
}

/** Whether what was answered has arrived, as an exit code. */
async function answered(args: string[]): Promise<0 | 1 | 2> {
  const failure = await failureOfOutput()
  if (!failure) return 0
  const { unwritable } = await import('./index.ts')
  return complain(unwritable(STANDARD_OUTPUT, failure), isVerbose(args))
}

function isVerbose(args: string[]): boolean {
  return args.includes('--verbose')
}

/**
 * Aborts at the first Ctrl-C, at a word of the system, or when the terminal is closed, so that what is drawn so far can be
 * written; a second Ctrl-C ends the program at once.
 */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A closed terminal is told of twice, by the system and by the shell: nobody is impatient.
      if (controller.signal.aborted && signal !== 'SIGHUP') process.exit(130)
      controller.abort()
    })
  }
  return controller.signal
}
