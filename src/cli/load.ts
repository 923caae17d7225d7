import { type Command, InvalidArgumentError } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import { runLoad } from '../fleet/load/run.ts'
import { type Outcome, Tally } from '../fleet/load/tally.ts'
import { type Target, targetOf } from '../fleet/load/targets.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { now, wallTime } from '../hosts/clock.ts'
import { joined, label, say } from '../hosts/label.ts'
import { endsInOrder, onEnding } from '../terminal/ending.ts'
import { loadHeading, loadLine } from '../views/drill/load.ts'
import { exit, Failure } from './exit.ts'
import { findHost, findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { loadJson, loadSummary } from './load-lines.ts'
import { print, warn } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

export interface LoadOptions {
  readonly connections: number
  readonly rate: number
  readonly for: number
  readonly from?: string
  readonly json?: boolean
}

/** What one console may do to a cluster: more is an attack. */
const most = { connections: 1_000, rate: 5_000, seconds: 86_400 } as const

const upTo =
  (greatest: number, what: string) =>
  (text: string): number => {
    const value = Number(text)
    if (!(value > 0 && value <= greatest)) throw new InvalidArgumentError(`${what}, at most ${greatest}`)
    return value
  }

const whole = (greatest: number) => (text: string) => {
  const value = upTo(greatest, 'a whole number')(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('a whole number')
  return value
}

/** The options of whatever puts load on. */
export function addLoadOptions(verb: Command): Command {
  return verb
    .option(
      '--connections <N>',
      'so many at once, for each service (default: 10)',
      whole(most.connections),
      10,
    )
    .option(
      '--rate <R>',
      'so many requests a second, for each service (default: 20)',
      upTo(most.rate, 'requests a second'),
      20,
    )
    .option('--from <HOST>', 'connect from there, by its sshd (LDAP only); default: from this machine')
}

/** `vdd load`: asks virtual services as many clients do. */
export function addLoadVerb(program: Command, finish: (code: number) => void): void {
  const verb = program
    .command('load [SERVICE...]')
    .description(
      'Asks virtual services as clients do (LDAP binds and searches, RADIUS logins), and tells how soon they answer.',
    )
  addLoadOptions(verb)
    .option('--for <SECONDS>', 'how long (default: 60)', upTo(most.seconds, 'seconds'), 60)
    .option('--json', 'one object a line')
    .action(async (words: string[], options: LoadOptions) => {
      const globals = program.opts() as GlobalOptions
      const about = ['balancers', 'frontends', 'services'] as const
      finish(
        await withFleet(
          { ...globals, interval: globals.interval ?? 1 },
          false,
          async (fleet, snapshot, endsItself) => {
            if (fleet.readOnly)
              throw new Failure(
                exit.refused,
                say`this console is read-only, and load is felt by those who work`,
              )
            const targets = targetsFrom(fleet, snapshot, words, options)
            endsItself()
            return await load(targets, options)
          },
          { about },
        ),
      )
    })
}

/**
 * The services that were named, or all that can be asked. What is no virtual service of the balancers cannot be named.
 *
 * @throws {Failure} there is none, or one that was named cannot be asked
 */
export function targetsFrom(
  fleet: Fleet,
  snapshot: Snapshot,
  words: readonly string[],
  options: Pick<LoadOptions, 'from'>,
): Target[] {
  const { services, targets, others } = targetsOf(fleet, snapshot, words, options)
  if (!services.length) {
    const status = complain(snapshot)
    throw new Failure(status || exit.refused, say`the balancers have no virtual service`)
  }
  if (!targets.length || (words.length && others.length)) throw new Failure(exit.refused, others)
  return targets
}

/** The same, and why the others cannot be asked. @throws {Failure} there is no such service, or no such host */
export function targetsOf(
  fleet: Fleet,
  snapshot: Snapshot,
  words: readonly string[],
  { from }: Pick<LoadOptions, 'from'>,
) {
  const host = from === undefined ? undefined : fleet.member(findHost(fleet.snapshot(), from).name)?.host
  const services = words.length ? words.map((word) => findService(snapshot, word)) : snapshot.services
  const found = services.map((service) => targetOf(service, fleet, host))
  const targets = found.filter((one) => typeof one !== 'string')
  const others = found.filter((one) => typeof one === 'string')
  return { services, targets, others }
}

/** Puts load on until the time is over or a signal comes; the exit status. */
async function load(targets: readonly Target[], options: LoadOptions): Promise<number> {
  const { connections, rate, for: seconds } = options
  const names = joined(
    targets.map(({ service, speaks }) => say`${label(speaks)} at ${service.name}`),
    ', ',
  )
  if (!options.json) {
    const each = targets.length > 1 ? say` each` : say``
    print(say`${names}: ${connections} connections, ${label(String(rate))} requests a second${each}`)
    print(loadHeading)
  }
  const ended = new AbortController()
  const ignore = onEnding(
    ({ message }) => {
      endsInOrder()
      if (message) warn(message)
      ended.abort()
    },
    { input: false },
  )
  const all = new Tally()
  let second = new Tally()
  const began = performance.now()
  const tell = () => {
    const { count } = second
    second = new Tally()
    const at = wallTime(now())
    print(options.json ? loadJson('second', at, count) : loadLine(at, count))
  }
  const timer = setInterval(tell, 1_000)
  const heard = {
    due: (count: number) => {
      for (const one of [all, second]) one.due(count)
    },
    outcome: (outcome: Outcome) => {
      for (const one of [all, second]) one.add(outcome)
    },
  }
  await Promise.all(
    targets.map(({ asker }) => {
      const askers = Array.from({ length: connections }, asker)
      return runLoad({ rate, askers, seconds }, heard, ended.signal)
    }),
  )
  clearInterval(timer)
  ignore()
  const { count } = second
  if (count.due || count.answered || count.failed) tell()
  const lasted = (performance.now() - began) / 1000
  print(
    options.json
      ? loadJson('summary', wallTime(now()), all.count)
      : loadSummary(all.count, lasted).join('\n'),
  )
  if (!all.count.answered) return all.count.failed ? exit.unreachable : exit.failed
  return all.count.failed ? exit.failed : exit.ok
}
