import type { HostRecord } from '../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { label } from '../../src/hosts/label.ts'
import { uuid } from './facts.ts'

/** A running machine on host `a`; what matters to a test is given. */
export function machine(given: Partial<Omit<MachineRecord, 'name'>> & { name?: string } = {}): MachineRecord {
  const { name = 'web1', ...rest } = given
  return {
    uuid: uuid(1),
    host: 'a',
    alsoOn: [],
    state: 'running',
    reason: label('booted'),
    autostart: false,
    persistent: true,
    vcpus: 2,
    vcpusMax: 4,
    memoryKiB: 2 ** 20,
    memoryMaxKiB: 2 ** 21,
    ...rest,
    name: label(name),
    rawName: name,
  }
}

/** A host that answers and has room. */
export function host(name: string, given: Partial<HostRecord> = {}): HostRecord {
  return {
    name,
    roles: ['hypervisor'],
    uri: 'qemu:///system',
    driver: 'qemu',
    virtType: 'kvm',
    reachable: true,
    cpus: 8,
    cpuPercent: 12.4,
    memoryKiB: 64 * 2 ** 20,
    memoryFreeKiB: 32 * 2 ** 20,
    running: 3,
    machines: 5,
    pools: ['default'],
    networks: ['lan'],
    ...given,
  }
}

/** What is known at the moment 10 000; hosts that are not named otherwise were seen then. */
export function snapshot(
  machines: readonly MachineRecord[],
  hosts: readonly HostRecord[] = [host('a'), host('b')],
  seenAt: Readonly<Record<string, number>> = {},
): Snapshot {
  return {
    machines,
    hosts,
    seenAt: new Map(hosts.map(({ name }) => [name, seenAt[name] ?? 10_000])),
    staleAfter: 4000,
    balancers: [],
    frontends: [],
    services: [],
    directories: [],
    radius: [],
    displays: [],
    clusters: [],
    clocks: [],
    processes: new Map(),
    supplies: [],
    pools: new Map(),
    storage: [],
    incidents: [],
    drills: [],
  }
}
