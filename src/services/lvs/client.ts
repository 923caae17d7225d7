import { HostError, type Output } from '../../hosts/host.ts'
import { type Label, type Raw, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import type { Shell } from '../../hosts/shell.ts'
import { parseAddresses } from '../addresses.ts'
import type { LvsReading, SyncDaemon } from './facts.ts'
import {
  type Counted,
  type Limits,
  parseCounts,
  parseDaemons,
  parseHertz,
  parseProcTable,
  parseTable,
  parseThresholds,
  refusalText,
  withLimits,
  withTraffic,
} from './parse.ts'

/** What is asked of a balancer, by whom, and with how much patience, in milliseconds. */
interface LvsAsking {
  readonly host: string
  readonly shell: Shell
  /** ipvsadm through `sudo -n` */
  readonly sudo: boolean
  readonly timeout: number
}

/** The command line of one ipvsadm; it needs root (ipvsadm(8)). */
export function ipvsadm(sudo: boolean, ...words: readonly Raw[]): [Raw, ...Raw[]] {
  return sudo ? ['sudo', '-n', 'ipvsadm', ...words] : ['ipvsadm', ...words]
}

const table = '/proc/net/ip_vs'

/** Which tell how fast the kernel ticks. */
const tickFiles = ['error_cost', 'error_burst', 'redirect_load'].map(
  (name) => `/proc/sys/net/ipv4/route/${name}`,
)

/** What an administrator changes now and then, and totals, which nobody watches by the second. */
interface SlowFacts {
  readonly limits: Limits
  readonly counts: Counted
  readonly sync: readonly SyncDaemon[]
}

export const noSlowFacts: SlowFacts = { limits: new Map(), counts: new Map(), sync: [] }

/** Upper and lower limits of connections, totals, and the synchronisation daemons. */
export async function readSlowFacts({ host, shell, sudo, timeout }: LvsAsking): Promise<SlowFacts> {
  const run = (...words: Raw[]) => shell.run(ipvsadm(sudo, ...words), timeout)
  const [thresholds, counts, daemons] = await Promise.all([
    run('-Ln', '--thresholds'),
    run('-Ln', '--stats', '--exact'),
    run('-L', '--daemon'),
  ])
  if (thresholds.code !== 0)
    throw new HostError('refused', host, say`limits of connections: ${refusalText(thresholds.stderr)}`)
  return {
    limits: parseThresholds(bounded(host, thresholds.stdout)),
    counts: parseCounts(bounded(host, counts.stdout)),
    sync: parseDaemons(daemons.stdout),
  }
}

/**
 * The table of virtual services and the addresses that the host holds: by ipvsadm, or where this user may not, by what the kernel
 * shows to everybody, which has no rates.
 */
export async function readLvs(
  asking: LvsAsking,
  { limits, counts, sync }: SlowFacts,
): Promise<Omit<LvsReading, 'host' | 'at'>> {
  const { host, shell, sudo, timeout } = asking
  const run = (...argv: Raw[]) => shell.run(argv, timeout)
  const [list, rates, addresses] = await Promise.all([
    run(...ipvsadm(sudo, '-Ln')),
    run(...ipvsadm(sudo, '-Ln', '--rate', '--exact')),
    run('ip', '-o', 'addr', 'show'),
  ])
  if (addresses.code !== 0)
    throw new HostError('refused', host, say`its addresses cannot be read: ${refusalText(addresses.stderr)}`)
  const lines = bounded(host, addresses.stdout, 'addressLines', say`the list of its addresses`)
  const held = { addresses: parseAddresses(lines) }
  if (list.code === 0) {
    const services = withTraffic(
      parseTable(bounded(host, list.stdout)),
      counts,
      parseCounts(bounded(host, rates.stdout)),
    )
    return { ...held, services: withLimits(services, limits), sync }
  }
  const [kernel, ticks] = await Promise.all([run('cat', table), run('cat', ...tickFiles)])
  if (kernel.code !== 0) throw unusable(host, list)
  const services = parseProcTable(bounded(host, kernel.stdout), parseHertz(ticks.stdout))
  return { ...held, services, sync: [], partial: lacking(list, sudo) }
}

/** What is larger would be worked through while keys wait; to leave some out would make them look as if they had gone. */
function bounded(
  host: string,
  text: string,
  what: 'tableLines' | 'addressLines' = 'tableLines',
  name = say`its table`,
): string {
  const lines = text.split('\n').length
  const most = limits[what]
  if (lines <= most) return text
  throw new HostError('overflow', host, say`${name} has ${lines} lines, and more than ${most} are not read`)
}

/** Neither ipvsadm nor the kernel's own table. */
function unusable(host: string, { code, stderr }: Output): HostError {
  if (code === 127 && /ipvsadm/.test(stderr))
    return new HostError(
      'refused',
      host,
      say`ipvsadm is missing, and ip_vs is not loaded`,
      say`apt-get install ipvsadm`,
    )
  return new HostError('refused', host, say`ip_vs is not loaded: ${refusalText(stderr)}`, say`modprobe ip_vs`)
}

function lacking({ code, stderr }: Output, sudo: boolean): Label {
  const rest = say`connections are known, rates are not`
  if (code === 127) return say`ipvsadm is missing: ${rest}`
  if (sudo) return say`sudo refuses ipvsadm: ${rest} (docs/permissions.md)`
  return say`this user may not run ipvsadm: ${rest} ("sudo: true", docs/permissions.md; ${refusalText(stderr)})`
}
