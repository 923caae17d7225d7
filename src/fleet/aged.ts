import { type Label, say } from '../hosts/label.ts'
import type { DirectoryRecord } from './directories.ts'
import { duration } from './duration.ts'
import type { Snapshot, Trouble } from './model.ts'
import type { RadiusRecord } from './radius-servers.ts'

interface Answering {
  readonly reading?: { readonly at: number }
  readonly trouble?: Trouble
}

/** A record as it counts now: an answer that is overdue is none, whatever it said; it is never shown as how things are. */
function aged<T extends Answering>(
  record: T,
  what: Label,
  now: number,
  { staleAfter }: Pick<Snapshot, 'staleAfter'>,
): T {
  const { reading, trouble } = record
  if (trouble || !reading || now - reading.at <= staleAfter) return record
  const reason = say`${what}: no answer for ${duration(now - reading.at)}`
  return { ...record, trouble: { kind: 'timeout', reason, advice: say``, since: reading.at } }
}

/** The directory servers as they stand now. */
export function directoriesAt(snapshot: Snapshot, now: number): readonly DirectoryRecord[] {
  return snapshot.directories.map((one) => aged(one, say`LDAP`, now, snapshot))
}

/** The RADIUS servers as they stand now. */
export function radiusAt(snapshot: Snapshot, now: number): readonly RadiusRecord[] {
  return snapshot.radius.map((one) => aged(one, say`RADIUS`, now, snapshot))
}
