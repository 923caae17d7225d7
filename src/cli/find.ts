import { placeOf } from '../fleet/balancers.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
import { placesOf } from '../fleet/places.ts'
import { isSilent, silenceText } from '../fleet/serving.ts'
import type { ServiceRecord } from '../fleet/virtual-services.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'
import { silentHosts } from './with-fleet.ts'

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
  const silent = silentHosts(snapshot)
  if (silent.length)
    throw new Failure(exit.unreachable, [say`no machine ${label(word)} on the hosts that answer`, ...silent])
  throw new Failure(exit.notFound, say`no machine ${label(word)}; "vdd machine list" shows them`)
}

export function findHost(snapshot: Snapshot, name: string): HostRecord {
  const host = snapshot.hosts.find((h) => h.name === name)
  if (host) return host
  const all = label(snapshot.hosts.map((h) => h.name).join(', '))
  throw new Failure(exit.notFound, say`no host ${label(name)} in the configuration; there are ${all}`)
}

export function findBalancer(snapshot: Snapshot, name: string): HostRecord {
  const all = snapshot.hosts.filter(({ roles }) => roles.includes('balancer'))
  const found = all.find((host) => host.name === name)
  if (found) return found
  const names = label(all.map((host) => host.name).join(', ') || 'none')
  throw new Failure(exit.notFound, say`no balancer ${label(name)}; there are ${names}`)
}

/** What is not found may be there, where balancers do not answer: that is said, and not that there is none. */
function notFound(snapshot: Snapshot, text: Label, there: readonly Label[]): Failure {
  const silent = snapshot.balancers.filter(isSilent)
  const all = joined(there, ', ') || say`none`
  if (!silent.length) return new Failure(exit.notFound, say`${text}; there are ${all}`)
  return new Failure(exit.unreachable, [
    say`${text} on the balancers that answer; they have ${all}`,
    ...silent.map(silenceText),
  ])
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
  throw notFound(
    snapshot,
    say`no front end ${label(word)}`,
    frontends.map(({ name }) => name),
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
  throw notFound(
    snapshot,
    say`no virtual service ${label(word)}`,
    all.map(({ name }) => name),
  )
}

/** The directory server that a word means: the name of its host. */
export function findDirectory({ directories }: Pick<Snapshot, 'directories'>, word: string): DirectoryRecord {
  const found = directories.find(({ host }) => host === word)
  if (found) return found
  const all = label(directories.map(({ host }) => host).join(', ') || 'none')
  throw new Failure(exit.notFound, say`no directory server ${label(word)}; there are ${all}`)
}
