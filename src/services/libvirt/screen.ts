import type { Place } from '../../hosts/dial.ts'
import { type Host, HostError } from '../../hosts/host.ts'
import { label, type Raw } from '../../hosts/label.ts'
import { atOnce } from '../../hosts/slices.ts'
import { virsh } from './client.ts'
import { elementSteps } from './elements.ts'
import { attributesOf } from './xml.ts'

/** Addresses of all, and by which of them its own host reaches what listens there. */
const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '': '127.0.0.1' }

/** Milliseconds. */
const timeout = 10_000

/** Where the screen of a machine that runs is to be had by VNC, as its own host reaches it; undefined: it has none, or none that listens. */
export function screenIn(xml: string): Place | undefined {
  for (const { type, socket, port, listen = '' } of attributesOf(atOnce(elementSteps(xml)), 'graphics')) {
    if (type !== 'vnc') continue
    if (socket) return { path: socket }
    const number = Number(port)
    if (Number.isInteger(number) && number > 0 && number <= 65_535)
      return { host: anywhere[listen] ?? listen, port: number }
  }
  return undefined
}

/** Whether the definition of a machine gives it a screen by VNC: where that is to be had is known once it runs. */
export function definesScreen(xml: string): boolean {
  return attributesOf(atOnce(elementSteps(xml)), 'graphics').some(({ type }) => type === 'vnc')
}

/**
 * Asks libvirt where the screen of a machine is.
 *
 * @param machine its UUID
 * @throws {HostError} the host or libvirt does not answer, or has no such machine
 */
export async function findScreen(
  host: Pick<Host, 'name' | 'run'>,
  uri: string,
  machine: Raw,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const { code, stdout, stderr } = await host.run(virsh(uri, 'dumpxml', machine), { timeout, signal })
  if (code !== 0) throw new HostError('refused', host.name, label(stderr.trim() || 'virsh dumpxml failed'))
  return screenIn(stdout)
}
