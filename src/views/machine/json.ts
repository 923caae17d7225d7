import { ownerOf } from '../../fleet/cluster/owner.ts'
import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import { otherAtNextStart } from '../../fleet/machine/next-start.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { sessionsOn } from '../../fleet/session/people.ts'
import { isStale } from '../../fleet/snapshot.ts'
import { orNull, timeJson } from '../../text/json.ts'
import { peopleJson } from '../session/people.ts'
import type { Moment } from '../world.ts'

/** A machine as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function machineJson(m: MachineRecord, { snapshot, now }: Moment) {
  const seen = snapshot.seenAt.get(m.host)
  const rates = (rate: MachineRecord['disk']) => (rate ? { in: rate.in, out: rate.out } : null)
  return {
    uuid: m.uuid,
    name: m.rawName,
    title: orNull(m.title),
    host: m.host,
    alsoOn: m.alsoOn,
    owner: ownerJson(ownerOf(m, snapshot)),
    runsOn: m.runsTwice ?? null,
    mayRunOn: m.mayRunOn ?? null,
    state: m.state,
    reason: m.reason,
    vcpus: orNull(m.vcpus),
    cpuPercent: orNull(m.cpuPercent),
    memoryUsedKiB: orNull(m.memoryUsedKiB),
    memoryKiB: orNull(m.memoryKiB),
    memoryMaxKiB: orNull(m.memoryMaxKiB),
    nextStart: nextStartJson(m),
    diskBytesPerSecond: rates(m.disk),
    netBytesPerSecond: rates(m.net),
    autostart: m.autostart,
    persistent: m.persistent,
    people: peopleJson(sessionsOn([m], snapshot), snapshot),
    graphics: orNull(m.graphics),
    runningSince: timeJson(m.startedAt),
    migration: orNull(m.migration),
    job: orNull(m.job),
    stale: isStale(snapshot, m.host, now),
    seenAt: timeJson(seen),
  }
}

/** The resource that it is, where a cluster runs it. */
function ownerJson(owner: ResourceRecord | undefined) {
  return owner
    ? { cluster: owner.cluster, resource: owner.rawName, live: owner.machine?.isLive ?? false }
    : null
}

/** What it has from its next start on, where that is otherwise than now. */
function nextStartJson(m: MachineRecord) {
  const other = otherAtNextStart(m)
  if (!Object.keys(other).length) return null
  return { vcpus: other.vcpus ?? m.vcpus ?? null, memoryKiB: other.memoryKiB ?? m.memoryKiB ?? null }
}
