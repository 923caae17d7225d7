import type { Command } from 'commander'
import { actionsOf } from '../actions/table.ts'
import { addActionVerb } from './action-verb.ts'
import { findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addNoun } from './noun.ts'
import { tellAmiss } from './output.ts'

/** `vdd service …`: what the balancers serve. */
export function addServiceVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'service', {
    description: 'The virtual services of the balancers.',
    find: findService,
    before: tellAmiss,
  })
  for (const action of actionsOf.service)
    addActionVerb(noun, action, '<SERVICE...>', findService, globals, finish)
}
