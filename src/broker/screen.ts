import type { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { type Host, HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { findScreen } from '../services/libvirt/screen.ts'
import { Refused } from './refused.ts'

/** A hypervisor that was reached for one request, and the URI of its libvirt. */
export interface Reached {
  readonly host: Host
  readonly uri: string
}

/** The screen of a machine, which is being looked at. */
interface OpenScreen {
  readonly stream: Duplex
  /** is aborted when it may not be looked at any longer */
  readonly over: AbortSignal
  close(): Promise<void>
}

/**
 * Milliseconds: for the way there, and between two looks whether it may still be looked at. The machine may be given to somebody else in the moment in which it
 * is not kept any more, and whoever still looked would see them log in.
 */
const times = { open: 20_000, look: 1_000 } as const

/**
 * Connects to the screen of a machine that runs, on a connection of its own.
 *
 * @param mayLook is asked from time to time
 * @throws {Refused} `no-screen`, `unreachable`
 */
export async function openScreen(
  { host, uri }: Reached,
  { rawName, uuid }: Pick<MachineRecord, 'rawName' | 'uuid'>,
  mayLook: () => boolean,
  signal: AbortSignal,
  every: number = times.look,
): Promise<OpenScreen> {
  const name = label(rawName)
  const within = AbortSignal.any([signal, AbortSignal.timeout(times.open)])
  try {
    const place = await findScreen(host, uri, uuid, within)
    if (!place) throw new Refused('no-screen', say`${name} has no screen that listens: <graphics type='vnc'>`)
    const stream = await host.connect(place, within)
    // A port that was free for a moment may be another machine's.
    if (!isDeepStrictEqual(await findScreen(host, uri, uuid, within), place)) {
      stream.destroy()
      throw new Refused('unreachable', say`the screen of ${name} went elsewhere meanwhile`)
    }
    const over = new AbortController()
    const look = () => isSure(mayLook) || over.abort()
    look()
    const timer = setInterval(look, every)
    const close = () => {
      clearInterval(timer)
      stream.destroy()
      return host.close()
    }
    return { stream, over: over.signal, close }
  } catch (error) {
    await host.close()
    if (error instanceof Refused) throw error
    const why = error instanceof HostError ? error.message : 'its host does not answer in time'
    throw new Refused('unreachable', say`the screen of ${name}: ${label(why)}`)
  }
}

/** What cannot be told is not so: a journal that is not to be read lets nobody look on. */
function isSure(mayLook: () => boolean): boolean {
  try {
    return mayLook()
  } catch {
    return false
  }
}
