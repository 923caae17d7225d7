import type { HostError } from '../../hosts/host.ts'
import type { Label, Raw } from '../../hosts/label.ts'
import type { TerminalFacts } from '../terminal-facts.ts'
import type { ChannelShows, ChannelState } from './channel.ts'
import type { SeenChannel } from './sight.ts'

/** A machine, as a channel calls it. Its owner may call it what they like. */
interface ShownMachine {
  readonly name: Label
  /** as the channel has it: to be compared, never to be shown */
  readonly rawName: Raw
  /** where ssh finds it */
  readonly rawAddress: Raw
}

/** What a channel is: who has it, and what its owner wrote of it. Times are milliseconds since the epoch by the clock of this console. */
export interface Channel {
  /** 6 letters and digits: by this it is told what to do */
  readonly id: string
  readonly uid: number
  /** as the display server has it: to be passed on */
  readonly rawUser: Raw
  /** what its owner is called in full, as the display server has it; none: that is not known */
  readonly fullName?: Label
  readonly fate: SeenChannel['fate']
  readonly state: ChannelState['state']
  readonly shows: ChannelShows
  readonly terminal: Label
  /** the same as the channel has it, and the X display there that shows it; none: nobody looks at it now */
  readonly rawTerminal: { readonly name: Raw; readonly display?: Raw | undefined }
  /** nobody looks at it now: it is kept */
  readonly isUnseen: boolean
  readonly machine: ShownMachine
  /** the session manager; none: it is not chosen yet, or a screen has none */
  readonly session?: Label
  /** what the catalogue calls it */
  readonly system?: Label
  /** pixels */
  readonly size?: { readonly width: number; readonly height: number }
  readonly fullScreen: boolean
  /** it outlives its terminal */
  readonly keep: boolean
  /** X11 goes over the network in the clear, to this display; none: in ssh */
  readonly x11OverTcp?: Label
  readonly wantedAt: number
  readonly openedAt?: number
  readonly resumedAt?: number
  /** X clients of its session */
  readonly clients?: number
  /** milliseconds in which no key and no pointer was used, when that was asked last; none: it was not asked lately */
  readonly idle?: number
  /** what all processes of its owner on the machine cost, and its X server here besides; none: that is not known, or not any more */
  readonly load?: Load
  /** who looks at it, since when, and whether they type there, too */
  readonly looked?: { readonly by: Label; readonly at: number; readonly controls: boolean }
  /** what does not go well with it */
  readonly trouble?: Label
}

/** Percent of one processor, and resident KiB. */
interface Spent {
  readonly cpu?: number
  readonly memoryKiB: number
}

export interface Load extends Spent {
  readonly screen?: Spent
}

/** An X display of a display server. */
export interface Display {
  /** differs from that of every other on its server: `1003/k7q2mz`, `:0` */
  readonly key: string
  /** N of `:N`; none: a channel that has no X server yet, or that needs none */
  readonly number?: number
  readonly user?: Label
  /** `Xephyr`, `Xorg`; none: nobody is known to listen */
  readonly program?: Label
  readonly pid?: number
  /** since when it is there, in milliseconds since the epoch by the clock of this console */
  readonly since?: number
  /** none: it is not a channel of vdd */
  readonly channel?: Channel
}

/** What could not be read on a display server, and why. */
interface Unread {
  readonly place: Label
  readonly why: Label
}

/** A terminal that told a display server what it is. Its word, and of whoever sat there: they may have written what they like. */
export interface ToldTerminal {
  /** what channels call it */
  readonly name: Label
  /** where it is in the network; none: not known */
  readonly address?: Label
  /** milliseconds since the epoch by the clock of this console */
  readonly at: number
  /** whose word it is */
  readonly user: Label
  /** what it told: to be compared, never to be shown */
  readonly rawLine: Raw
  readonly facts: TerminalFacts
}

/** A person at a terminal without X: a login on the display server, or what the desk shows on one. */
export interface Login {
  /** by which it is told what to do: `pts/3-1234` */
  readonly id: string
  /** the line of its terminal: `pts/3`, `tty1` */
  readonly tty: string
  readonly uid: number
  readonly user: Label
  /** as the display server has it: to be passed on */
  readonly rawUser: Raw
  /** what they are called in full, as the display server has it; none: that is not known */
  readonly fullName?: Label
  /** where they come from; none: from a terminal of the display server itself */
  readonly from?: Label
  /** milliseconds since the epoch by the clock of this console */
  readonly since: number
  /** milliseconds in which no key was pressed */
  readonly idle?: number
  /** on which machine they are, by the desk; none: on the display server */
  readonly machine?: ShownMachine
}

/** One look at a display server. */
export interface DisplayReading {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  readonly displays: readonly Display[]
  readonly faults: readonly Unread[]
  /** how many more displays there are that are no channels, which are not read */
  readonly left: number
  /** terminals that told of themselves; the same list as long as nothing of it changes. None: its vdd is of before they did */
  readonly terminals?: readonly ToldTerminal[]
  /** None: its vdd is of before they were told */
  readonly logins?: readonly Login[]
}

export interface DisplaySink {
  reading(reading: DisplayReading): void
  trouble(host: string, error: HostError): void
}
