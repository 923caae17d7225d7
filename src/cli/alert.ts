import type { Command } from 'commander'
import type { StandingAlert } from '../fleet/alerts/book.ts'
import { atLeast } from '../fleet/journal/wanted.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { whoAmI } from '../fleet/who.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { dateTime } from '../text/format.ts'
import { dash } from '../text/part.ts'
import { alertJson } from '../views/alert/json.ts'
import { nearest, proposed } from '../words/nearest.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { addAtOption, addHostOption, addSeverityOption, type Narrowing, onHosts } from './narrow.ts'
import { json, print, table } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

/** `vdd alert list`, `vdd alert acknowledge` and `vdd alert test`. */
export function addAlertVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('alert').description('What is wrong now.')
  const list = noun
    .command('list')
    .description('Lists all that is wrong, the worst first, what somebody takes care of last.')
  addAtOption(addSeverityOption(addHostOption(list)))
    .option('--json', 'as JSON')
    .action(async (options: Narrowing & { readonly json?: boolean; readonly at?: number }) => {
      const tell = (all: readonly StandingAlert[], snapshot: Snapshot): void => {
        const isOn = onHosts(options, snapshot)
        const wanted = atLeast(options.severity)
        const alerts = all.filter((one) => isOn(one) && wanted.includes(one.severity))
        print(options.json ? json(alerts.map(alertJson)) : alertTable(alerts))
      }
      if (options.at !== undefined) {
        const { thenAt } = await import('./at.ts')
        const { alerts, snapshot } = thenAt(globals(), options.at)
        tell(alerts, snapshot)
        return finish(exit.ok)
      }
      finish(
        await withFleet(globals(), false, async (fleet, snapshot) => {
          tell(fleet.alerts(), snapshot)
          return complain(snapshot)
        }),
      )
    })
  noun
    .command('acknowledge <NAME...>')
    .description('Says that somebody takes care of what is wrong with these machines, front ends or hosts.')
    .option('--note <TEXT>', 'what is to be said of it')
    .option('--withdraw', 'takes it back')
    .option('--json', 'as JSON')
    .action(async (names: string[], options: { note?: string; withdraw?: boolean; json?: boolean }) =>
      finish(
        await withFleet(globals(), false, async (fleet) => {
          if (options.withdraw && options.note)
            throw new Failure(exit.usage, say`--note goes with an acknowledgement, not with --withdraw`)
          const found = fleet
            .alerts()
            .filter(({ name, about }) => names.includes(name) || names.includes(about.id))
          const missing = names.find(
            (word) => !found.some(({ name, about }) => name === word || about.id === word),
          )
          if (missing !== undefined) throw nothingWrong(missing, fleet.alerts())
          for (const alert of found)
            if (!options.withdraw) fleet.acknowledge(alert, whoAmI(), options.note ?? '')
            else if (alert.acknowledged) fleet.withdraw(alert, whoAmI())
          if (fleet.journal.trouble)
            throw new Failure(exit.failed, say`nobody is told: ${fleet.journal.trouble}`)
          const now = fleet.alerts().filter(({ id }) => found.some((alert) => alert.id === id))
          const how = options.withdraw ? say`no longer acknowledged` : say`acknowledged`
          if (options.json) print(json(now.map(alertJson)))
          else for (const { name, text } of now) print(say`${name}: ${how}: ${text}`)
          return exit.ok
        }),
      ),
    )
  noun
    .command('test')
    .description('Runs the command of alerts.run with an invented alert, and says what came of it.')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { testCall } = await import('./alert-test.ts')
      finish(await testCall(globals(), options.json ?? false))
    })
}

function nothingWrong(word: string, alerts: readonly StandingAlert[]): Failure {
  // An alert goes by its name as it is shown: a label already.
  const known = alerts.flatMap(({ name, about }) => [name, about.id])
  const near = proposed(nearest(word, known)) as Label | undefined
  const text = say`nothing is wrong with ${label(word)}`
  return new Failure(exit.notFound, near ? [text, near] : say`${text}; "vdd alert list" shows what is`)
}

function alertTable(alerts: readonly StandingAlert[]): string {
  const rows = alerts.map(({ severity, name, text, acknowledged }) => [
    label(severity),
    name,
    text,
    acknowledged ? say`${acknowledged.who}, ${dateTime(acknowledged.at)} ${acknowledged.note}` : dash,
  ])
  return table(['SEVERITY', 'NAME', 'WHAT', 'ACKNOWLEDGED'], rows)
}
