import type { Role } from '../config/schema.ts'
import type { HostErrorKind } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import type { NextStart } from '../services/libvirt/facts.ts'
import type { Job } from '../services/libvirt/parse.ts'
import type { MachineState } from '../services/libvirt/states.ts'
import type { Bond, ProcessFacts } from '../services/process/facts.ts'
import { duration } from '../text/duration.ts'
import type { BalancerRecord } from './balancers.ts'
import type { DirectoryRecord } from './directories.ts'
import type { FrontendRecord } from './frontends.ts'
import type { RadiusRecord } from './radius-servers.ts'
import type { StorageRecord } from './storage.ts'
import type { Supply } from './supplies.ts'
import type { ServiceRecord } from './virtual-services.ts'

/** Bytes a second, both ways. */
export interface Rate {
  readonly in: number
  readonly out: number
}

/** What a host says of a machine that is counted for another host. */
export interface Place {
  readonly host: string
  readonly state: MachineState
  readonly reason: Label
  readonly persistent: boolean
  readonly autostart: boolean
}

/** A virtual machine of the cluster: one record for each UUID, whichever hosts know it. */
export interface MachineRecord {
  readonly uuid: string
  readonly name: Label
  /** the name as libvirt has it: to be compared and passed on, never to be shown */
  readonly rawName: string
  readonly title?: Label
  /** the host it runs on, or that would start it */
  readonly host: string
  /** other hosts that know it: a definition left behind, or the target of a migration */
  readonly alsoOn: readonly string[]
  /** what these say of it; left out where there are none */
  readonly others?: readonly Place[]
  readonly state: MachineState | 'migrating'
  readonly reason: Label
  readonly vcpus?: number
  readonly vcpusMax?: number
  /** of its own vCPUs, 0 to 100 (the emulator's own work may lift it above) */
  readonly cpuPercent?: number
  /** KiB given now (balloon), at most, used */
  readonly memoryKiB?: number
  readonly memoryMaxKiB?: number
  readonly memoryUsedKiB?: number
  /** written and read by the guest */
  readonly disk?: Rate
  /** received and sent by the guest */
  readonly net?: Rate
  readonly autostart: boolean
  readonly persistent: boolean
  readonly graphics?: Label
  readonly osType?: Label
  readonly hasDisks?: boolean
  /** milliseconds since the epoch when its process on this host was started */
  readonly startedAt?: number
  readonly job?: Job
  /** of a running one with a definition: what that gives it from its next start on */
  readonly nextStart?: NextStart
  /** made by xl, so that libvirt does not know it (notes/xen.md) */
  readonly foreign?: true
  readonly migration?: { readonly from: string; readonly to: string; readonly percent?: number }
  /** hosts on which it runs at once, when these are more than one and no migration explains it */
  readonly runsTwice?: readonly string[]
  /** hosts on which it ran when they were last heard of, which was too long ago to count */
  readonly mayRunOn?: readonly string[]
}

/** Why a host could not be read. */
export interface Trouble {
  readonly kind: HostErrorKind
  readonly reason: Label
  readonly advice: Label
  /** milliseconds since the epoch when it was first met */
  readonly since: number
  /** it is only libvirt that does not answer: the machines may be running */
  readonly hostAnswers?: true
}

export interface HostRecord {
  readonly name: string
  readonly roles: readonly Role[]
  readonly uri: string
  readonly driver?: string
  readonly virtType?: string
  readonly pools?: readonly Label[]
  readonly networks?: readonly Label[]
  /** the last attempt was answered */
  readonly reachable: boolean
  readonly trouble?: Trouble
  /** what could not be read although the host answers */
  readonly partial?: Label
  readonly cpus?: number
  /** of all its CPUs, 0 to 100 */
  readonly cpuPercent?: number
  readonly memoryKiB?: number
  readonly memoryFreeKiB?: number
  /** runnable and waiting processes, mean of the last minute */
  readonly load?: number
  /** received and sent over its network interfaces */
  readonly net?: Rate
  /** network interfaces that stand for several; none where it is not known */
  readonly bonds?: readonly Bond[]
  /** how many of its machines run, and how many it has; none: it has never told */
  readonly running?: number
  readonly machines?: number
}

/** A process whose descriptors are watched, and what becomes of them if it goes on like this. */
export interface ProcessRecord extends ProcessFacts {
  /** of one CPU: with several threads it may be more than 100 */
  readonly cpuPercent?: number
  /** milliseconds until its soft limit is reached; none: they do not rise */
  readonly exhaustedIn?: number
}

/** All that is known at one moment. Unchanged records are the same objects as in the snapshot before. */
export interface Snapshot {
  readonly hosts: readonly HostRecord[]
  readonly machines: readonly MachineRecord[]
  /** by host name: milliseconds since the epoch of the last complete answer; none: never answered */
  readonly seenAt: ReadonlyMap<string, number>
  /** facts older than this, in milliseconds, are shown as stale */
  readonly staleAfter: number
  readonly balancers: readonly BalancerRecord[]
  readonly frontends: readonly FrontendRecord[]
  /** the virtual services of all balancers, each as the one has it that counts for it */
  readonly services: readonly ServiceRecord[]
  /** the slapds that are asked */
  readonly directories: readonly DirectoryRecord[]
  /** the FreeRADIUS servers that are asked */
  readonly radius: readonly RadiusRecord[]
  /** by host: the processes whose descriptors are watched */
  readonly processes: ReadonlyMap<string, readonly ProcessRecord[]>
  /** what hosts have only so much of, besides descriptors */
  readonly supplies: readonly Supply[]
  /** whether the file systems of hosts could be read */
  readonly storage: readonly StorageRecord[]
}

export function isStale(
  snapshot: Pick<Snapshot, 'seenAt' | 'staleAfter'>,
  host: string,
  now: number,
): boolean {
  const seen = snapshot.seenAt.get(host)
  return seen === undefined || now - seen > snapshot.staleAfter
}

/** How it stands with a host: not yet answered, answering, its answer overdue, only its libvirt silent, or its last answer an error. */
export function conditionOf(
  snapshot: Snapshot,
  host: HostRecord,
  now: number,
): 'asking' | 'up' | 'stale' | 'unknown' | 'down' {
  if (host.trouble) return host.trouble.hostAnswers ? 'unknown' : 'down'
  if (!snapshot.seenAt.has(host.name)) return 'asking'
  return isStale(snapshot, host.name, now) ? 'stale' : 'up'
}

/** Milliseconds since a host's last answer; undefined when it never answered. */
export function ageOf(snapshot: Pick<Snapshot, 'seenAt'>, host: string, now: number): number | undefined {
  const seen = snapshot.seenAt.get(host)
  return seen === undefined ? undefined : Math.max(0, now - seen)
}

/** Why something does not answer, and since when: that is known only of what has answered here before. */
export function troubleText(trouble: Trouble, hasAnswered: boolean, now: number): Label {
  return say`${trouble.reason}${lastingText(trouble, hasAnswered, now)}`
}

/** `, for 14 s`; empty where it has never answered here. */
export function lastingText({ since }: Trouble, hasAnswered: boolean, now: number): Label {
  return hasAnswered ? say`, for ${duration(now - since)}` : say``
}

/** Two records with the same content, one level deep and in their small parts: then the old one is kept. */
export function sameRecord<T extends object>(a: T | undefined, b: T): boolean {
  if (!a) return false
  const keys = Object.keys(b) as (keyof T)[]
  return keys.length === Object.keys(a).length && keys.every((key) => sameValue(a[key], b[key]))
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  return sameRecord(a as object, b as object)
}
