import type { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { addressOf, type SystemMachine } from '../config/desk.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { type Host, HostError } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { serveSeveral } from '../hosts/several.ts'
import { findScreens, findTicket, type MachineScreen } from '../services/libvirt/screen.ts'
import type { ScreenProtocol } from '../services/screen-protocol.ts'
import { Refused } from './refused.ts'
import { awaitIt, type awaitSshd, type SshdPlace } from './sshd.ts'
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
const times = { open: 20_000, attempt: 4_000, look: 1_000 } as const

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
    return watched({ protocol, stream }, host, mayLook, every)
  } catch (error) {
    throw await refusedOf(error, host, name)
  }
}

/** Where the RDP server of a machine is, as its hypervisor reaches it. */
export function rdpPlace(machine: SystemMachine): SshdPlace {
  return { host: addressOf(machine), port: machine.port ?? 3389 }
}

/** Connects to the RDP server of a machine by its hypervisor, which may be the only one that reaches it. @throws {Refused} `unreachable` */
export async function openRdp(
  { host }: Reached,
  place: SshdPlace,
  name: Label,
  mayLook: () => boolean,
  signal: AbortSignal,
): Promise<OpenScreen> {
  try {
    const stream = await host.connect(place, AbortSignal.any([signal, AbortSignal.timeout(times.open)]))
    return watched({ protocol: 'rdp', stream }, host, mayLook, times.look)
  } catch (error) {
    throw await refusedOf(error, host, name)
  }
}

/** Waits until the RDP server of a machine that boots is there; otherwise as `awaitSshd`. */
export function awaitRdp(reach: () => Promise<Reached>): typeof awaitSshd {
  return async (place, patience, signal) => {
    const { host } = await reach()
    const attempt = async () => {
      const stream = await host.connect(place, AbortSignal.any([signal, AbortSignal.timeout(times.attempt)]))
      stream.destroy()
      return true
    }
    return await awaitIt(attempt, patience, signal).finally(() => host.close())
  }
}

/** Looks from time to time whether it may still be looked at. */
function watched(
  screen: Pick<OpenScreen, 'protocol' | 'stream'>,
  host: Host,
  mayLook: () => boolean,
  every: number,
): OpenScreen {
  const over = new AbortController()
  const look = () => isSure(mayLook) || over.abort()
  look()
  const timer = setInterval(look, every)
  const close = () => {
    clearInterval(timer)
    screen.stream.destroy()
    return host.close()
  }
  return { ...screen, over: over.signal, close }
}

/** Why it is not to be had; the connection to its host is not needed any more. */
async function refusedOf(error: unknown, host: Host, name: Label): Promise<Refused> {
  await host.close()
  if (error instanceof Refused) return error
  const why = error instanceof HostError ? error.message : 'its host does not answer in time'
  return new Refused('unreachable', say`the screen of ${name}: ${label(why)}`)
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
