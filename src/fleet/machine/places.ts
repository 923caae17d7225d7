import { isActive } from '../../services/libvirt/states.ts'
import type { Snapshot } from '../snapshot.ts'
import type { MachineRecord } from './record.ts'

/** What counts of a machine on one host when it is asked whether it runs on two. */
export interface Run {
  readonly host: string
  readonly reason: string
  /** milliseconds since the epoch when it was first and last seen to run there; minus infinity: it did before anybody looked */
  readonly since: number
  readonly at: number
}

/**
 * The hosts on which a machine runs at once. Two hosts are not read in the same moment, so at a hand-over both may seem to run it: only
 * what was seen again after the other was seen counts, and of one that came by a migration before our eyes, what lasts.
 */
export function runsAtOnce(runs: readonly Run[], now: number): readonly string[] {
  const overlap = (a: Run, b: Run) => a !== b && a.at >= b.since && b.at >= a.since
  const counting = runs.filter((run) => !arrives(run, now))
  return counting.filter((a) => counting.some((b) => overlap(a, b))).map(({ host }) => host)
}

/** A driver without reasons (Xen) may mean a migration whenever one runs somewhere anew. */
function arrives({ since, reason }: Run, now: number): boolean {
  const byMigration = reason === 'migrated' || reason === 'post-copy' || reason === ''
  return Number.isFinite(since) && byMigration && now - since < handOver
}

/** Milliseconds for which a machine may seem to run on two hosts (4 s between the two events: docs/internals/xen.md, "Migration"). */
const handOver = 8_000

/** A machine as one of the hosts that know it tells of it; undefined: that host does not know it. */
export function placedOn(machine: MachineRecord, host: string): MachineRecord | undefined {
  if (machine.host === host) return machine
  const place = machine.others?.find((one) => one.host === host)
  if (!place) return undefined
  const {
    migration: _,
    job: __,
    startedAt: ___,
    cpuPercent: ____,
    disk: _____,
    net: ______,
    ...rest
  } = machine
  const { persistent, autostart, state, reason } = place
  const runs = machine.state === 'migrating' || isActive(machine.state)
  return {
    ...rest,
    host,
    persistent,
    autostart,
    state,
    reason,
    alsoOn: [machine.host, ...machine.alsoOn].filter((other) => other !== host),
    ...(runs && !machine.runsTwice ? { mayRunOn: [machine.host] } : {}),
  }
}

/** Where it runs, as each of these hosts tells of it; a machine that runs once is itself. */
export function placesOf(machine: MachineRecord): readonly MachineRecord[] {
  if (!machine.runsTwice) return [machine]
  return machine.runsTwice.flatMap((host) => placedOn(machine, host) ?? [])
}

/** What is known, where of one machine only that host's word counts. */
export function asOn(snapshot: Snapshot, uuid: string, host: string): Snapshot {
  const machines = snapshot.machines.flatMap((machine) =>
    machine.uuid === uuid ? (placedOn(machine, host) ?? []) : machine,
  )
  return { ...snapshot, machines }
}
