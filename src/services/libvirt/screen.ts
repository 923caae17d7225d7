import type { Place } from '../../hosts/dial.ts'
import { type Host, HostError } from '../../hosts/host.ts'
import { label, type Raw } from '../../hosts/label.ts'
import { atOnce } from '../../hosts/slices.ts'
import { elementSteps } from '../elements.ts'
import { type HypervisorProtocol, hypervisorProtocols } from '../screen-protocol.ts'
import { virsh } from './client.ts'
import { graphicsIn } from './xml.ts'

/** Addresses of all, and by which of them its own host reaches what listens there. */
const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '': '127.0.0.1' }

/** Milliseconds. */
const timeout = 10_000

/** A screen of a machine that runs. */
export interface MachineScreen {
  readonly protocol: HypervisorProtocol
  /** as its own host reaches it */
  readonly place: Place
}

/** The screens of a machine that runs, in their order; what does not listen, or only with TLS, is none. */
export function screensIn(xml: string): MachineScreen[] {
  return graphicsIn(atOnce(elementSteps(xml))).flatMap(
    ({ type, socket, port, listen = '' }): MachineScreen[] => {
      const protocol = hypervisorProtocols.find((one) => one === type)
      if (!protocol) return []
      if (socket) return [{ protocol, place: { path: socket } }]
      const number = Number(port)
      const isPort = Number.isInteger(number) && number > 0 && number <= 65_535
      return isPort ? [{ protocol, place: { host: anywhere[listen] ?? listen, port: number } }] : []
    },
  )
}

/** What the screens are told by that the definition of a machine gives it: where these are to be had is known once it runs. */
export function definedScreens(xml: string): HypervisorProtocol[] {
  const types = graphicsIn(atOnce(elementSteps(xml))).map(({ type }) => type)
  return hypervisorProtocols.filter((one) => types.includes(one))
}

/** The password of the screen that is told by SPICE; undefined: it has none, or it was not told. */
export function ticketIn(xml: string): string | undefined {
  return graphicsIn(atOnce(elementSteps(xml))).find(({ type }) => type === 'spice')?.passwd
}

/**
 * Asks libvirt where the screens of a machine are.
 *
 * @param machine its UUID
 * @throws {HostError} the host or libvirt does not answer, or has no such machine
 */
export async function findScreens(
  host: Pick<Host, 'name' | 'run'>,
  uri: string,
  machine: Raw,
  signal: AbortSignal,
): Promise<MachineScreen[]> {
  const { code, stdout, stderr } = await host.run(virsh(uri, 'dumpxml', machine), { timeout, signal })
  if (code !== 0) throw new HostError('refused', host.name, label(stderr.trim() || 'virsh dumpxml failed'))
  return screensIn(stdout)
}

/**
 * Asks libvirt for the password of a machine's SPICE server; undefined: it has none, or libvirt does not tell it to this user.
 *
 * @param machine its UUID
 * @throws {HostError} the host does not answer
 */
export async function findTicket(
  host: Pick<Host, 'run'>,
  uri: string,
  machine: Raw,
  signal: AbortSignal,
): Promise<string | undefined> {
  const argv = virsh(uri, 'dumpxml', '--security-info', machine)
  const { code, stdout } = await host.run(argv, { timeout, signal })
  return code === 0 ? ticketIn(stdout) : undefined
}
