import type { Command } from 'commander'
import type { Change } from '../actions/action.ts'
import { permitted } from '../actions/action.ts'
import { actionsOf } from '../actions/table.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { kinds, meantAmong } from '../fleet/kinds.ts'
import { namesOf } from '../fleet/session/people.ts'
import type { SessionRecord } from '../fleet/session/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { label, say } from '../hosts/label.ts'
import { addActionVerb } from './action-verb.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { findOne } from './noun.ts'
import { withFleet } from './with-fleet.ts'

/** A verb for each action on sessions. */
export function addSessionActions(
  noun: Command,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  for (const action of actionsOf.session) {
    if (action.verb === 'message') addMessageVerb(noun, action, globals, finish)
    else
      addActionVerb(
        noun,
        action,
        '<SESSION...>',
        (snapshot, word) => findOne('session', word, snapshot),
        globals,
        finish,
      )
  }
}

interface MessageOptions extends ChangeOptions {
  readonly machine?: string
  readonly all?: boolean
}

/** To sessions, to people with all that they have, to all of a machine, or to all. */
function addMessageVerb(
  noun: Command,
  action: Change<SessionRecord>,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  const verb = noun
    .command('message [SESSION...]')
    .description(action.help)
    .option('--machine <MACHINE>', 'to all who work on it')
    .option('--all', 'to all who work anywhere')
  addChangeOptions(verb, action as Change<unknown>)
  verb.action(async (words: string[], options: MessageOptions) => {
    const { machine, all, ...rest } = options
    const ways = [words.length > 0, machine !== undefined, all === true].filter(Boolean)
    if (ways.length !== 1)
      throw new Failure(
        exit.usage,
        say`to whom: sessions or people by their names, --machine, or --all; one of these`,
      )
    finish(
      await withFleet(globals(), false, (fleet, snapshot) =>
        change(fleet, action, hearers(words, machine, action, fleet, snapshot), rest),
      ),
    )
  })
}

/** @throws {Failure} nobody is meant, or nobody works there */
export function hearers(
  words: readonly string[],
  machine: string | undefined,
  action: Change<SessionRecord>,
  fleet: Fleet,
  snapshot: Snapshot,
): readonly SessionRecord[] {
  const all = kinds.session.all(snapshot)
  if (words.length) {
    const named = words.flatMap((word) => {
      const meant = meantAmong(kinds.session, all, word)
      return meant.length ? meant : [findOne('session', word, snapshot)]
    })
    return [...new Set(named)]
  }
  const there = machine === undefined ? all : all.filter((one) => namesOf(one.machine).has(machine))
  // What cannot be told now is nobody's wish by name.
  const hearing = there.filter((one) => permitted(action, one, { fleet, snapshot }) === true)
  if (hearing.length) return hearing
  const where = machine === undefined ? say`` : say` on ${label(machine)}`
  throw new Failure(exit.notFound, say`nobody works${where} who could be told`)
}
