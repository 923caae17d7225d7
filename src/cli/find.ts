import { placeOf } from '../fleet/balancer/did.ts'
import { isSilent, silenceText } from '../fleet/balancer/serving.ts'
import { ownerOfUnlisted } from '../fleet/cluster/owner.ts'
import type { DirectoryRecord } from '../fleet/directory/record.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { placesOf } from '../fleet/machine/places.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { exit, Failure } from './exit.ts'
import { silentHosts } from './with-fleet.ts'

/** What is looked for, of which kind, among what, and which command lists it all. */
interface Search {
  readonly what: Label
  readonly word: string
  /** all that it could have been */
  readonly known: Iterable<string>
  /** `machine list` */
  readonly list: string
  /** what it may have been taken for */
  readonly hosts?: readonly HostRecord[]
}

/** That there is no such thing, and what was probably meant; else which command lists what there is. */
export function noSuch(search: Search): Failure {
  const near = nearText(search)
  return new Failure(
    exit.notFound,
    near ? [noneText(search), near] : say`${noneText(search)}; "vdd ${label(search.list)}" shows them`,
  )
}

function noneText({ what, word }: Search): Label {
  return say`no ${what} ${word === '' ? say`""` : label(word)}`
}

/** What was probably meant, or what it is instead. */
function nearText({ word, known, hosts = [] }: Search): Label | undefined {
  const host = hosts.find(({ name }) => name === word)
  return host ? say`${label(word)} is a host (${label(host.roles.join(', '))})` : didYouMean(word, known)
}

/** The same where some do not answer: it may be there, and that is said, and not that there is none. */
export function notKnown(search: Search, among: Label, silent: readonly Label[]): Failure {
  if (!silent.length) return noSuch(search)
  const near = nearText(search)
  return new Failure(exit.unreachable, [
    say`${noneText(search)} on the ${among} that answer`,
    ...(near ? [near] : []),
    ...silent,
  ])
}

/** The machine that a word means: its name, its UUID, or NAME@HOST where the name is not unique. */
export function findMachine(snapshot: Snapshot, word: string): MachineRecord {
  const { machines } = snapshot
  const named = machines.filter((m) => m.rawName === word || m.uuid === word)
  const cut = word.lastIndexOf('@')
  const found =
    named.length || cut < 0
      ? named
      : machines
          .filter((m) => m.rawName === word.slice(0, cut))
          .flatMap(placesOf)
          .filter((m) => m.host === word.slice(cut + 1))
  const [machine] = found
  if (found.length > 1) {
    const choices = label(found.map((m) => `${m.rawName}@${m.host}`).join(', '))
    throw new Failure(
      exit.notFound,
      say`${found.length} machines are called ${label(word)}: ${choices}; name one of these or a UUID`,
    )
  }
  if (machine) return machine
  const owner = ownerOfUnlisted(word, snapshot)
  if (owner)
    throw new Failure(
      exit.notFound,
      say`no hypervisor has ${label(word)} now: it is the resource ${owner.name} of the cluster ${label(owner.cluster)}, which starts it by "vdd cluster enable ${owner.name}"`,
    )
  const known =
    cut < 0
      ? machines.flatMap(({ rawName, uuid }) => [rawName, uuid])
      : machines.flatMap(placesOf).map(({ rawName, host }) => `${rawName}@${host}`)
  throw notKnown(
    { what: say`machine`, word, known, list: 'machine list', hosts: snapshot.hosts },
    say`hosts`,
    silentHosts(snapshot),
  )
}

export function findHost({ hosts }: Pick<Snapshot, 'hosts'>, word: string): HostRecord {
  const found = hosts.find(({ name }) => name === word)
  if (found) return found
  throw noSuch({ what: say`host`, word, known: hosts.map(({ name }) => name), list: 'host list' })
}

export function findBalancer({ hosts }: Pick<Snapshot, 'hosts'>, word: string): HostRecord {
  const all = hosts.filter(({ roles }) => roles.includes('balancer'))
  const found = all.find(({ name }) => name === word)
  if (found) return found
  throw noSuch({ what: say`balancer`, word, known: all.map(({ name }) => name), list: 'host list', hosts })
}

function silentBalancers({ balancers }: Snapshot): Label[] {
  return balancers.filter(isSilent).map(silenceText)
}

/** The front end that a word means: its name, or its address. */
export function findFrontend(snapshot: Snapshot, word: string): FrontendRecord {
  const { frontends } = snapshot
  const named = frontends.filter(({ name, address }) => name === word || address === word)
  const [found] = named
  if (named.length > 1) {
    const choices = label(named.map(({ address }) => address).join(', '))
    throw new Failure(exit.notFound, say`${label(word)} has several addresses: ${choices}; name one of these`)
  }
  if (found) return found
  const known = frontends.flatMap(({ name, address }) => [name, address])
  throw notKnown(
    { what: say`front end`, word, known, list: 'frontend list', hosts: snapshot.hosts },
    say`balancers`,
    silentBalancers(snapshot),
  )
}

/** The virtual service that a word means: its name, its place without the protocol, or its port where that is enough. */
export function findService(snapshot: Snapshot, word: string): ServiceRecord {
  const { services: all } = snapshot
  const named = all.filter(({ name }) => name === word || placeOf({ id: name }) === word)
  const found = named.length ? named : all.filter(({ name }) => name.endsWith(`:${word.replace(/^:/, '')}`))
  const [service] = found
  if (found.length > 1) {
    const choices = label(found.map(({ name }) => name).join(', '))
    throw new Failure(exit.notFound, say`${label(word)} may be ${choices}; name one of these`)
  }
  if (service) return service
  const known = all.flatMap(({ name }) => [
    name,
    placeOf({ id: name }),
    name.slice(name.lastIndexOf(':') + 1),
  ])
  throw notKnown(
    { what: say`virtual service`, word, known, list: 'service list', hosts: snapshot.hosts },
    say`balancers`,
    silentBalancers(snapshot),
  )
}

/** The directory server that a word means: the name of its host. */
export function findDirectory(
  { directories, hosts }: Pick<Snapshot, 'directories' | 'hosts'>,
  word: string,
): DirectoryRecord {
  const found = directories.find(({ host }) => host === word)
  if (found) return found
  const known = directories.map(({ host }) => host)
  throw noSuch({ what: say`directory server`, word, known, list: 'directory list', hosts })
}
