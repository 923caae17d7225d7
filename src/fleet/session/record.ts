import { type Label, type Raw, say } from '../../hosts/label.ts'
import { type ChannelRecord, type DisplayServerRecord, isChannel } from '../display/record.ts'
import type { Snapshot } from '../snapshot.ts'

/** How a person works: on the desktop of a machine. */
export type SessionKind = 'desktop'

/** The work of a person: one desktop that they have open. What shows it is a display, which may be there without. */
export interface SessionRecord {
  /** as that of its display: `d1 1003/k7q2mz` */
  readonly id: string
  /** the display server by which it goes */
  readonly host: string
  readonly kind: SessionKind
  /** `anna/k7q2mz`: who, and which of theirs */
  readonly name: Label
  readonly rawName: Raw
  /** the latter part of its name */
  readonly key: string
  readonly user: Label
  /** as the display server has it: to be passed on */
  readonly rawUser: Raw
  readonly uid: number
  /** where they sit */
  readonly terminal: Label
  /** on which machine it runs; as its owner calls it */
  readonly machine: { readonly name: Label; readonly rawName: Raw; readonly rawAddress: Raw }
  /** the desktop; none: it is not chosen yet */
  readonly desktop?: Label
  /** what the catalogue calls it */
  readonly system?: Label
  /** milliseconds since the epoch: since when it is there, or wanted */
  readonly since: number
  /** milliseconds in which no key and no pointer was used, when that was asked last; none: that is not known */
  readonly idle?: number
  /** what all programs of the person on the machine cost: percent of one processor, KiB; none: that is not known */
  readonly load?: { readonly cpu?: number; readonly memoryKiB: number }
  /** what shows it */
  readonly display: ChannelRecord
}

/** What is the same stays the same, as everywhere in a snapshot. */
const made = new WeakMap<ChannelRecord, SessionRecord>()

function onDisplay(display: ChannelRecord): SessionRecord {
  const known = made.get(display)
  if (known) return known
  const { id, host, user, channel } = display
  const { rawUser, uid, terminal, machine, session, system, openedAt, wantedAt, idle, load } = channel
  const own = user ?? say`?`
  const record: SessionRecord = {
    id,
    host,
    kind: 'desktop',
    name: say`${own}/${channel.id as Label}`,
    rawName: `${rawUser}/${channel.id}`,
    key: channel.id,
    user: own,
    rawUser,
    uid,
    terminal,
    machine,
    since: openedAt ?? wantedAt,
    display,
    ...(session ? { desktop: session } : {}),
    ...(system ? { system } : {}),
    ...(idle === undefined ? {} : { idle }),
    ...(load ? { load } : {}),
  }
  made.set(display, record)
  return record
}

/** The sessions of a display server. One that nobody holds has gone with who held it: only its display is left. */
export function sessionsAt({ displays }: DisplayServerRecord): readonly SessionRecord[] {
  return displays
    .filter(isChannel)
    .filter(({ channel }) => channel.fate === 'alive')
    .map(onDisplay)
}

/** All sessions that there are now. */
export function sessionsOf({ displays }: Pick<Snapshot, 'displays'>): readonly SessionRecord[] {
  return displays.flatMap(sessionsAt)
}

/** `anna (term3)` */
export function whoText({ user, terminal }: Pick<SessionRecord, 'user' | 'terminal'>): Label {
  return say`${user} (${terminal})`
}
