import { type DirectoryRecord, lagOf } from '../../fleet/directory/record.ts'
import type { Verdict } from '../../services/ldap/facts.ts'
import { secondsOrNull, tenths, timeJson } from '../../text/json.ts'
import { textOf } from '../../text/part.ts'
import type { Moment } from '../world.ts'
import { directoryState } from './facts.ts'

/** Whole seconds behind the others; `null`: it is not known. */
export function lagSeconds(record: DirectoryRecord, now: number): number | null {
  const lag = lagOf(record, now)
  return lag === undefined ? null : Math.round(lag / 1000)
}

/** Seconds to a right answer; `null`: there is none. */
export function ldapSeconds({ trouble, reading }: DirectoryRecord): number | null {
  return !trouble && reading?.check.ok ? secondsOrNull(reading.check.ms, 4) : null
}

const verdictJson = (verdict: Verdict) =>
  verdict.ok
    ? { ok: true, seconds: secondsOrNull(verdict.ms, 4), message: null }
    : { ok: false, seconds: null, message: verdict.why }

/** A directory server as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function directoryJson(record: DirectoryRecord, { now }: Moment) {
  const { host, role, trouble, reading, replication, rates } = record
  const monitor = reading?.monitor
  const state = directoryState(record)
  return {
    name: host,
    role,
    state: textOf(state),
    trouble: trouble ? { kind: trouble.kind, reason: trouble.reason, advice: trouble.advice } : null,
    lagSeconds: lagSeconds(record, now),
    lagAtLeast: replication.state === 'behind' && replication.atLeast,
    ldapSeconds: ldapSeconds(record),
    check: reading ? verdictJson(reading.check) : null,
    newConnection: reading ? verdictJson(reading.fresh) : null,
    contextCsn: reading ? [...reading.csns.values()].map(({ text }) => text) : [],
    connectedToProvider: monitor?.replication?.connected ?? null,
    connections: monitor?.connections ?? null,
    entries: monitor?.entries ?? null,
    operationsPerSecond: rates
      ? Object.fromEntries([...rates].map(([kind, rate]) => [kind, tenths(rate)]))
      : null,
    seenAt: timeJson(reading?.at),
  }
}
