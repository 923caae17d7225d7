import { isIP } from 'node:net'
import type { HostConfig } from '../../config/schema.ts'
import { type HostAt, hostsByAddress } from '../frontend/frontends.ts'
import type { Entry } from '../journal/journal.ts'
import type { Duty } from './rules.ts'

/** Hosts that stand and fall together, or something that has no host. */
export interface Group {
  /** the first of its hosts: unique */
  readonly id: string
  readonly duties: ReadonlySet<Duty>
}

/** What an entry is about, as incidents see it. */
export interface Place {
  /** where it may belong, the likeliest first */
  readonly groups: readonly Group[]
  /** tells its object from others of the group, whoever tells of it: `ha1`, `10.9.0.11:389 10.9.0.100:389` */
  readonly object: string
}

/** What tells of something: an entry, or an alert. */
type Told = Pick<Entry, 'about' | 'name' | 'text' | 'type'> & { readonly host: string }

type Member = Pick<HostConfig, 'name' | 'roles' | 'address' | 'serves'>

/**
 * Which host belongs to which group. It knows the configuration, and of clusters what the entries themselves tell, so that whoever has only
 * the journal comes to the same.
 */
export class Ties {
  readonly #members: ReadonlyMap<string, Member>
  readonly #hostAt: HostAt
  /** sets of hosts that belong together */
  #sets: readonly ReadonlySet<string>[]
  readonly #clustered = new Set<string>()
  readonly #groups = new Map<string, Group>()

  constructor(members: readonly Member[]) {
    this.#members = new Map(members.map((one) => [one.name, one]))
    this.#hostAt = hostsByAddress(members)
    const balancers = members.filter(({ roles }) => roles.includes('balancer')).map(({ name }) => name)
    this.#sets = balancers.length ? [new Set(balancers)] : []
  }

  /** Takes what an entry tells of who is in a cluster with whom; whether that is new. */
  learn(entry: Pick<Entry, 'about' | 'host' | 'type'>): boolean {
    const cluster = clusterIn(entry)
    if (cluster === undefined || this.#clustered.has(cluster)) return false
    this.#clustered.add(cluster)
    const names = new Set(cluster.split('+'))
    const [joined, apart] = [
      this.#sets.filter((one) => [...names].some((name) => one.has(name))),
      this.#sets.filter((one) => ![...names].some((name) => one.has(name))),
    ]
    this.#sets = [...apart, new Set([...joined.flatMap((one) => [...one]), ...names])]
    this.#groups.clear()
    return true
  }

  /** The group of a host, or of what has no host. */
  groupOf(host: string): Group {
    const known = this.#groups.get(host)
    if (known) return known
    const hosts = [...(this.#sets.find((one) => one.has(host)) ?? [host])].sort()
    const roles = hosts.flatMap((name) => this.#members.get(name)?.roles ?? [])
    const isCluster = [...this.#clustered].some((cluster) => cluster.split('+').includes(host))
    const duties = new Set<Duty>([
      ...roles.flatMap(dutiesOf),
      ...(isCluster ? ['cluster' as const] : []),
      'host',
    ])
    const group = { id: hosts[0] ?? host, duties }
    this.#groups.set(host, group)
    return group
  }

  placeOf(entry: Told): Place {
    const { about, host, type = '' } = entry
    if (/^(frontend|weight|maintenance)\./.test(type)) return this.#frontend(entry)
    const id = about?.id ?? host
    switch (about?.kind) {
      case 'node':
      case 'resource': {
        const [cluster = '', ...name] = id.split(' ')
        const [first = host] = cluster.split('+')
        return { groups: [this.groupOf(first)], object: name.join(' ') || cluster }
      }
      case 'machine': {
        const named = wordsOf(entry.text).filter((word) => this.#members.has(word))
        const hosts = [...new Set([...named, host])].map((one) => this.groupOf(one))
        return { groups: [...hosts, { id, duties: new Set(['machine']) }], object: id }
      }
      case 'frontend':
        return this.#frontend(entry)
      case 'service':
        return { groups: [this.groupOf(host)], object: addressesIn(entry.text)[0] ?? id }
      case 'host':
        // What tells of an address is of that, whoever has it.
        return type.startsWith('address.')
          ? { groups: [this.groupOf(id)], object: addressesIn(entry.text)[0] ?? id }
          : { groups: [this.groupOf(id)], object: id }
      case 'directory':
        return { groups: [this.groupOf(id)], object: id }
      default:
        return { groups: [this.groupOf(host)], object: id }
    }
  }

  /** A front end that a balancer tells of is named by its address, with the port where it is one service of it. */
  #frontend({ about, host, text }: Told): Place {
    const [real, place] = addressesIn(text)
    const address = about?.kind === 'frontend' ? about.id : real?.replace(/:\d+$/, '')
    const name =
      address === undefined ? (wordsOf(text).find((word) => this.#members.has(word)) ?? host) : address
    return {
      groups: [this.groupOf(this.#hostAt(name) ?? name)],
      object: [real ?? name, ...(place ? [place] : [])].join(' '),
    }
  }
}

/** `ha1+ha2`: of what an entry tells, by its id, or since a node tells of another one; undefined: it tells nothing of that. */
function clusterIn({ about, host, type }: Pick<Entry, 'about' | 'host' | 'type'>): string | undefined {
  if (about?.kind === 'node' || about?.kind === 'resource') return about.id.split(' ')[0]
  return about?.kind === 'host' && type?.startsWith('node.') && about.id !== host
    ? [about.id, host].sort().join('+')
    : undefined
}

function dutiesOf(role: string): Duty[] {
  switch (role) {
    case 'pacemaker':
    case 'heartbeat':
      return ['cluster']
    case 'balancer':
    case 'frontend':
    case 'directory':
    case 'hypervisor':
      return [role]
    default:
      return []
  }
}

const wordsOf = (text: string): string[] =>
  text.split(/[^\p{L}\p{N}._:[\]-]+/u).map((word) => word.replace(/[.:]+$/, ''))

/** The addresses that a text names, with their ports where it has them. */
function addressesIn(text: string): string[] {
  return wordsOf(text).filter(
    (word) => isIP(word.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')) || isIP(word),
  )
}
