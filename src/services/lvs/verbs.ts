import { HostError } from '../../hosts/host.ts'
import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'
import { ipvsadm } from './client.ts'
import type { Forward, RealServer, VirtualService } from './facts.ts'
import { refusalText } from './parse.ts'

/** Where the entry of a real server is changed. */
interface RealServerTarget {
  readonly host: string
  readonly sudo: boolean
  readonly service: VirtualService
  readonly real: RealServer
}

/** Milliseconds: the kernel answers at once, where the balancer has time to ask it. */
const timeout = 30_000

/** The words by which ipvsadm knows a service: `-t ADDRESS:PORT`, `-u`, `--sctp-service`, `-f MARK`, `-f MARK -6`. */
function serviceWords({ protocol, id, mark, isIPv6 }: VirtualService): Raw[] {
  if (mark !== undefined) return ['-f', String(mark), ...(isIPv6 ? ['-6'] : [])]
  const option = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service', FWM: '-f' }[protocol]
  return [option, id.slice(id.indexOf(' ') + 1)]
}

const forwardOption: Record<Forward, string> = { Route: '-g', Masq: '-m', Tunnel: '-i', Local: '-g' }

/**
 * Sets the weight of a real server. `-e` replaces the whole entry, so its way of forwarding and its limits of connections are
 * written back with it (docs/internals/lvs.md, "Editing replaces").
 */
export function setWeight({ host, sudo, service, real }: RealServerTarget, weight: number): Step {
  const { upper, lower } = real.limits ?? { upper: 0, lower: 0 }
  const limits = [...(upper ? ['-x', String(upper)] : []), ...(lower ? ['-y', String(lower)] : [])]
  const entry = ['-r', real.id, forwardOption[real.forward], '-w', String(weight), ...limits]
  const what = say`weight ${weight} for ${label(real.id)}`
  return changed(host, ipvsadm(sudo, '-e', ...serviceWords(service), ...entry), what)
}

/** Puts a real server into a service. */
export function addReal(
  { host, sudo, service }: Omit<RealServerTarget, 'real'>,
  { id, forward, weight }: Pick<RealServer, 'id' | 'forward' | 'weight'>,
): Step {
  const entry = ['-r', id, forwardOption[forward], '-w', String(weight)]
  return changed(host, ipvsadm(sudo, '-a', ...serviceWords(service), ...entry), say`${label(id)} added`)
}

/** Takes a real server out of a service; its connections are cut. */
export function removeReal({ host, sudo, service, real }: RealServerTarget): Step {
  const argv = ipvsadm(sudo, '-d', ...serviceWords(service), '-r', real.id)
  return changed(host, argv, say`${label(real.id)} removed`)
}

function changed(host: string, argv: Step['argv'], what: Label): Step {
  const refusal = (on: string, stderr: string) =>
    new HostError('refused', on, refusalText(stderr), adviceFor(stderr))
  return { host, argv, what, timeout, refusal }
}

/** Only root may, and a plain user's shell does not even find it. */
function adviceFor(stderr: string): Label {
  return /must be root|not found|a password is required/.test(stderr)
    ? say`it needs root: "sudo: true" in the configuration, docs/permissions.md`
    : say``
}
