import { clockText } from '../../fleet/clocks/text.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import { sessionsOn } from '../../fleet/session/people.ts'
import { type SessionRecord, sessionsAt } from '../../fleet/session/record.ts'
import { ageOf, conditionOf, isStale, type Snapshot } from '../../fleet/snapshot.ts'
import { runsOut, supplyName, supplySeverity, usedShare } from '../../fleet/supply/runs-out.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Bond } from '../../services/process/facts.ts'
import { duration, exactly } from '../../text/duration.ts'
import { bytes, memory, percent } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import { peopleText } from '../session/people.ts'
import { hardwareFacts } from './hardware.ts'

/** All that is known of a host, as names and values in the order in which a person asks. */
export function hostFacts(host: HostRecord, snapshot: Snapshot, now: number): [string, Label][] {
  const { name, roles, trouble, partial, cpus, cpuPercent, load, net } = host
  const isHypervisor = roles.includes('hypervisor')
  const sessions = sessionsUnder(host, snapshot)
  const all: [string, Label | undefined][] = [
    ['Name', label(name)],
    ['Roles', label(roles.join(', '))],
    ['State', label(conditionOf(snapshot, host, now))],
    ['Trouble', trouble && (trouble.advice ? say`${trouble.reason} (${trouble.advice})` : trouble.reason)],
    ['Not read', partial],
    ['Seen', seenText(host, snapshot, now)],
    [
      'Libvirt',
      isHypervisor ? say`${label(host.uri)}${host.driver ? say`, ${label(host.driver)}` : say``}` : undefined,
    ],
    ['Running', isHypervisor ? say`${runningText(host)} machines` : undefined],
    ['People', sessions && peopleText(sessions, snapshot)],
    ['CPUs', cpus === undefined ? undefined : say`${cpus}, ${percent(cpuPercent)} busy`],
    ['Load', load === undefined ? undefined : label(load.toFixed(2))],
    ['Memory', memoryText(host)],
    ['Network', net && say`${bytes(net.in)}/s in, ${bytes(net.out)}/s out`],
    ['Clock', clockFact(name, snapshot, now)],
    ['Logs', host.deniedLogs && say`${joined(host.deniedLogs, ', ')}: may not be read (docs/permissions.md)`],
    ['Bonds', host.bonds?.length ? joined(host.bonds.map(bondText), '; ') : undefined],
    ['Pools', host.pools?.length ? joined(host.pools.map(label), ', ') : undefined],
    ['Networks', host.networks?.length ? joined(host.networks.map(label), ', ') : undefined],
    ['Runs out', nearText(host, snapshot, now)],
    ...(host.hardware ? hardwareFacts(host.hardware) : []),
  ]
  return all.filter((fact): fact is [string, Label] => fact[1] !== undefined)
}

/** The sessions on its machines, and on its displays; undefined: it is of no role in which it has any. */
export function sessionsUnder(
  { name, roles }: Pick<HostRecord, 'name' | 'roles'>,
  snapshot: Snapshot,
): readonly SessionRecord[] | undefined {
  const isDisplay = roles.includes('display')
  if (!isDisplay && !roles.includes('hypervisor')) return undefined
  const machines = snapshot.machines.filter(({ host }) => host === name)
  const shown = snapshot.displays.filter(({ host }) => host === name && isDisplay)
  return [...new Set([...shown.flatMap(sessionsAt), ...sessionsOn(machines, snapshot)])]
}

function seenText({ name }: HostRecord, snapshot: Snapshot, now: number): Label {
  if (!isStale(snapshot, name, now)) return say`now`
  const age = ageOf(snapshot, name, now)
  return age === undefined ? say`never` : say`STALE, ${duration(age)} ago`
}

/** With when it was set, where that was seen. */
function clockFact(host: string, { clocks }: Snapshot, now: number): Label | undefined {
  const { reading, set, trouble } = clocks.find((one) => one.host === host) ?? {}
  if (!reading) return trouble?.kind === 'refused' ? say`not known: ${trouble.reason}` : undefined
  if (!set) return clockText(reading)
  const how = say`${set.by < 0 ? say`back` : say`forward`} by ${exactly(Math.abs(set.by))}`
  return say`${clockText(reading)}; set ${how} ${duration(now - set.at)} ago`
}

function memoryText({ memoryKiB, memoryFreeKiB }: HostRecord): Label | undefined {
  if (memoryKiB === undefined) return undefined
  return memoryFreeKiB === undefined
    ? memory(memoryKiB)
    : say`${memory(memoryKiB - memoryFreeKiB)} used of ${memory(memoryKiB)}`
}

function bondText({ name, isUp, active, down }: Bond): Label {
  const parts = [
    say`${name} ${isUp ? say`up` : say`down`}`,
    ...(active ? [say`by ${active}`] : []),
    ...(down.length ? [say`without ${joined(down, ', ')}`] : []),
  ]
  return joined(parts, ', ')
}

/** What of it is near its end; undefined: nothing. */
function nearText({ name }: HostRecord, snapshot: Snapshot, now: number): Label | undefined {
  const near = runsOut(snapshot, now).filter((one) => one.host === name && supplySeverity(one))
  const texts = near.map((one) => say`${supplyName(one)} ${percent(usedShare(one) * 100)}`)
  return texts.length ? joined(texts, ', ') : undefined
}

/** How many of a host's machines run: `3/5`, and `-` where it has never told, or carries none. */
export function runningText({ roles, running, machines }: HostRecord): Label {
  if (!roles.includes('hypervisor') || running === undefined || machines === undefined) return dash
  return say`${running}/${machines}`
}
