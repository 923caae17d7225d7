import { joined, type Label, say } from '../../hosts/label.ts'
import { oncePer } from '../../hosts/once.ts'
import type { MachineRecord } from '../machine/record.ts'
import type { Snapshot } from '../snapshot.ts'
import { type ChannelRecord, type DisplayServerRecord, isChannel } from './record.ts'

type Named = Pick<MachineRecord, 'rawName'>

/** What the machine of a session may be called: by its name, and by the address under which ssh finds it, which may have a domain. */
export function namesOf(
  machine: Pick<ChannelRecord['channel']['machine'], 'rawName' | 'rawAddress'>,
): ReadonlySet<string> {
  const [first = ''] = machine.rawAddress.split('.')
  return new Set([machine.rawName, machine.rawAddress, ...(/^\d*$/.test(first) ? [] : [first])])
}

/** Whether somebody has a session on it: that goes with who holds it. */
export function isHere({ channel }: ChannelRecord): boolean {
  return channel.fate === 'alive'
}

/** The channels of a display server on which somebody has a session. */
export function peopleAt({ displays }: Pick<DisplayServerRecord, 'displays'>): readonly ChannelRecord[] {
  return displays.filter(isChannel).filter(isHere)
}

/** By the names of machines: many are asked about at once. */
const indexOf = oncePer(
  (servers: readonly DisplayServerRecord[]): ReadonlyMap<string, readonly ChannelRecord[]> => {
    const index = new Map<string, ChannelRecord[]>()
    for (const channel of servers.flatMap(peopleAt))
      for (const name of namesOf(channel.channel.machine)) {
        const known = index.get(name)
        if (known) known.push(channel)
        else index.set(name, [channel])
      }
    return index
  },
)

/** The channels that show sessions of these machines. */
export function channelsOn(
  machines: readonly Named[],
  { displays }: Pick<Snapshot, 'displays'>,
): readonly ChannelRecord[] {
  const index = indexOf(displays)
  return [...new Set(machines.flatMap(({ rawName }) => index.get(rawName) ?? []))]
}

/** So many people are named. */
const mostNamed = 5

/** `anna (term3), bruno (term7, term8) and 3 more`; undefined: nobody. */
export function namesText(channels: readonly ChannelRecord[]): Label | undefined {
  const people = byPerson(channels)
  if (!people.length) return undefined
  const named = people.slice(0, mostNamed).map(([, own]) => {
    const terminals = [...new Set(own.map(({ channel }) => channel.terminal))]
    return say`${own[0]?.user ?? say`?`} (${joined(terminals, ', ')})`
  })
  const more = people.length - mostNamed
  return more > 0 ? say`${joined(named, ', ')} and ${more} more` : joined(named, ', ')
}

/** Each person with all that they have. */
function byPerson(channels: readonly ChannelRecord[]): [string, ChannelRecord[]][] {
  return [...Map.groupBy(channels, ({ channel }) => channel.rawUser)]
}

/** `2 people`, each counted once. */
export function peopleText(channels: readonly ChannelRecord[]): Label {
  const count = byPerson(channels).length
  return count === 1 ? say`1 person` : say`${count} people`
}
