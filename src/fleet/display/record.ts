import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import type { Channel, Display, DisplayReading, Login, ToldTerminal } from '../../services/display/facts.ts'
import type { Concern } from '../ref.ts'
import type { Trouble } from '../trouble.ts'

/** Milliseconds between two looks at a display server: each look starts a program of some size there. */
export const displaysEvery = 3_000

/** An X display of a display server: a channel of vdd, or another one. */
export interface DisplayRecord extends Omit<Display, 'key'> {
  /** `d1 1003/k7q2mz`, `d1 :0`: displays of several servers have the same number */
  readonly id: string
  readonly host: string
  /** `:12`; of a channel that has no display its own id */
  readonly name: Label
  readonly rawName: Raw
}

/** A channel of vdd. */
export interface ChannelRecord extends DisplayRecord {
  readonly channel: Channel
}

/** A display server, and what it told last. */
export interface DisplayServerRecord {
  readonly host: string
  /** none: never answered */
  readonly reading?: Pick<DisplayReading, 'at' | 'faults' | 'left'>
  readonly displays: readonly DisplayRecord[]
  /** the terminals that told it what they are; none: it does not tell of them */
  readonly terminals?: readonly ToldTerminal[]
  /** who is at a terminal without X; none: it does not tell of them */
  readonly logins?: readonly Login[]
  /** no answer since */
  readonly trouble?: Trouble
}

export function displayRecord(host: string, { key, ...display }: Display): DisplayRecord {
  const { number, channel } = display
  const rawName = number === undefined ? (channel?.id ?? key) : `:${number}`
  return { ...display, id: `${host} ${key}`, host, name: label(rawName), rawName }
}

export function isChannel(display: DisplayRecord): display is ChannelRecord {
  return display.channel !== undefined
}

/** Whether there is a session on it, or was until it was left alone. */
export function isThere({ channel }: ChannelRecord): boolean {
  return channel.fate !== 'dead'
}

/** Whether somebody has a session on it: that goes with who holds it. */
export function isHere({ channel }: ChannelRecord): boolean {
  return channel.fate === 'alive'
}

/** The display, as alerts and events tell of it. */
export function displayConcern({ id, host, name }: DisplayRecord): Concern {
  return { about: { kind: 'display', id }, host, name }
}

/** `anna (term3)` */
function personText({ user, channel }: ChannelRecord): Label {
  return say`${user ?? label(channel.rawUser)} (${channel.terminal})`
}

/** `anna (term3), web1` */
export function channelText(record: ChannelRecord): Label {
  return say`${personText(record)}, ${record.channel.machine.name}`
}
