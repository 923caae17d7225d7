import { setTimeout as sleep } from 'node:timers/promises'
import { openLink } from '../../../hosts/link.ts'
import { LoginRefused } from '../../../hosts/login.ts'
import { ownSurroundings } from '../../../hosts/ssh-config.ts'
import { Dropped } from '../../../hosts/ssh-errors.ts'
import type { Wish } from '../opening.ts'
import { asFailure } from './failure.ts'
import { Machine } from './machine.ts'
import { Ssh2Line } from './ssh2-line.ts'

/** A line that is cut for less than two minutes comes back, and nothing of the session is lost. */
const patience = { keepaliveInterval: 5_000, keepaliveCount: 24, connectTimeout: 15_000 }

/** Milliseconds of the pauses, at most, before it is tried again where sshd has too many at its door: it lets no more than ten in at once, as it is installed. */
const usualPauses = [1000, 3000] as const

/**
 * Connects as the person.
 *
 * @param pauses milliseconds at most before each further try, where sshd closes the connection at the door
 * @throws {ChannelFailure} `unreachable`, `hostkey`, `auth`, `cancelled`
 * @throws {LoginRefused} no key was taken, and a password would be
 */
export async function connectMachine(
  { name, address, user, port }: Wish['machine'],
  password: string | undefined,
  signal: AbortSignal,
  pauses: readonly number[] = usualPauses,
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
      if (error instanceof LoginRefused && error.takesPassword) throw error
      const pause = pauses[tried]
      if (!(error instanceof Dropped) || pause === undefined || signal.aborted) throw asFailure(error)
      // Not all of those who were sent away together.
      await sleep(pause * (0.3 + 0.7 * Math.random()), undefined, { signal }).catch(() => {})
    }
  }
}
