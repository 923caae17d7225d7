import { actingOwner, ownerOf } from '../../fleet/cluster/owner.ts'
import { stateText } from '../../fleet/machine/conditions.ts'
import { otherAtNextStart } from '../../fleet/machine/next-start.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { sessionsOn } from '../../fleet/session/people.ts'
import { ageOf, isStale, type Snapshot } from '../../fleet/snapshot.ts'
import { wallTime } from '../../hosts/clock.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { bytes, dateTime, memory, percent } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import { peopleText } from '../session/people.ts'

/** All that is known of a machine, as names and values in the order in which a person asks. */
export function machineFacts(m: MachineRecord, snapshot: Snapshot, now: number): [string, Label][] {
  const age = ageOf(snapshot, m.host, now)
  const all: [string, Label | undefined][] = [
    ['Name', m.title ? say`${m.name}   ${m.title}` : m.name],
    ['UUID', label(m.uuid)],
    [
      'State',
      m.migration
        ? say`migrating to ${label(m.migration.to)}${m.migration.percent === undefined ? say`` : say`, ${m.migration.percent}%`}`
        : stateText(m),
    ],
    ['Host', hostText(m)],
    ['Cluster', ownerText(m, snapshot)],
    [
      'Seen',
      isStale(snapshot, m.host, now)
        ? say`STALE, ${age === undefined ? say`never` : say`${duration(age)} ago`}`
        : say`now`,
    ],
    [
      'Running',
      m.startedAt === undefined
        ? undefined
        : say`for ${duration(now - m.startedAt)} on this host, since ${dateTime(wallTime(m.startedAt))}`,
    ],
    [
      'vCPUs',
      m.cpuPercent === undefined
        ? say`${m.vcpus ?? dash}`
        : say`${m.vcpus ?? dash}, ${percent(m.cpuPercent)} busy`,
    ],
    ['Memory', memoryText(m)],
    ['Next start', nextStartText(m)],
    ['Transfer', transfer(m)],
    ['Display', m.graphics],
    ['People', peopleText(sessionsOn([m], snapshot), snapshot)],
    ['Definition', definitionText(m)],
    [
      'Job',
      m.job && say`${m.job.operation}${m.job.percent === undefined ? say`` : say`, ${m.job.percent}%`}`,
    ],
  ]
  return all.filter((fact): fact is [string, Label] => fact[1] !== undefined)
}

/** Who starts, stops and moves it, where that is a cluster. */
function ownerText(m: MachineRecord, snapshot: Snapshot): Label | undefined {
  const owner = ownerOf(m, snapshot)
  if (!owner) return undefined
  const live = owner.machine?.isLive ? say`moved live` : say`moved by a stop and a start`
  const rests = actingOwner(m, snapshot) ? say`` : say`; it leaves it alone now`
  return say`resource ${owner.name} of ${label(owner.cluster)}, ${live}${rests}`
}

function hostText(m: MachineRecord): Label {
  if (m.runsTwice)
    return say`runs on ${label(m.runsTwice.join(' and '))} at once; this is what ${label(m.host)} says`
  const others = m.others?.map(({ host, state }) => say`${label(host)} (${label(state)})`) ?? []
  const may = m.mayRunOn ? say`; may run on ${label(m.mayRunOn.join(', '))} too` : say``
  return others.length ? say`${label(m.host)}; also known on ${joined(others, ', ')}${may}` : label(m.host)
}

/** Its process holds more memory than the guest was given. */
export function holdsMore({
  memoryKiB = 0,
  memoryUsedKiB = 0,
}: Pick<MachineRecord, 'memoryKiB' | 'memoryUsedKiB'>): boolean {
  return memoryUsedKiB > memoryKiB
}

function memoryText(m: MachineRecord): Label {
  const { memoryKiB, memoryUsedKiB, memoryMaxKiB } = m
  const most = memoryMaxKiB === memoryKiB ? say`` : say`, at most ${memory(memoryMaxKiB)}`
  if (memoryUsedKiB === undefined) return say`${memory(memoryKiB)}${most}`
  return holdsMore(m)
    ? say`its process holds ${memory(memoryUsedKiB)}, the guest was given ${memory(memoryKiB)}${most}: the emulator needs some itself, and what a guest gave back is freed late`
    : say`${memory(memoryUsedKiB)} used of ${memory(memoryKiB)}${most}`
}

/** What is otherwise from its next start on, since it was changed in the definition alone. */
function nextStartText(m: MachineRecord): Label | undefined {
  const { vcpus, memoryKiB } = otherAtNextStart(m)
  const parts = [
    ...(vcpus === undefined ? [] : [say`${vcpus} vCPUs, not ${m.vcpus ?? dash}`]),
    ...(memoryKiB === undefined ? [] : [say`${memory(memoryKiB)} of memory, not ${memory(m.memoryKiB)}`]),
  ]
  return parts.length ? joined(parts, '; ') : undefined
}

function transfer({ disk, net }: MachineRecord): Label | undefined {
  const onDisk = disk && say`disks ${bytes(disk.in)}B/s read, ${bytes(disk.out)}B/s written`
  const onNet = net && say`network ${bytes(net.in)}B/s in, ${bytes(net.out)}B/s out`
  return onDisk && onNet ? say`${onDisk}; ${onNet}` : (onDisk ?? onNet)
}

function definitionText({ persistent, autostart }: MachineRecord): Label {
  const kept = persistent ? say`persistent` : say`transient: gone once it is off`
  return say`${kept}, ${autostart ? say`starts with its host` : say`no autostart`}`
}
