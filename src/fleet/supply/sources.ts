import { label } from '../../hosts/label.ts'
import type { LdapReading } from '../../services/ldap/facts.ts'
import type { HypervisorFacts } from '../../services/libvirt/facts.ts'
import type { HostRecord } from '../host/record.ts'
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
export function poolAmounts({ poolSizes = [] }: HypervisorFacts): Amount[] {
  return poolSizes.map(({ rawName, capacity, available }) => ({
    kind: 'pool',
    which: label(rawName),
    used: (capacity - available) / 1024,
    most: capacity / 1024,
  }))
}

/** The pages of a directory's database. */
export function directoryAmounts({ monitor }: LdapReading): Amount[] {
  return monitor?.pages ? [{ kind: 'pages', used: monitor.pages.used, most: monitor.pages.max }] : []
}
