import type { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { type Host, HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { serveSeveral } from '../hosts/several.ts'
import { findScreens, findTicket, type MachineScreen } from '../services/libvirt/screen.ts'
import type { ScreenProtocol } from '../services/screen-protocol.ts'
import { Refused } from './refused.ts'
import { withTicket } from './ticket.ts'

/** A hypervisor that was reached for one request, and the URI of its libvirt. */
export interface Reached {
  readonly host: Host
  readonly uri: string
}

/** The screen of a machine, which is being looked at. */
interface OpenScreen {
  readonly protocol: ScreenProtocol
  /** for SPICE, which has several connections, what these are in (`serveSeveral`) */
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
 * Connects to the screen of a machine that runs, on a connection to its host of its own.
 *
 * @param speaks for what there are viewers where it is to be shown; if for none that the machine has, its first is had, and whoever wanted it finds that out
 * @param mayLook is asked from time to time
 * @throws {Refused} `no-screen`, `unreachable`
 */
export async function openScreen(
  { host, uri }: Reached,
  { rawName, uuid }: Pick<MachineRecord, 'rawName' | 'uuid'>,
  speaks: readonly ScreenProtocol[],
  mayLook: () => boolean,
  signal: AbortSignal,
  every: number = times.look,
): Promise<OpenScreen> {
  const name = label(rawName)
  const within = AbortSignal.any([signal, AbortSignal.timeout(times.open)])
  try {
    const screens = await findScreens(host, uri, uuid, within)
    const screen = screens.find(({ protocol }) => speaks.includes(protocol)) ?? screens[0]
    if (!screen)
      throw new Refused(
        'no-screen',
        say`${name} has no screen that listens: <graphics type='vnc'> or 'spice'`,
      )
    const { protocol } = screen
    const connect = async (signal: AbortSignal) => {
      const stream = await host.connect(screen.place, signal)
      // A port that was free for a moment may be another machine's.
      if (isAmong(await findScreens(host, uri, uuid, signal), screen)) return stream
      stream.destroy()
      throw new Refused('unreachable', say`the screen of ${name} went elsewhere meanwhile`)
    }
    const first = await connect(within)
    const stream =
      protocol === 'vnc' ? first : several(first, connect, await findTicket(host, uri, uuid, within))
    const over = new AbortController()
    const look = () => isSure(mayLook) || over.abort()
    look()
    const timer = setInterval(look, every)
    const close = () => {
      clearInterval(timer)
      stream.destroy()
      return host.close()
    }
    return { protocol, stream, over: over.signal, close }
  } catch (error) {
    await host.close()
    if (error instanceof Refused) throw error
    const why = error instanceof HostError ? error.message : 'its host does not answer in time'
    throw new Refused('unreachable', say`the screen of ${name}: ${label(why)}`)
  }
}

/** All connections of one viewer of SPICE. The first was made before: whether there is a way is known with that. */
function several(
  first: Duplex,
  connect: (signal: AbortSignal) => Promise<Duplex>,
  ticket: string | undefined,
): Duplex {
  let made: Duplex | undefined = first
  return serveSeveral(async () => {
    const stream = made ?? (await connect(AbortSignal.timeout(times.open)))
    made = undefined
    return ticket === undefined ? stream : withTicket(stream, ticket)
  })
}

function isAmong(screens: readonly MachineScreen[], screen: MachineScreen): boolean {
  return screens.some((one) => isDeepStrictEqual(one, screen))
}

/** What cannot be told is not so: a journal that is not to be read lets nobody look on. */
function isSure(mayLook: () => boolean): boolean {
  try {
    return mayLook()
  } catch {
    return false
  }
}
