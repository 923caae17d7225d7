import { label } from '../../hosts/label.ts'
import type { LdapReading } from '../../services/ldap/facts.ts'
import type { HypervisorFacts } from '../../services/libvirt/facts.ts'
import type { HostRecord } from '../host/record.ts'
import { poolId } from '../pool/record.ts'
import type { Amount } from './supplies.ts'

/** Memory and CPU of a host, as far as they are known. */
export function hostAmounts({ memoryKiB, memoryFreeKiB, cpuPercent }: HostRecord): Amount[] {
  const memory: Amount[] =
    memoryKiB === undefined || memoryFreeKiB === undefined
      ? []
      : [{ kind: 'memory', used: memoryKiB - memoryFreeKiB, most: memoryKiB }]
  const cpu: Amount[] = cpuPercent === undefined ? [] : [{ kind: 'cpu', used: cpuPercent, most: 100 }]
  return [...memory, ...cpu]
}

/** The storage pools of a hypervisor, in KiB. */
export function poolAmounts(host: string, { poolSizes = [] }: HypervisorFacts): Amount[] {
  return poolSizes.map(({ rawName, capacity, available }) => ({
    about: { kind: 'pool', id: poolId(host, rawName) },
    kind: 'pool',
    which: label(rawName),
    used: (capacity - available) / 1024,
    most: capacity / 1024,
  }))
}

/** The pages of a directory's database. */
export function directoryAmounts({ host, monitor }: LdapReading): Amount[] {
  const about = { kind: 'directory', id: host } as const
  return monitor?.pages ? [{ about, kind: 'pages', used: monitor.pages.used, most: monitor.pages.max }] : []
}
