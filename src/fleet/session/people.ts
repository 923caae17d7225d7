import { joined, type Label, say } from '../../hosts/label.ts'
import { oncePer } from '../../hosts/once.ts'
import type { DisplayServerRecord } from '../display/record.ts'
import type { MachineRecord } from '../machine/record.ts'
import type { Snapshot } from '../snapshot.ts'
import { type SessionRecord, sessionsAt } from './record.ts'

type Named = Pick<MachineRecord, 'rawName'>

/** What the machine of a session may be called: by its name, and by the address under which ssh finds it, which may have a domain. */
export function namesOf(
  machine: Pick<SessionRecord['machine'], 'rawName' | 'rawAddress'>,
): ReadonlySet<string> {
  const [first = ''] = machine.rawAddress.split('.')
  return new Set([machine.rawName, machine.rawAddress, ...(/^\d*$/.test(first) ? [] : [first])])
}

/** By the names of machines: many are asked about at once. */
const indexOf = oncePer(
  (servers: readonly DisplayServerRecord[]): ReadonlyMap<string, readonly SessionRecord[]> => {
    const index = new Map<string, SessionRecord[]>()
    for (const session of servers.flatMap(sessionsAt))
      for (const name of namesOf(session.machine)) {
        const known = index.get(name)
        if (known) known.push(session)
        else index.set(name, [session])
      }
    return index
  },
)

/** The sessions on these machines: desktops, and those at terminals without X. */
export function sessionsOn(
  machines: readonly Named[],
  { displays }: Pick<Snapshot, 'displays'>,
): readonly SessionRecord[] {
  const index = indexOf(displays)
  return [...new Set(machines.flatMap(({ rawName }) => index.get(rawName) ?? []))]
}

/** So many people are named in what is wrong, which has little room. */
const mostNamed = 5

/** `anna (term3), bruno (term7, term8)`; undefined: nobody. `most`: so many are named; default: all, for who is about to end their work is to see whose. */
export function namesText(sessions: readonly SessionRecord[], most = sessions.length): Label | undefined {
  const people = peopleIn(sessions)
  if (!people.length) return undefined
  const named = people.slice(0, most).map((own) => {
    const terminals = [...new Set(own.map(({ terminal }) => terminal))]
    return say`${own[0]?.user ?? say`?`} (${joined(terminals, ', ')})`
  })
  const more = people.length - most
  return more > 0 ? say`${joined(named, ', ')} and ${more} more` : joined(named, ', ')
}

/** Each person with all that they have, whatever that is and wherever it goes by: who has one name is one person. */
export function peopleIn(sessions: readonly SessionRecord[]): readonly (readonly SessionRecord[])[] {
  return [...Map.groupBy(sessions, ({ rawUser }) => rawUser).values()]
}

/** `2 people: anna (term3), bruno (term7, term8) and 3 more`, of what is wrong; undefined: nobody. */
export function inShort(sessions: readonly SessionRecord[]): Label | undefined {
  const names = namesText(sessions, mostNamed)
  return names && say`${peopleText(sessions)}: ${names}`
}

/** `2 people`, each counted once. */
export function peopleText(sessions: readonly SessionRecord[]): Label {
  const count = peopleIn(sessions).length
  return count === 1 ? say`1 person` : say`${count} people`
}
