import type { HostRecord } from '../../fleet/host/record.ts'
import { recordOf } from '../../fleet/kinds.ts'
import { poolId } from '../../fleet/pool/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { whyOf } from '../../hosts/host.ts'
import { joined, type Label, label, type Raw, say } from '../../hosts/label.ts'
import * as verbs from '../../services/libvirt/verbs.ts'
import { domainXml, type OsEntry, osEntries, parseDomainXml } from '../../services/libvirt/xml.ts'
import { memory } from '../../text/format.ts'
import type { Change } from '../action.ts'
import { sizeWarnings, wrongCount, wrongMemory } from '../machine/resources.ts'
import type { Answers } from '../question.ts'
import { parseMemory } from '../units.ts'

function answers(host: HostRecord): true | ReturnType<typeof say> {
  if (!host.roles.includes('hypervisor')) return say`it is no hypervisor`
  return host.reachable ? true : say`it does not answer`
}

function on(host: HostRecord): { host: string; uri: string } {
  return { host: host.name, uri: host.uri }
}

/** libvirt's rule for names, without a leading dash or blanks at the ends, which break scripts. */
function wrongName(value: string): ReturnType<typeof say> | undefined {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.+ -]{0,62}$/u.test(value) && value === value.trim()
    ? undefined
    : say`letters, digits, "_", ".", "+", "-" and blanks, starting with a letter or digit`
}

/** The XML of a new machine; shown before it is confirmed. */
function newMachineXml(host: HostRecord, given: Answers): string {
  return domainXml({
    name: given.name ?? '',
    os: given.os as OsEntry,
    vcpus: Number(given.vcpus),
    memoryKiB: parseMemory(given.memory ?? '') ?? 0,
    virtType: host.virtType ?? 'qemu',
    ...(given.disk === '0' ? {} : { pool: given.pool ?? 'default', volume: volumeName(given) }),
    ...(given.network && given.network !== 'none' ? { network: given.network } : {}),
  })
}

const volumeName = ({ name = '' }: Answers) => `${name}.qcow2`

/** The free space of a pool, where known. */
function freeIn(host: HostRecord, pool: Raw, snapshot: Snapshot): { readonly note?: Label } {
  const known = recordOf('pool', poolId(host.name, pool), snapshot)
  return known ? { note: say`${memory(known.available / 1024)} free` } : {}
}

/** A new disk is thin: it can be created, and later grow beyond the free space. */
function roomWarnings(host: HostRecord, { disk, pool = '' }: Answers, snapshot: Snapshot): Label[] {
  const known = recordOf('pool', poolId(host.name, pool), snapshot)
  const bytes = Number(disk) * 2 ** 30
  return known && bytes > known.available
    ? [
        say`${known.name} has ${memory(known.available / 1024)} free, and a disk of ${memory(bytes / 1024)} can outgrow that`,
      ]
    : []
}

function noneOf(what: Label, value: string, { name }: HostRecord, all: readonly Raw[] = []): Label {
  const none = say`no ${what} ${label(value)} on ${label(name)}`
  return all.length ? say`${none}; there are ${joined(all.map(label), ', ')}` : none
}

const create: Change<HostRecord> = {
  kind: 'change',
  subject: 'host',
  group: 'definition',
  verb: 'create',
  key: 'n',
  title: 'New machine',
  help: 'Creates a machine: its disk, and its definition as XML that is shown before.',
  risk: 'disruptive',
  makes: ({ name }) => name,
  patience: 30,
  available: (host) =>
    answers(host) === true && !host.virtType ? say`it is not known yet what it can run` : answers(host),
  asks: [
    {
      id: 'name',
      text: say`Name`,
      value: 'NAME',
      wrong: wrongName,
      refuses: (value, _host, snapshot) =>
        snapshot.machines.some((m) => m.rawName === value) ? say`there is a machine of this name` : undefined,
    },
    {
      id: 'os',
      text: say`Operating system`,
      value: Object.keys(osEntries).join('|'),
      choices: () => Object.entries(osEntries).map(([value, { title }]) => ({ value, title: label(title) })),
      default: 'linux',
      wrong: (value) =>
        Object.hasOwn(osEntries, value) ? undefined : say`one of ${label(Object.keys(osEntries).join(', '))}`,
    },
    { id: 'vcpus', text: say`vCPUs`, value: 'N', default: '2', wrong: wrongCount },
    { id: 'memory', text: say`Memory`, value: 'SIZE', default: '2G', wrong: wrongMemory },
    {
      id: 'disk',
      text: say`Disk, GiB (0: none)`,
      value: 'GIB',
      default: '20',
      wrong: (value) => (/^\d{1,5}$/.test(value) ? undefined : say`a whole number of GiB, 0 for no disk`),
    },
    {
      id: 'pool',
      text: say`Storage pool`,
      value: 'POOL',
      namesOwn: true,
      when: (_host, given) => given.disk !== '0',
      choices: (host, snapshot) =>
        (host.pools ?? []).map((pool) => ({
          value: pool,
          title: label(pool),
          ...freeIn(host, pool, snapshot),
        })),
      usual: 'the first of the host',
      default: (host) => host.pools?.[0],
      wrong: (value, host) =>
        host.pools?.includes(value) ? undefined : noneOf(say`pool`, value, host, host.pools),
    },
    {
      id: 'network',
      text: say`Network`,
      value: 'NETWORK',
      namesOwn: true,
      choices: (host) => [
        ...(host.networks ?? []).map((network) => ({ value: network, title: label(network) })),
        { value: 'none', title: say`none` },
      ],
      usual: 'the first of the host',
      default: (host) => host.networks?.[0] ?? 'none',
      wrong: (value, host) =>
        value === 'none' || host.networks?.includes(value)
          ? undefined
          : noneOf(say`network`, value, host, host.networks),
    },
  ],
  plan: (host, given) => [
    ...(given.disk === '0'
      ? []
      : [verbs.createVolume(on(host), given.pool ?? 'default', volumeName(given), Number(given.disk))]),
    verbs.define(on(host), newMachineXml(host, given)),
  ],
  warns: (host, given, snapshot) => [
    ...sizeWarnings(
      host.name,
      { vcpus: Number(given.vcpus), memoryKiB: parseMemory(given.memory ?? '') },
      snapshot,
    ),
    ...roomWarnings(host, given, snapshot),
  ],
  settled: (host, given, snapshot) =>
    snapshot.machines.some((m) => m.host === host.name && m.rawName === given.name) || undefined,
}

function nameIn(xml: string): string | undefined {
  try {
    return parseDomainXml(xml).name
  } catch {
    return undefined
  }
}

const define: Change<HostRecord> = {
  kind: 'change',
  subject: 'host',
  group: 'definition',
  verb: 'define',
  key: 'D',
  title: 'Define from XML',
  help: 'Defines a machine on a host from a file of libvirt XML on this machine.',
  risk: 'disruptive',
  makes: ({ xml = '' }) => nameIn(xml),
  patience: 30,
  available: answers,
  asks: [
    {
      id: 'xml',
      text: say`File with its XML, on this machine`,
      value: 'FILE',
      isFile: true,
      wrong: (value) => {
        try {
          parseDomainXml(value)
          return undefined
        } catch (error) {
          return whyOf(error)
        }
      },
    },
  ],
  plan: (host, { xml = '' }) => [verbs.define(on(host), xml)],
  settled: (host, { xml = '' }, snapshot) => {
    const { name } = parseDomainXml(xml)
    return (
      snapshot.machines.some(
        (m) => m.rawName === name && (m.host === host.name || m.alsoOn.includes(host.name)),
      ) || undefined
    )
  },
}

export const hostActions: readonly Change<HostRecord>[] = [create, define]
