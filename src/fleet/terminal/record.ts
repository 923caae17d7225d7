import type { Label } from '../../hosts/label.ts'
import type { TerminalFacts } from '../../services/terminal-facts.ts'
import { type ChannelRecord, isHere, isThere } from '../display/record.ts'
import { desktopOn, type SessionRecord, type TextSession } from '../session/record.ts'

/** What a terminal told of itself last. */
export interface TerminalWord {
  /** milliseconds since the epoch by the clock of this console */
  readonly at: number
  /** whose word it is */
  readonly user: Label
  /** where the person's ssh came from */
  readonly address?: Label
  readonly facts: TerminalFacts
}

/** What people sit at: a name on a display server, of which a terminal told it, a channel, or a login. */
export interface TerminalRecord {
  /** `d1 term3` */
  readonly id: string
  /** the display server that knows it; the first of several */
  readonly host: string
  readonly hosts: readonly string[]
  readonly name: Label
  /** in the network; none: not known */
  readonly address?: Label
  /** those that it shows, and the kept ones that it showed last */
  readonly channels: readonly ChannelRecord[]
  /** those at it without X */
  readonly texts: readonly TextSession[]
  /** it is a line of the display server itself, as `tty2`: nobody tells what it is */
  readonly isLine?: true
  /** none: it did not tell */
  readonly told?: TerminalWord
}

/** Those that are on its screen now. */
export function shownOn({ channels }: Pick<TerminalRecord, 'channels'>): readonly ChannelRecord[] {
  return channels.filter((one) => isThere(one) && !one.channel.isUnseen)
}

type Work = Pick<TerminalRecord, 'channels' | 'texts'>

/** The sessions of who sits at it, and those kept there of who has gone. */
export function sessionsAtTerminal({ channels, texts }: Work): readonly SessionRecord[] {
  return [...channels.filter(isHere).map(desktopOn), ...texts]
}

/** The session of several that came to it last; one that it shows before one that waits. None: there is none. */
export function latestSessionAt(terminal: Work): SessionRecord | undefined {
  const all = sessionsAtTerminal(terminal)
  const shown = all.filter(({ display }) => !display?.channel.isUnseen)
  const cameAt = ({ display, since }: SessionRecord) => display?.channel.resumedAt ?? since
  return (shown.length ? shown : all).toSorted((a, b) => cameAt(b) - cameAt(a))[0]
}

/** What shows that session; where there is none, what is left of one. */
export function latestDisplayOn(terminal: Work): ChannelRecord | undefined {
  const session = latestSessionAt(terminal)
  return session ? session.display : terminal.channels[0]
}

/** Whether somebody sits at it. */
export function isUsed(terminal: Work): boolean {
  return shownOn(terminal).length > 0 || terminal.texts.length > 0
}

/** Whether it went away while somebody's desktop was on it. */
export function isAway(terminal: Work): boolean {
  return terminal.channels.length > 0 && !isUsed(terminal)
}

/**
 * When it was seen last, in milliseconds since the epoch; `now` where somebody sits at it. Else by the latest of what is known: it told of itself, a desktop came
 * to it, a key was pressed.
 */
export function lastSeenAt(terminal: TerminalRecord, now: number): number {
  if (isUsed(terminal)) return now
  const times = terminal.channels.flatMap(({ channel: { openedAt, resumedAt, idle } }) => [
    openedAt,
    resumedAt,
    idle === undefined ? undefined : now - idle,
  ])
  return Math.max(0, ...[...times, terminal.told?.at].filter((time) => time !== undefined))
}
