import { type Command, InvalidArgumentError } from 'commander'
import type { Severity } from '../fleet/event.ts'
import { severities } from '../fleet/journal/wanted.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { say } from '../hosts/label.ts'
import { momentForms, momentFrom } from '../text/moment.ts'
import { exit, Failure } from './exit.ts'
import { findHost } from './find.ts'

/** What lists are narrowed by; what is not given narrows nothing. */
export interface Narrowing {
  readonly host?: readonly string[]
  /** this bad, or worse */
  readonly severity?: Severity
  /** milliseconds since the epoch */
  readonly since?: number
  readonly until?: number
}

/** `--host a --host b` and `--host a,b` are the same. */
export function names(text: string, before: readonly string[] = []): readonly string[] {
  const given = text.split(',').filter(Boolean)
  if (!given.length) throw new InvalidArgumentError('names, with commas between them')
  return [...before, ...given]
}

function severity(text: string): Severity {
  const found = severities.find((one) => one === text)
  if (!found) throw new InvalidArgumentError(`one of ${severities.join(', ')}`)
  return found
}

function moment(text: string): number {
  const found = momentFrom(text, Date.now())
  if (found === undefined) throw new InvalidArgumentError(momentForms)
  return found
}

export function addHostOption(verb: Command): Command {
  return verb.option('--host <HOST,...>', 'only of these hosts; the option may also be given again', names)
}

export function addSeverityOption(verb: Command): Command {
  return verb.option('--severity <SEVERITY>', 'only what is at least so bad: bad, warning or info', severity)
}

export function addTimeOptions(verb: Command): Command {
  return verb
    .option('--since <WHEN>', `only from then on: ${momentForms}`, moment)
    .option('--until <WHEN>', 'only until then, in the same forms', moment)
}

export function addAtOption(verb: Command): Command {
  return verb.option('--at <WHEN>', `as it was then, if that is kept: ${momentForms}`, moment)
}

/**
 * The hosts that were named; undefined: none were.
 *
 * @throws {Failure} one of them is none
 */
export function namedHosts(
  { host: names }: Pick<Narrowing, 'host'>,
  snapshot: Pick<Snapshot, 'hosts'>,
): readonly string[] | undefined {
  return names?.map((name) => findHost(snapshot, name).name)
}

/** Whether something is of the hosts that were named; of any, where none were. */
export function onHosts(
  narrowing: Pick<Narrowing, 'host'>,
  snapshot: Pick<Snapshot, 'hosts'>,
): (one: { readonly host: string }) => boolean {
  const hosts = namedHosts(narrowing, snapshot)
  return ({ host }) => hosts?.includes(host) ?? true
}

/** @throws {Failure} nothing can lie between the two */
export function checkTimes({ since, until }: Narrowing): void {
  if (since !== undefined && until !== undefined && since > until)
    throw new Failure(exit.usage, say`--since is later than --until`)
}
