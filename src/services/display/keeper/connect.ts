import { setTimeout as sleep } from 'node:timers/promises'
import { HostError } from '../../../hosts/host.ts'
import { openLink } from '../../../hosts/link.ts'
import { LoginRefused } from '../../../hosts/login.ts'
import { askOpenSsh } from '../../../hosts/openssh.ts'
import { ownSurroundings } from '../../../hosts/ssh-config.ts'
import { Dropped } from '../../../hosts/ssh-errors.ts'
import type { SshSettings } from '../../../hosts/ssh-settings.ts'
import type { Wish } from '../opening.ts'
import { asFailure } from './failure.ts'
import { Machine } from './machine.ts'
import { OpenSshLine } from './openssh-line.ts'
import { Ssh2Line } from './ssh2-line.ts'
import { ticketHere } from './ticket.ts'

/** A line that is cut for less than two minutes comes back, and nothing of the session is lost. */
const patience = { keepaliveInterval: 5_000, keepaliveCount: 24, connectTimeout: 15_000 }

/** Milliseconds of the pauses, at most, before it is tried again where sshd has too many at its door: it lets no more than ten in at once, as it is installed. */
const usualPauses = [1000, 3000] as const

/** Why a ticket of Kerberos did not do. */
type NoTicket = 'expired' | 'refused'

/** No key and no ticket was taken, and a password would be. */
export class WantsPassword extends Error {
  readonly refusal: LoginRefused
  /** undefined: there was none, or none is used */
  readonly ticket: NoTicket | undefined
  constructor(refusal: LoginRefused, ticket: NoTicket | undefined) {
    super(refusal.message)
    this.refusal = refusal
    this.ticket = ticket
  }
}

interface Connecting {
  /** said once by the person */
  readonly password?: string | undefined
  /** the channel's own folder, which nobody else may enter */
  readonly folder: string
  /** milliseconds at most before each further try, where sshd closes the connection at the door */
  readonly pauses?: readonly number[]
}

/**
 * Connects as the person: with the agent, a key, a ticket of Kerberos where ssh would use it, or a password.
 *
 * @throws {ChannelFailure} `unreachable`, `hostkey`, `auth`, `cancelled`
 * @throws {WantsPassword}
 */
export async function connectMachine(
  { name, address, user, port }: Wish['machine'],
  { password, folder, pauses = usualPauses }: Connecting,
  signal: AbortSignal,
): Promise<Machine> {
  const settings = {
    name,
    ...(address === undefined ? {} : { address }),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(password === undefined ? {} : { password }),
  }
  for (let tried = 0; ; tried++) {
    try {
      return new Machine(new Ssh2Line(await openLink(settings, patience, ownSurroundings(), signal)), name)
    } catch (error) {
      if (error instanceof LoginRefused) {
        const way = await byTicket(settings, error, folder, signal)
        if (way instanceof OpenSshLine) return new Machine(way, name)
        if (error.takesPassword) throw new WantsPassword(error, way)
      }
      const pause = pauses[tried]
      if (!(error instanceof Dropped) || pause === undefined || signal.aborted) throw asFailure(error)
      // Not all of those who were sent away together.
      await sleep(pause * (0.3 + 0.7 * Math.random()), undefined, { signal }).catch(() => {})
    }
  }
}

/** Where the machine takes tickets, and ssh would show it one. Who has said a password has shown it before. */
async function byTicket(
  settings: SshSettings,
  { takesTicket }: LoginRefused,
  folder: string,
  signal: AbortSignal,
): Promise<OpenSshLine | NoTicket | undefined> {
  if (settings.password !== undefined || !takesTicket) return undefined
  const surroundings = ownSurroundings()
  try {
    const said = await askOpenSsh(settings, surroundings, signal)
    if (said?.one('GSSAPIAuthentication') !== 'yes') return undefined
    const ticket = await ticketHere(surroundings, signal)
    if (ticket !== 'valid') return ticket === 'expired' ? ticket : undefined
    return await OpenSshLine.open({ settings, surroundings, folder, by: 'gssapi-with-mic' }, signal)
  } catch (error) {
    if (error instanceof HostError && error.kind === 'auth') return 'refused'
    throw asFailure(error)
  }
}
