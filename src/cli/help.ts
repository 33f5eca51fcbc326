import type { Command } from 'commander'
import { said } from './say.ts'

/** What commander says by itself, as it says it: headings, and what it finds wrong with a call. */
export const COMMANDER = [
  'Usage:',
  'Options:',
  'Arguments:',
  'Commands:',
  '(default: {0})',
  'display help for command',
  'output the version number',
  "unknown option '{0}'",
  "unknown command '{0}'",
  "unknown option '{0}' (Did you mean {1}?)",
  "unknown command '{0}' (Did you mean {1}?)",
  "missing required argument '{0}'",
  "option '{0}' argument missing",
  "too many arguments for '{0}'",
]

const DEFAULT = /\(default: .*\)$/

/** The help of a command and of those below it, in the language that is spoken. */
export function showHelp(command: Command): void {
  const described = (text: string): string => text.replace(DEFAULT, said)
  command
    .description(said(command.description()))
    .helpOption('-h, --help', said('display help for command'))
    .configureHelp({ styleTitle: said, styleOptionDescription: described, styleArgumentDescription: described })
  for (const part of [...command.options, ...command.registeredArguments]) {
    part.description = said(part.description)
    part.defaultValueDescription &&= said(part.defaultValueDescription)
  }
  if (command.commands.length > 0) command.helpCommand('help [command]', said('display help for command'))
  for (const below of command.commands) showHelp(below)
}
