import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import type { Load, Login } from '../../services/display/facts.ts'
import { type ChannelRecord, type DisplayServerRecord, isChannel, isHere } from '../display/record.ts'
import type { Concern } from '../ref.ts'
import type { Snapshot } from '../snapshot.ts'

/** How a person works: on the desktop of a machine, or at a terminal without X. */
type SessionKind = 'desktop' | 'text'

/** The work of a person: one desktop that they have open, or one terminal at which they are logged in. */
export type SessionRecord = DesktopSession | TextSession

interface Common {
  /** as that of its display: `d1 1003/k7q2mz`; `d1 1003/pts/3-1234` */
  readonly id: string
  /** the display server by which it goes */
  readonly host: string
  readonly kind: SessionKind
  /** `anna/k7q2mz`, `anna/pts/3`: who, and which of theirs */
  readonly name: Label
  readonly rawName: Raw
  /** the latter part of its name */
  readonly key: string
  readonly user: Label
  /** as the display server has it: to be passed on */
  readonly rawUser: Raw
  /** what they are called in full; none: that is not known */
  readonly fullName?: Label
  readonly uid: number
  /** where they sit */
  readonly terminal: Label
  /** on which machine it runs; as its owner calls it */
  readonly machine: { readonly name: Label; readonly rawName: Raw; readonly rawAddress: Raw }
  /** the desktop; none: it is not chosen yet, or there is none */
  readonly desktop?: Label
  /** what the catalogue calls it */
  readonly system?: Label
  /** milliseconds since the epoch: since when it is there, or wanted */
  readonly since: number
  /** milliseconds in which no key and no pointer was used, when that was asked last; none: that is not known */
  readonly idle?: number
  /** what all programs of the person on the machine cost: percent of one processor, KiB; none: that is not known */
  readonly load?: Load
}

interface DesktopSession extends Common {
  readonly kind: 'desktop'
  /** what shows it, which may be there without */
  readonly display: ChannelRecord
}

export interface TextSession extends Common {
  readonly kind: 'text'
  readonly display?: never
  readonly login: Login
}

/** What is the same stays the same, as everywhere in a snapshot. */
const made = new WeakMap<ChannelRecord, DesktopSession>()

/** The session of whoever holds this display. */
export function desktopOn(display: ChannelRecord): DesktopSession {
  const known = made.get(display)
  if (known) return known
  const { id, host, user, channel } = display
  const { rawUser, uid, fullName, terminal, machine, session, system, openedAt, wantedAt, idle, load } =
    channel
  const own = user ?? say`?`
  const record: DesktopSession = {
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
    ...(fullName ? { fullName } : {}),
    ...(session ? { desktop: session } : {}),
    ...(system ? { system } : {}),
    ...(idle === undefined ? {} : { idle }),
    ...(load ? { load } : {}),
  }
  made.set(display, record)
  return record
}

const written = new WeakMap<Login, TextSession>()

function atTerminal(login: Login, { host, terminals = [] }: DisplayServerRecord): TextSession {
  const { id, tty, user, rawUser, uid, fullName, from, since, idle, machine } = login
  // Where it told of itself, it is called as its channels call it.
  const terminal = terminals.find(({ address }) => address !== undefined && address === from)?.name
  const known = written.get(login)
  const seat = terminal ?? from ?? (tty as Label)
  if (known?.terminal === seat) return known
  const record: TextSession = {
    id: `${host} ${uid}/${id}`,
    host,
    kind: 'text',
    name: say`${user}/${tty as Label}`,
    rawName: `${rawUser}/${tty}`,
    key: tty,
    user,
    rawUser,
    uid,
    terminal: seat,
    machine: machine ?? { name: label(host), rawName: host, rawAddress: host },
    since,
    login,
    ...(fullName ? { fullName } : {}),
    ...(idle === undefined ? {} : { idle }),
  }
  written.set(login, record)
  return record
}

/** Who is at a terminal without X, as a display server tells. */
export function textSessionsAt(server: DisplayServerRecord): readonly TextSession[] {
  return (server.logins ?? []).map((one) => atTerminal(one, server))
}

/** The sessions of a display server. A display that nobody holds shows none any more: the session has gone with who held it. */
export function sessionsAt(server: DisplayServerRecord): readonly SessionRecord[] {
  const desktops = server.displays.filter(isChannel).filter(isHere).map(desktopOn)
  return [...desktops, ...textSessionsAt(server)]
}

/** All sessions that there are now. */
export function sessionsOf({ displays }: Pick<Snapshot, 'displays'>): readonly SessionRecord[] {
  return displays.flatMap(sessionsAt)
}

/** The session, as events tell of it. */
export function sessionConcern({ id, host, name }: SessionRecord): Concern {
  return { about: { kind: 'session', id }, host, name }
}

/** `Anna Rossi, anna`; without the name where that is not known */
export function callText({ user, fullName }: Pick<SessionRecord, 'user' | 'fullName'>): Label {
  return fullName ? say`${fullName}, ${user}` : user
}

/** `anna (term3)` */
export function whoText({ user, terminal }: Pick<SessionRecord, 'user' | 'terminal'>): Label {
  return say`${user} (${terminal})`
}

/** `anna (term3), web1` */
export function sessionText(session: Pick<SessionRecord, 'user' | 'terminal' | 'machine'>): Label {
  return say`${whoText(session)}, ${session.machine.name}`
}
