import type { Command } from 'commander'
import { actionsOf } from '../actions/table.ts'
import { addActionVerb } from './action-verb.ts'
import { addOpenVerb } from './display-open.ts'
import type { GlobalOptions } from './global-options.ts'
import { addNoun, findOne } from './noun.ts'

/** `vdd display …`: list, show, and a verb for each action of the table. */
export function addDisplayVerbs(program: Command, finish: (code: number) => void): void {
  const noun = addNoun(program, finish, 'display', {
    description: 'The displays at which people work: see, close, bring to the front, resize, show anew.',
    // Where their machines run is told, too.
    about: { list: ['displays', 'machines'], show: ['displays', 'machines'] },
  })
  const globals = () => program.opts() as GlobalOptions
  addOpenVerb(noun, globals, finish)
  for (const action of actionsOf.display)
    addActionVerb(
      noun,
      action,
      '<DISPLAY...>',
      (snapshot, word) => findOne('display', word, snapshot),
      globals,
      finish,
    )
}
