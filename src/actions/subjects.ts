import type { NodeRecord, ResourceRecord } from '../fleet/cluster/record.ts'
import type { DisplayRecord } from '../fleet/display/record.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { foundById, type KindOf, kinds, meantAmong } from '../fleet/kinds.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Ref } from '../fleet/ref.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import type { SessionRecord } from '../fleet/session/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, say } from '../hosts/label.ts'

/** The targets of actions. A balancer is a host in its role. */
export interface Targets {
  readonly machine: MachineRecord
  readonly host: HostRecord
  readonly frontend: FrontendRecord
  readonly service: ServiceRecord
  readonly balancer: HostRecord
  readonly display: DisplayRecord
  readonly session: SessionRecord
  readonly node: NodeRecord
  readonly resource: ResourceRecord
}

export type Subject = keyof Targets

/** Any target. */
export type Target = Targets[Subject]

const known: { readonly [S in Subject]: KindOf<Targets[S]> } = {
  machine: kinds.machine,
  host: kinds.host,
  frontend: kinds.frontend,
  service: kinds.service,
  display: kinds.display,
  session: kinds.session,
  node: kinds.node,
  resource: kinds.resource,
  balancer: {
    ...kinds.host,
    name: say`balancer`,
    all: ({ hosts }: Snapshot) => hosts.filter(({ roles }) => roles.includes('balancer')),
  },
}

const subjects = known as unknown as Readonly<Record<Subject, KindOf<Target>>>

/** What one is called: `front end`. */
export function subjectName(subject: Subject): Label {
  return subjects[subject].name
}

/** All objects of this kind. */
export function objectsOf(subject: Subject, snapshot: Snapshot): readonly Target[] {
  return subjects[subject].all(snapshot)
}

/** The id of a target: UUID, address or name. */
export function idOf(subject: Subject, target: Target): string {
  return subjects[subject].id(target)
}

/** The reference to a target. */
export function refTo(subject: Subject, target: Target): Ref {
  return { kind: subject === 'balancer' ? 'host' : subject, id: idOf(subject, target) }
}

/** The name as typed; for a machine it is libvirt's raw name, not its label. */
export function typedName(subject: Subject, target: Target): string {
  return subjects[subject].typed(target)
}

/** Those that a person may mean by a word (`meantAmong`). */
export function meantBy(subject: Subject, word: string, snapshot: Snapshot): readonly Target[] {
  return meantAmong(subjects[subject], objectsOf(subject, snapshot), word)
}

/** The target as it is now, not as it was when it was chosen; undefined: it is gone. */
export function presentOf<T>(subject: Subject, target: T, snapshot: Snapshot): T | undefined {
  return foundById(subjects[subject], idOf(subject, target as Target), snapshot) as T | undefined
}

/**
 * The name of a target, to be shown. A machine's name is a label already; making it one again would double its backslashes. The names of
 * hosts have plain letters only.
 */
export function nameOf({ name }: Pick<Target, 'name'>): Label {
  return name as Label
}
