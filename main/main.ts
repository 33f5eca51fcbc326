import { app } from 'electron'
import { runCommandLine } from './command-line.ts'

// The studio's window is still to come; until then the desktop app is the command line.
if (!(await runCommandLine(app))) {
  console.error('Fewline has no window yet. Draw from the command line: fewline sketch PHOTO')
  app.exit(2)
}
