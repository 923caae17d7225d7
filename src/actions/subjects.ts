import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { type KindOf, kinds, meantAmong } from '../fleet/kinds.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Kind, Ref } from '../fleet/ref.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, say } from '../hosts/label.ts'

/** What actions act on. A balancer is a host, seen as what it does. */
export interface Targets {
  readonly machine: MachineRecord
  readonly host: HostRecord
  readonly frontend: FrontendRecord
  readonly service: ServiceRecord
  readonly balancer: HostRecord
}

export type Subject = keyof Targets

/** Something with a name; `Change<unknown>` is used with the targets that belong to it. */
export type Target = Targets[Subject]

const known: { readonly [S in Subject]: KindOf<Targets[S]> } = {
  machine: kinds.machine,
  host: kinds.host,
  frontend: kinds.frontend,
  service: kinds.service,
  balancer: {
    ...kinds.host,
    name: say`balancer`,
    all: ({ hosts }: Snapshot) => hosts.filter(({ roles }) => roles.includes('balancer')),
  },
}

const subjects = known as unknown as Readonly<Record<Subject, KindOf<Target>>>

/** Whether there may be actions on this kind. */
export function isSubject(kind: Kind): kind is Kind & Subject {
  return kind in subjects
}

/** What one is called: `front end`. */
export function subjectName(subject: Subject): Label {
  return subjects[subject].name
}

/** Everything that an action of this subject can be asked for. */
export function objectsOf(subject: Subject, snapshot: Snapshot): readonly Target[] {
  return subjects[subject].all(snapshot)
}

/** UUID, address or name: by what it is found again. */
export function idOf(subject: Subject, target: Target): string {
  return subjects[subject].id(target)
}

/** The object that is acted on. */
export function refTo(subject: Subject, target: Target): Ref {
  return { kind: subject === 'balancer' ? 'host' : subject, id: idOf(subject, target) }
}

/** The name as it is typed: a machine's as libvirt has it, which is shown as a label. */
export function typedName(subject: Subject, target: Target): string {
  return subjects[subject].typed(target)
}

/** Those that a person may mean by a word (`meantAmong`). */
export function meantBy(subject: Subject, word: string, snapshot: Snapshot): readonly Target[] {
  return meantAmong(subjects[subject], objectsOf(subject, snapshot), word)
}

/** What acts is asked of the object as it is now, not as it was when somebody chose it; undefined when it has gone. */
export function presentOf<T>(subject: Subject, target: T, snapshot: Snapshot): T | undefined {
  const id = idOf(subject, target as Target)
  return objectsOf(subject, snapshot).find((one) => idOf(subject, one) === id) as T | undefined
}

/**
 * The name of what is acted on, to be shown. A machine's is a label already, and made one again its backslashes would double;
 * a host's is kept to plain letters by the configuration.
 */
export function nameOf({ name }: Pick<Target, 'name'>): Label {
  return name as Label
}
