import type { LogPlaces } from './facts.ts'
import type { JournalState } from './journald.ts'
import { nameIn } from './places.ts'

/** Which files of logs a host has. */
interface Found {
  readonly files: readonly { readonly path: string }[]
  readonly denied: readonly string[]
}

/** Where the logs of a host are to be read. */
export interface Where {
  /** also those that are not there now: what they were rotated into is */
  readonly files: readonly string[]
  /** files by syslog, instead of which the journal is read */
  readonly passedOver: readonly string[]
  /** of whom the journal is asked, and for what */
  readonly inJournal: readonly Pick<LogPlaces, 'called' | 'says'>[]
}

/** Whether the journal of systemd may have what no file has, or what files by syslog have. */
export function needsJournal(logs: readonly LogPlaces[], found: Found): boolean {
  return logs.some((one) => one.called.length > 0 && (one.bySyslog || !isThere(one, found)))
}

/** Each log is read in one place, so that nothing is told twice. */
export function whereToRead(logs: readonly LogPlaces[], found: Found, journal?: JournalState): Where {
  const isBefore = journal?.isLive === true && journal.mark !== undefined
  const [bySyslog, own] = [logs.filter((one) => one.bySyslog), logs.filter((one) => !one.bySyslog)]
  return {
    files: (isBefore ? own : logs).flatMap((one) => one.files),
    passedOver: isBefore ? bySyslog.flatMap((one) => one.files) : [],
    inJournal: logs.filter(
      (one) => one.called.length > 0 && ((isBefore && one.bySyslog) || !isThere(one, found)),
    ),
  }
}

function isThere({ files }: LogPlaces, found: Found): boolean {
  const there = [...found.files.map(({ path }) => path), ...found.denied]
  return files.some((place) => there.some((path) => nameIn(place, path) !== undefined))
}
