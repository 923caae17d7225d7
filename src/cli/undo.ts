import { type Command, InvalidArgumentError } from 'commander'
import type { Change } from '../actions/action.ts'
import { type PastChange, pastChanges } from '../actions/last-changes.ts'
import { idOf, objectsOf, type Target } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import type { Entry, Journal } from '../fleet/journal/journal.ts'
import { whoAmI } from '../fleet/who.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { dateTime } from '../text/format.ts'
import { type ChangeOptions, change } from './change.ts'
import { addCommonOptions, addCountOption } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { warn } from './output.ts'
import { withFleet } from './with-fleet.ts'

/** Entries of the journal in which the last change is looked for. */
const lookedAt = 10_000

function journalId(text: string): number {
  const id = Number(text)
  if (!Number.isInteger(id) || id < 1)
    throw new InvalidArgumentError('the number of an event, as "vdd events" has it')
  return id
}

/** `vdd undo`: puts back what was done last, from the journal. */
export function addUndoVerb(program: Command, finish: (code: number) => void): void {
  const verb = program
    .command('undo')
    .argument(
      '[ID]',
      'the change of this event ("vdd events --json" has the ids); without one your last',
      journalId,
    )
    .description('Puts back what was done last: shown, and asked first.')
    .option('--force', 'with --yes: also what a yes is not enough for')
  addCountOption(verb)
  addCommonOptions(verb, 'as its own')
  verb.action(async (id: number | undefined, options: ChangeOptions) =>
    finish(
      await withFleet(program.opts() as GlobalOptions, false, (fleet, snapshot) => {
        const past = whichChange(fleet.journal.latest(lookedAt), id, whoAmI())
        requireBelief(fleet.journal, options)
        const action = actions.find((one) => one.kind === 'change' && one.verb === past.undo?.verb)
        const { undo } = past
        if (!undo || !action)
          throw new Failure(exit.refused, say`event ${past.id}: ${titleOf(past)}, ${whyNot(past)}`)
        const targets = objectsOf(action.subject, snapshot).filter((one) =>
          undo.ids.includes(idOf(action.subject, one)),
        )
        if (!targets.length)
          throw new Failure(exit.notFound, say`${titleOf(past)}: what would be put back has gone`)
        const before = past.before ? say`; before it was: ${past.before}` : say``
        warn(say`Undo: ${titleOf(past)}${before}`)
        return change(fleet, action as Change<Target>, targets, options, undo.answers, undo.own)
      }),
    ),
  )
}

/** Whoever writes the journal says what is undone, and as whose: a yes given beforehand is not meant for that. */
function requireBelief({ writers }: Pick<Journal, 'writers'>, { yes, force, dryRun }: ChangeOptions): void {
  if (!writers) return
  const who = writers === 'group' ? say`others of its group` : say`others`
  const why = say`${who} may write the journal, so this may not be what you did`
  if (yes && !force && !dryRun)
    throw new Failure(exit.refused, say`${why}; look with --dry-run; --force does it nevertheless`)
  warn(`vdd: ${why}`)
}

function titleOf({ name, at }: PastChange): Label {
  return say`${name}, ${dateTime(at)}`
}

function whyNot({ isNothing }: PastChange): Label {
  return isNothing ? say`did nothing: there is nothing to undo` : say`cannot be undone`
}

/**
 * The change of an event, or the last of this person that did something. Where that cannot be undone, an older one is not undone in its place: what
 * somebody means who says only "undo" is what was done last.
 */
export function whichChange(entries: readonly Entry[], id: number | undefined, who: Label): PastChange {
  const all = pastChanges(entries)
  if (id !== undefined) {
    const found = all.find(({ ids }) => ids.includes(id))
    if (found) return found
    throw new Failure(exit.notFound, say`no change is told of by event ${id}; "vdd events" shows them`)
  }
  const mine = all.filter((one) => one.who === who && !one.isNothing)
  const [last] = mine
  if (!last) throw new Failure(exit.notFound, say`the journal knows no change by ${who}`)
  if (last.undo) return last
  const older = mine.find(({ undo }) => undo)
  throw new Failure(exit.refused, [
    say`the last change, ${titleOf(last)}, ${whyNot(last)}`,
    ...(older ? [say`before it: ${titleOf(older)}; "vdd undo ${label(String(older.id))}" undoes that`] : []),
  ])
}
