import type { Verb } from './verb.ts'

/** `vdd help [NOUN [VERB]]`, and the same behind a noun: `vdd machine help migrate`. */
export function addHelpVerbs(program: Verb): void {
  for (const command of program.all.filter(
    ({ commands }) => commands.length || commands === program.commands,
  ))
    command
      .helpCommand(false)
      .command('help [topic...]', { hidden: command !== program })
      .allowUnknownOption()
      .description('Shows what a noun or a verb is for, and how it is called.')
      .action((words: readonly string[]) =>
        topic(
          command,
          words.filter((word) => !word.startsWith('-')),
        ).outputHelp(),
      )
}

/** What the words lead to. What stands behind a verb is no topic any more: a whole command line may be asked for. */
function topic(from: Verb, words: readonly string[]): Verb {
  const [word, ...rest] = words
  if (word === undefined || !from.commands.length) return from
  const found = (from.commands as readonly Verb[]).find((one) => one.name() === word)
  return found ? topic(found, rest) : from.noVerb(word)
}
