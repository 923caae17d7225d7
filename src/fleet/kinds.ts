import { type Label, label, say } from '../hosts/label.ts'
import { clustersOf } from './cluster/cluster.ts'
import type { NodeRecord, ResourceRecord } from './cluster/record.ts'
import type { DirectoryRecord } from './directory/record.ts'
import type { DisplayRecord } from './display/record.ts'
import type { DrillRecord } from './drill/record.ts'
import type { FrontendRecord } from './frontend/frontends.ts'
import type { HostRecord } from './host/record.ts'
import type { Incident } from './incident/record.ts'
import type { MachineRecord } from './machine/record.ts'
import type { PoolRecord } from './pool/record.ts'
import type { Kind } from './ref.ts'
import type { ServiceRecord } from './service/record.ts'
import { type SessionRecord, sessionsOf } from './session/record.ts'
import type { Snapshot } from './snapshot.ts'
import type { TerminalRecord } from './terminal/record.ts'
import { terminalsOf } from './terminal/terminals.ts'

/** What is known of one object, by its kind. */
export interface Records extends Readonly<Record<Kind, unknown>> {
  readonly machine: MachineRecord
  readonly host: HostRecord
  readonly frontend: FrontendRecord
  readonly service: ServiceRecord
  readonly directory: DirectoryRecord
  readonly pool: PoolRecord
  readonly display: DisplayRecord
  readonly terminal: TerminalRecord
  readonly session: SessionRecord
  readonly node: NodeRecord
  readonly resource: ResourceRecord
  readonly incident: Incident
  readonly drill: DrillRecord
}

export interface KindOf<T> {
  /** what one is called; several have an s */
  readonly name: Label
  readonly all: (snapshot: Snapshot) => readonly T[]
  /** stays the same while the object changes, and is unique in its kind */
  readonly id: (one: T) => string
  readonly nameOf: (one: T) => Label
  /** its name as it is typed: as libvirt has it, where it is shown as a label */
  readonly typed: (one: T) => string
  /** what else it may be called by: whose it is */
  readonly also?: (one: T) => readonly string[]
}

// The names of machines are labels already: making them labels again would double their backslashes. Names of hosts have plain letters only.
export const kinds: { readonly [K in Kind]: KindOf<Records[K]> } = {
  machine: {
    name: say`machine`,
    all: ({ machines }) => machines,
    id: ({ uuid }) => uuid,
    nameOf: ({ name }) => name,
    typed: ({ rawName }) => rawName,
  },
  host: {
    name: say`host`,
    all: ({ hosts }) => hosts,
    id: ({ name }) => name,
    nameOf: ({ name }) => label(name),
    typed: ({ name }) => name,
  },
  frontend: {
    name: say`front end`,
    all: ({ frontends }) => frontends,
    id: ({ address }) => address,
    nameOf: ({ name }) => name,
    typed: ({ name }) => name,
  },
  service: {
    name: say`virtual service`,
    all: ({ services }) => services,
    id: ({ name }) => name,
    nameOf: ({ name }) => name,
    typed: ({ name }) => name,
  },
  directory: {
    name: say`directory server`,
    all: ({ directories }) => directories,
    id: ({ host }) => host,
    nameOf: ({ host }) => label(host),
    typed: ({ host }) => host,
  },
  pool: {
    name: say`storage pool`,
    all: ({ hosts, pools }) => hosts.flatMap(({ name }) => pools.get(name) ?? []),
    id: ({ id }) => id,
    nameOf: ({ name }) => name,
    typed: ({ rawName }) => rawName,
  },
  display: {
    name: say`display`,
    all: ({ displays }) => displays.flatMap((server) => server.displays),
    id: ({ id }) => id,
    nameOf: ({ name }) => name,
    typed: ({ rawName }) => rawName,
    also: ({ channel }) => (channel ? [channel.id, channel.rawUser] : []),
  },
  terminal: {
    name: say`terminal`,
    all: ({ displays }) => terminalsOf(displays),
    id: ({ id }) => id,
    nameOf: ({ name }) => name,
    typed: ({ name }) => name,
    also: ({ address, channels, texts }) => [
      ...(address ? [address] : []),
      ...channels.map(({ channel }) => channel.rawUser),
      ...texts.map(({ rawUser }) => rawUser),
    ],
  },
  session: {
    name: say`session`,
    all: sessionsOf,
    id: ({ id }) => id,
    nameOf: ({ name }) => name,
    typed: ({ rawName }) => rawName,
    also: ({ key, rawUser }) => [key, rawUser],
  },
  node: {
    name: say`cluster node`,
    all: ({ clusters }) => clustersOf(clusters).flatMap(({ nodes }) => nodes),
    id: ({ id }) => id,
    nameOf: ({ name }) => name,
    typed: ({ name }) => name,
  },
  resource: {
    name: say`cluster resource`,
    all: ({ clusters }) => clustersOf(clusters).flatMap(({ resources }) => resources),
    id: ({ id }) => id,
    nameOf: ({ name }) => name,
    typed: ({ rawName }) => rawName,
  },
  incident: {
    name: say`incident`,
    all: ({ incidents }) => incidents,
    id: ({ id }) => id,
    nameOf: ({ id }) => say`#${Number(id)}`,
    typed: ({ id }) => id,
  },
  drill: {
    name: say`drill`,
    all: ({ drills }) => drills,
    id: ({ id }) => id,
    nameOf: ({ id }) => say`#${Number(id)}`,
    typed: ({ id }) => id,
    also: ({ name }) => [name],
  },
}

/** The object of this kind with this id; undefined: it is gone. */
export function recordOf<K extends Kind>(kind: K, id: string, snapshot: Snapshot): Records[K] | undefined {
  const of: KindOf<Records[K]> = kinds[kind]
  return foundById(of, id, snapshot)
}

const indexes = new WeakMap<Snapshot, Map<unknown, ReadonlyMap<string, unknown>>>()

/** The one with this id; undefined: it is gone. All of a kind are indexed once in a snapshot, since each of thousands may be asked for. */
export function foundById<T>(kind: KindOf<T>, id: string, snapshot: Snapshot): T | undefined {
  const known = indexes.get(snapshot) ?? new Map<unknown, ReadonlyMap<string, unknown>>()
  indexes.set(snapshot, known)
  // Of several with one id the first counts, so it is put in last.
  const index =
    known.get(kind) ??
    new Map(
      kind
        .all(snapshot)
        .toReversed()
        .map((one) => [kind.id(one), one]),
    )
  known.set(kind, index)
  return index.get(id) as T | undefined
}

/** Those that a person may mean by a word: their name, NAME@HOST, or by what they are found; else their name as it is shown. */
export function meantAmong<T>(
  { id, nameOf, typed, also }: Pick<KindOf<T>, 'id' | 'nameOf' | 'typed' | 'also'>,
  all: readonly T[],
  word: string,
): readonly T[] {
  const onHost = (one: T) => `${typed(one)}@${(one as { readonly host?: string }).host ?? ''}`
  const named = all.filter((one) => [typed(one), id(one), onHost(one), ...(also?.(one) ?? [])].includes(word))
  return named.length ? named : all.filter((one) => nameOf(one) === word)
}
