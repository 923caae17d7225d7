import type { Duplex } from 'node:stream'
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

/** Milliseconds: for the way there, and between two looks whether it may still be looked at. */
const times = { open: 20_000, look: 15_000 } as const

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
    const over = new AbortController()
    const timer = setInterval(() => mayLook() || over.abort(), every)
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
