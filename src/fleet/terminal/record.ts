import type { Label } from '../../hosts/label.ts'
import type { TerminalFacts } from '../../services/terminal-facts.ts'
import { type ChannelRecord, isThere } from '../display/record.ts'

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

/** What people sit at: a name on a display server, of which a terminal told it, or a channel. */
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
  /** none: it did not tell */
  readonly told?: TerminalWord
}

/** Those that are on its screen now. */
export function shownOn({ channels }: Pick<TerminalRecord, 'channels'>): readonly ChannelRecord[] {
  return channels.filter((one) => isThere(one) && !one.channel.isUnseen)
}

/** The one of several that came to it last; one that it shows before one that waits. None: there is none. */
export function latestOn(terminal: Pick<TerminalRecord, 'channels'>): ChannelRecord | undefined {
  const shown = shownOn(terminal)
  const cameAt = ({ channel }: ChannelRecord) => channel.resumedAt ?? channel.openedAt ?? channel.wantedAt
  return (shown.length ? shown : terminal.channels).toSorted((a, b) => cameAt(b) - cameAt(a))[0]
}

/** Whether it went away while somebody's desktop was on it. */
export function isAway(terminal: Pick<TerminalRecord, 'channels'>): boolean {
  return terminal.channels.length > 0 && shownOn(terminal).length === 0
}

/**
 * When it was seen last, in milliseconds since the epoch; `now` where somebody sits at it. Else by the latest of what is known: it told of itself, a desktop came
 * to it, a key was pressed.
 */
export function lastSeenAt(terminal: TerminalRecord, now: number): number {
  if (shownOn(terminal).length) return now
  const times = terminal.channels.flatMap(({ channel: { openedAt, resumedAt, idle } }) => [
    openedAt,
    resumedAt,
    idle === undefined ? undefined : now - idle,
  ])
  return Math.max(0, ...[...times, terminal.told?.at].filter((time) => time !== undefined))
}
