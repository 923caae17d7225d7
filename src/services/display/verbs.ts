import { HostError } from '../../hosts/host.ts'
import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'
import { lastLine } from './client.ts'
import type { Channel } from './facts.ts'

/** A channel, and how it is told something. */
export interface ChannelTarget {
  readonly host: string
  /** the vdd there: its path, or its name */
  readonly vdd: string
  /** as whom one is there; none: as whom ssh says, which is not known here */
  readonly user?: string | undefined
  readonly channel: Pick<Channel, 'id' | 'rawUser' | 'uid'>
}

/** Milliseconds: a program of some size is started there, and the channel answers at once. */
const timeout = 30_000

const closing = {
  asks: say`asks its session to end`,
  insists: say`ends its session at once`,
  clears: say`takes away what is left of it`,
} as const

/** Asks the session of a channel to end, or ends it; of one whose session has gone it takes away what is left. */
export function closeChannel(target: ChannelTarget, how: keyof typeof closing): Step {
  return told(target, how === 'insists' ? ['close', '--insist'] : ['close'], closing[how])
}

/** Shows a kept channel anew on the terminal where it was last. */
export function reconnectChannel(target: ChannelTarget): Step {
  return told(target, ['reconnect'], say`shows it anew on its terminal`)
}

/** Brings a channel to the front of its terminal, with the keyboard. */
export function raiseChannel(target: ChannelTarget): Step {
  return told(target, ['raise'], say`brings it to the front of its terminal`)
}

/** `full`: the whole screen of its terminal; else `WIDTHxHEIGHT` in pixels. */
export function resizeChannel(target: ChannelTarget, size: Raw): Step {
  return told(target, ['resize', size], say`makes it ${label(size)}`)
}

/** Shows a message on a channel, in front of all else, until a key is pressed; it says from whom it is. */
export function sayOnChannel(target: ChannelTarget, text: Raw): Step {
  // Behind `--` nothing is an option, whatever is written.
  return told(target, ['say', '--', text], say`shows a message`)
}

/** Locks its session, by what its desktop has for that. */
export function lockChannel(target: ChannelTarget): Step {
  return told(target, ['lock'], say`locks its screen`)
}

/** Asks its person whether one may see it, or use it as well: what it says and hears is the display. */
export function lookAtChannel(target: ChannelTarget, controls: boolean): Step {
  const { channel, host } = target
  const words = ['look', channel.id, ...(controls ? ['--control'] : [])]
  const what = controls ? say`asks its user, and takes it over` : say`asks its user, and shows it here`
  return { host, argv: asOwner(target, channelWords(target, words)), what, refusal, seenHere: { controls } }
}

/** What is passed on as the name of an X display: its owner may have called it what they like. */
export const isDisplayName = (text: string) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]*:\d{1,5}(\.\d{1,3})?$|^:\d{1,5}(\.\d{1,3})?$/.test(text)

/** Shows a kept channel on another terminal of its owner, by the X display that it has. */
export function showChannel(target: ChannelTarget, display: Raw): Step {
  return told(target, ['view', '--', display], say`shows it on ${label(display)}`)
}

function told(target: ChannelTarget, words: readonly Raw[], what: Label): Step {
  const { host, channel } = target
  const argv = channelWords(target, ['tell', channel.id, ...words])
  return { host, argv: asOwner(target, argv), what, timeout, refusal }
}

function channelWords({ vdd }: ChannelTarget, words: readonly Raw[]): readonly Raw[] {
  return [vdd, 'channel', ...words]
}

/**
 * A channel obeys its owner and nobody else. Where it is not known as whom one is there, as where only the configuration of ssh says it, sudo
 * is asked in any case: to be oneself it needs a line in sudoers, too, and that is one more for operators who have channels of their own.
 */
function asOwner({ user, channel }: ChannelTarget, argv: readonly Raw[]): Step['argv'] {
  const { rawUser, uid } = channel
  if (user === rawUser) return argv as unknown as Step['argv']
  // The number of a user whose name is none that sudo takes as such: `#` before it says so (sudo(8)).
  const owner = /^[A-Za-z_][\w.@-]{0,63}$/.test(rawUser) ? rawUser : `#${uid}`
  return ['sudo', '-n', '-u', owner, '--', ...argv]
}

function refusal(host: string, stderr: string): HostError {
  const mayNot = /a password is required|not allowed|may not run/i.test(stderr)
  return new HostError(
    'refused',
    host,
    lastLine(stderr),
    mayNot ? say`it needs a line in sudoers there: docs/permissions.md` : say``,
  )
}
