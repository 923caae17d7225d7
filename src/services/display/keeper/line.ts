import type { CommandStream } from '../../../hosts/remote-command.ts'
import { ChannelFailure } from './failure.ts'

/** An X display of this machine, for the programs of another one. */
export interface XDisplay {
  readonly number: number
  readonly cookie: Buffer
  /** the file with the cookie */
  readonly authority: string
}

/** A connection to a machine as the person, whoever speaks ssh. */
export interface Line {
  /** is aborted with a `HostError` when the connection has gone */
  readonly lost: AbortSignal
  /** milliseconds since anything was heard of the machine */
  silence(): number
  /**
   * Starts a text of the person's shell there; with a display, what it shows goes there inside ssh, and the cookie stays here.
   *
   * @throws {ChannelFailure} `no-x11`
   */
  exec(text: string, display?: XDisplay): Promise<CommandStream>
  close(): void
}

export function noX11(why: string): ChannelFailure {
  return new ChannelFailure(
    'no-x11',
    `the machine allows no X11 forwarding: ${why}`,
    'X11Forwarding yes in its sshd_config, and apt-get install xauth there',
  )
}
