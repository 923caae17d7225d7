import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Change, MachineAction } from '../actions/action.ts'
import type { Answers } from '../actions/question.ts'
import { actionsOf } from '../actions/table.ts'
import { whyUnread } from '../config/secret.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { placesOf } from '../fleet/machine/places.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { label, say } from '../hosts/label.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import { findHost, findMachine } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { deviceText, type LookOptions, look } from './machine-look.ts'
import { addNoun } from './noun.ts'
import { withFleet } from './with-fleet.ts'

/** `vdd machine …`: list and show, and a verb for each action of the table. */
export function addMachineVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'machine', {
    description: 'Virtual machines: see, start, stop, move, define.',
    find: findMachine,
    // One that several hosts know has a line for each.
    each: (machine) => placesOf(machine as MachineRecord),
    // Which cluster runs it, and the page names who works on it.
    about: { list: ['machines', 'clusters'], show: ['machines', 'clusters', 'displays'] },
    rates: { list: 'loads', show: 'loads' },
    below: deviceText,
  })
  // What only looks first, as people who call for help want to see before they do.
  const looks = actionsOf.machine.filter(({ kind }) => kind === 'look')
  for (const action of new Set([...looks, ...actionsOf.machine]))
    if (action.kind !== 'look' || action.shows !== 'details') addMachineVerb(noun, action, globals, finish)
  for (const action of actionsOf.host) addHostVerb(noun, action, globals, finish)
}

type Finish = (code: number) => void

function addMachineVerb(
  noun: Command,
  action: MachineAction,
  globals: () => GlobalOptions,
  finish: Finish,
): void {
  const many = action.kind === 'change'
  const verb = noun.command(`${action.verb} <MACHINE${many ? '...' : ''}>`).description(action.help)
  if (action.kind === 'look') {
    verb.option('--json', 'as JSON')
    const { shows } = action
    if (shows !== 'details')
      verb.action(async (word: string, options: LookOptions) =>
        finish(await look(shows, word, globals(), options)),
      )
    return
  }
  addChangeOptions(verb, action as Change<unknown>)
  verb.action(async (words: string[], options: ChangeOptions) =>
    finish(
      await withFleet(globals(), false, (fleet, snapshot) =>
        change(fleet, action, [...new Set(words.map((word) => findMachine(snapshot, word)))], options),
      ),
    ),
  )
}

function addHostVerb(
  noun: Command,
  action: Change<HostRecord>,
  globals: () => GlobalOptions,
  finish: Finish,
): void {
  const isDefine = action.verb === 'define'
  const verb = noun.command(isDefine ? 'define <FILE>' : `${action.verb} <NAME>`).description(action.help)
  verb.requiredOption('--host <HOST>', 'on which host (needed)')
  addChangeOptions(verb, {
    ...action,
    asks: action.asks.filter((q) => !['name', 'xml'].includes(q.id)),
  } as Change<unknown>)
  verb.action(async (word: string, options: ChangeOptions) => {
    const answers: Answers = isDefine ? { xml: readXml(word) } : { name: word }
    finish(
      await withFleet(globals(), 'loads', (fleet, snapshot) =>
        change(fleet, action, [findHost(snapshot, String(options.host))], options, answers),
      ),
    )
  })
}

/** The content of a file, `-` for standard input. */
function readXml(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Failure(exit.usage, say`${label(file)}: ${label(whyUnread(error))}`)
  }
}
