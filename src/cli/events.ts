import { type Command, InvalidArgumentError } from 'commander'
import { dateTime } from '../components/format.ts'
import type { Entry, Journal } from '../fleet/journal.ts'
import { say } from '../hosts/label.ts'
import { exit } from './exit.ts'
import { type GlobalOptions, openFleet } from './open.ts'
import { json, print } from './output.ts'
import { closeFleet, endOnSignal } from './with-fleet.ts'

function entryJson(entry: Entry) {
  return {
    id: entry.id,
    at: new Date(entry.at).toISOString(),
    kind: entry.kind,
    severity: entry.severity,
    host: entry.host,
    uuid: entry.uuid ?? null,
    name: entry.name ?? null,
    text: entry.text,
    who: entry.who ?? null,
    plan: entry.plan ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
  }
}

/** A count on the command line. */
function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number')
  return value
}

function entryText(entry: Entry): string {
  const what = entry.name ? say`${entry.name}: ${entry.text}` : entry.text
  return `${dateTime(entry.at)}  ${entry.severity.padEnd(7)} ${entry.host}  ${what}${entry.who ? `  (${entry.who})` : ''}`
}

/** `vdd events`: the journal, oldest first; `--follow` goes on with what happens. */
export function addEventVerbs(program: Command, finish: (code: number) => void): void {
  program
    .command('events')
    .description('what happened and what was done, from the journal')
    .option('--last <n>', 'how many', whole, 50)
    .option('--follow', 'go on with what happens, one line or JSON object each')
    .option('--json', 'as JSON; with --follow one object a line')
    .action(async (options: { last: number; follow?: boolean; json?: boolean }) => {
      const fleet = openFleet(program.opts() as GlobalOptions, false)
      const entries = fleet.journal.latest(options.last).reverse()
      if (options.follow) {
        endOnSignal(fleet)
        fleet.start()
        return follow(fleet.journal, entries, options.json ?? false)
      }
      if (options.json) print(json(entries.map(entryJson)))
      else for (const entry of entries) print(entryText(entry))
      finish(fleet.journal.trouble ? exit.failed : exit.ok)
      await closeFleet(fleet)
    })
}

/** Prints until it is ended from outside. */
function follow(journal: Journal, entries: readonly Entry[], asJson: boolean): void {
  const line = (entry: Entry) => (asJson ? json(entryJson(entry)).replace(/\n\s*/g, ' ') : entryText(entry))
  let last = 0
  const tell = (some: readonly Entry[]) => {
    for (const entry of some) {
      print(line(entry))
      last = Math.max(last, entry.id)
    }
  }
  tell(entries)
  journal.subscribe(() => tell(journal.latest(1000, last).reverse()))
}
