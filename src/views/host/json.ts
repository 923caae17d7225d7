import type { HostRecord } from '../../fleet/host/record.ts'
import { timeJson } from '../../text/json.ts'
import { peopleJson } from '../session/people.ts'
import type { Moment } from '../world.ts'
import { sessionsUnder } from './facts.ts'

/** A host as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function hostJson(h: HostRecord, { snapshot }: Moment) {
  const sessions = sessionsUnder(h, snapshot)
  const clock = snapshot.clocks.find(({ host }) => host === h.name)?.reading
  const seen = snapshot.seenAt.get(h.name)
  return {
    name: h.name,
    roles: h.roles,
    libvirt: h.uri,
    driver: h.driver ?? null,
    reachable: h.reachable,
    trouble: h.trouble
      ? {
          kind: h.trouble.kind,
          reason: h.trouble.reason,
          advice: h.trouble.advice,
          hostAnswers: h.trouble.hostAnswers ?? false,
        }
      : null,
    partial: h.partial ?? null,
    cpus: h.cpus ?? null,
    cpuPercent: h.cpuPercent ?? null,
    memoryKiB: h.memoryKiB ?? null,
    memoryFreeKiB: h.memoryFreeKiB ?? null,
    load: h.load ?? null,
    netBytesPerSecond: h.net ?? null,
    machines: h.machines ?? null,
    running: h.running ?? null,
    people: sessions ? peopleJson(sessions, snapshot) : null,
    seenAt: timeJson(seen),
    hardware: h.hardware ?? null,
    clock: clock ? { aheadSeconds: clock.offset / 1000, uncertaintySeconds: clock.uncertainty / 1000 } : null,
  }
}
