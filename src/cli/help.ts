import type { Argument, HelpConfiguration } from 'commander'
import type { Verb } from './verb.ts'

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? name : `[${name}]`
}

/** How a help is written: no word that says nothing, and a default as this program says it. */
export const helpStyle: HelpConfiguration = {
  subcommandTerm: (verb) => [verb.name(), ...verb.registeredArguments.map(argumentTerm)].join(' '),
  optionDescription: ({ description }) => description,
}

/** Below the help of the program: what says more. */
export const helpOfVerbs = `
"vdd help machine" tells the verbs of a machine, "vdd help machine migrate" the
options of one. Those of vdd itself stand before a verb or behind it.`

/** What commander says of a command with verbs that says nothing itself. */
const usualUsage = '[options] [command]'

/** `vdd help [NOUN [VERB]]`, and the same behind a noun: `vdd machine help migrate`. */
export function addHelpVerbs(program: Verb): void {
  for (const command of program.all.filter((one) => one === program || one.commands.length)) {
    // One that does something by itself has said how.
    if (command !== program && command.usage() === usualUsage) command.usage('VERB ...')
    command
      .helpCommand(false)
      .command('help [TOPIC...]', { hidden: command !== program })
      .allowUnknownOption()
      .description('Shows what a noun or a verb is for, and how it is called.')
      .action((words: readonly string[]) =>
        topic(
          command,
          words.filter((word) => !word.startsWith('-')),
        ).outputHelp(),
      )
  }
}

/** What the words lead to. What stands behind a verb is no topic any more: a whole command line may be asked for. */
function topic(from: Verb, words: readonly string[]): Verb {
  const [word, ...rest] = words
  if (word === undefined || !from.commands.length) return from
  const found = (from.commands as readonly Verb[]).find((one) => one.name() === word)
  return found ? topic(found, rest) : from.noVerb(word)
}
