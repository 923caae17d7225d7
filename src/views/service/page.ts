import type { BalancerRecord } from '../../fleet/balancer/record.ts'
import { addressOfService, amissText } from '../../fleet/balancer/serving.ts'
import type { RealRecord, ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { ConfiguredVirtual, LdirectordConfig } from '../../services/ldirectord/facts.ts'
import type { RealServer, Traffic, VirtualService } from '../../services/lvs/facts.ts'
import { bytes } from '../../text/format.ts'
import { edge, fieldLines, type PageColumn, tableLines } from '../../text/page.ts'
import type { Part } from '../../text/part.ts'
import { dash } from '../../text/part.ts'
import { weightText } from '../frontend/facts.ts'

/** All that is known of a virtual service, line by line: who balances it, how it is checked, what comes in, and its real servers. */
export function serviceLines(record: ServiceRecord, { balancers }: Snapshot, width: number): Part[][] {
  const balancer = balancers.find(({ host }) => host === record.balancer)
  const service = balancer?.lvs?.services.find(({ id }) => id === record.name)
  const config = balancer?.ldirectord?.config
  const configured = config?.virtuals.find(({ id }) => id === record.name)
  const rows = record.reals.map((real) =>
    realRow(
      real,
      service?.reals.find(({ id }) => id === real.real),
    ),
  )
  return [
    ...fieldLines(
      [
        ['Service', record.name],
        ['Balancers', balancersText(record, balancers)],
        ['Scheduler', record.flags ? say`${record.scheduler}, ${record.flags}` : record.scheduler],
        ['Traffic', trafficText(service)],
        ['Totals', totalsText(service?.counts)],
        [
          'Checks',
          config && configured ? checksText(configured, config) : say`not by an ldirectord of this balancer`,
        ],
        ['Failing', configured && failingText(configured)],
        ['Fallback', configured?.fallback === undefined ? undefined : label(configured.fallback)],
      ],
      width,
    ),
    ...(rows.length ? tableLines(columns, rows, width + edge) : [[], [say`It has no real server.`]]),
  ]
}

const right = { align: 'right' } as const

const columns: readonly PageColumn[] = [
  { title: say`NAME`, width: 9 },
  { title: say`REAL SERVER`, width: 21 },
  { title: say`STATE`, width: 11 },
  { title: say`FORWARD`, width: 7, givesWay: 1 },
  { title: say`WEIGHT`, width: 6, ...right },
  { title: say`ACTIVE`, width: 6, ...right },
  { title: say`INACT`, width: 5, ...right, givesWay: 2 },
  { title: say`MAX`, width: 4, ...right, givesWay: 3 },
]

function realRow(real: RealRecord, entry: RealServer | undefined): Label[] {
  return [
    real.name,
    label(real.real),
    label(real.duty),
    entry ? label(entry.forward) : dash,
    weightText(real),
    say`${real.active}`,
    say`${real.inactive}`,
    entry?.limits?.upper ? say`${entry.limits.upper}` : dash,
  ]
}

/**
 * `lb1 holds the address, sync master on eth0; lb2 stands by, sync backup on eth0`; before it why nobody serves, if so. A firewall mark
 * has no address. sync: ipvsadm(8), --start-daemon.
 */
export function balancersText(
  { name, balancer, amiss }: ServiceRecord,
  balancers: readonly BalancerRecord[],
): Label {
  const address = addressOfService(name)
  const does = ({ host, lvs, lvsTrouble }: BalancerRecord) => {
    if (lvsTrouble) return say`does not answer`
    if (address !== undefined) return lvs?.addresses.has(address) ? say`holds the address` : say`stands by`
    return host === balancer ? say`serves` : say`stands by`
  }
  const texts = balancers.map((one) => {
    // Of one that is silent it is not known.
    const known = one.lvsTrouble ? [] : (one.lvs?.sync ?? [])
    const sync = known.map(({ state, device }) => say`, sync ${label(state)} on ${device}`)
    return say`${label(one.host)} ${does(one)}${joined(sync, '')}`
  })
  return joined([...(amiss ? [amissText(amiss)] : []), ...texts], '; ')
}

/** Under direct routing and tunnelling answers do not pass the balancer: they are not 0, they are not seen. */
function trafficText(service: VirtualService | undefined): Label | undefined {
  const rate = service?.rate
  if (!rate) return undefined
  const into = say`${rate.connections} connections/s, ${rate.packetsIn} packets/s, ${bytes(rate.bytesIn)}B/s in`
  return rate.packetsOut === undefined || rate.bytesOut === undefined
    ? say`${into}; out: not seen here, answers do not pass the balancer`
    : say`${into}; ${rate.packetsOut} packets/s, ${bytes(rate.bytesOut)}B/s out`
}

function totalsText(counts: Traffic | undefined): Label | undefined {
  return (
    counts && say`${counts.connections} connections, ${bytes(counts.bytesIn)}B in since the service was added`
  )
}

function checksText(
  { checktype, service, request, receive, ...own }: ConfiguredVirtual,
  { readdquiescent }: LdirectordConfig,
): Label {
  const what = service === 'none' ? label(checktype) : say`${label(checktype)} ${label(service)}`
  const texts = [
    request === undefined ? what : say`${what}, asks ${label(request)}`,
    ...(receive === undefined ? [] : [say`wants ${label(receive)}`]),
    say`every ${own.checkinterval} s`,
    say`waits ${/^(negotiate|combined)$/.test(checktype) ? own.negotiatetimeout : own.checktimeout} s`,
    own.failurecount === 1 ? say`out at the first failure` : say`out after ${own.failurecount} failures`,
    ...(readdquiescent ? [say`new ones in after their first check`] : []),
  ]
  return joined(texts, ', ')
}

function failingText({ quiescent }: ConfiguredVirtual): Label {
  return quiescent
    ? say`weight 0: open connections go on (quiescent=yes)`
    : say`deleted: open connections hang (quiescent=no)`
}
