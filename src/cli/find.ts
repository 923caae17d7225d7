import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
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
      : machines.filter((m) => m.rawName === word.slice(0, cut) && m.host === word.slice(cut + 1))
  const [machine] = found
  if (found.length > 1)
    throw new Failure(
      exit.notFound,
      `${found.length} machines are called ${word}: ${found.map((m) => `${m.rawName}@${m.host}`).join(', ')}; name one of these or a UUID`,
    )
  if (machine) return machine
  const silent = silentHosts(snapshot)
  if (silent.length)
    throw new Failure(exit.unreachable, `no machine ${word} on the hosts that answer\n${silent.join('\n')}`)
  throw new Failure(exit.notFound, `no machine ${word}; "vdd machine list" shows them`)
}

export function findHost(snapshot: Snapshot, name: string): HostRecord {
  const host = snapshot.hosts.find((h) => h.name === name)
  if (host) return host
  throw new Failure(
    exit.notFound,
    `no host ${name} in the configuration; there are ${snapshot.hosts.map((h) => h.name).join(', ')}`,
  )
}
