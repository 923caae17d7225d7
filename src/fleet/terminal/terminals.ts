import { isIP } from 'node:net'
import { defined } from '../../hosts/defined.ts'
import type { Label } from '../../hosts/label.ts'
import { type ChannelRecord, type DisplayServerRecord, isChannel, isThere } from '../display/record.ts'
import { type TextSession, textSessionsAt } from '../session/record.ts'
import type { TerminalRecord, TerminalWord } from './record.ts'

const made = new WeakMap<readonly DisplayServerRecord[], readonly TerminalRecord[]>()

/** The terminals of all display servers, as these know them now. */
export function terminalsOf(servers: readonly DisplayServerRecord[]): readonly TerminalRecord[] {
  const known = made.get(servers) ?? merged(servers.flatMap(terminalsAt))
  made.set(servers, known)
  return known
}

/** Those of one display server: whoever told of itself, is on a screen, or is where somebody is logged in. */
function terminalsAt(server: DisplayServerRecord): readonly TerminalRecord[] {
  const { host, displays, terminals = [] } = server
  const words = new Map<Label, TerminalWord>()
  for (const told of terminals) {
    // Of what several people told of one terminal the latest counts.
    if (told.at < (words.get(told.name)?.at ?? 0)) continue
    const { name, at, user, address, facts } = told
    words.set(name, { at, user, facts, ...defined({ address }) })
  }
  const channels = Map.groupBy(
    displays.filter(isChannel).filter(isThere),
    ({ channel }: ChannelRecord) => channel.terminal,
  )
  const texts = Map.groupBy(textSessionsAt(server), ({ terminal }: TextSession) => terminal)
  return [...new Set([...words.keys(), ...channels.keys(), ...texts.keys()])].map((name) => {
    // Where no name is known, channels call a terminal by its address.
    const told = words.get(name)
    const isLine = !told && !channels.has(name) && !texts.get(name)?.some(({ login }) => login.from)
    return {
      id: `${host} ${name}`,
      host,
      hosts: [host],
      name,
      channels: channels.get(name) ?? [],
      texts: texts.get(name) ?? [],
      ...(isLine ? { isLine } : {}),
      ...defined({ told, address: told?.address ?? (isIP(name) ? name : undefined) }),
    }
  })
}

/** Two display servers may know the same terminal: it is one if its name, its address and what does not change of it are the same. */
function merged(all: readonly TerminalRecord[]): readonly TerminalRecord[] {
  return [...Map.groupBy(all, sameness).values()].map(([first, ...others]) => {
    const one = first as TerminalRecord
    return others.reduce(joinedTo, one)
  })
}

function sameness({ id, name, address, told }: TerminalRecord): string {
  if (!told) return id
  const { facts } = told
  const { model, processor, disks, graphics } = facts
  return JSON.stringify([name, address, facts.name, model, processor, disks, graphics])
}

function joinedTo(one: TerminalRecord, other: TerminalRecord): TerminalRecord {
  const words = [one, other].flatMap(({ told }) => told ?? [])
  return {
    ...one,
    hosts: [...one.hosts, ...other.hosts],
    channels: [...one.channels, ...other.channels],
    texts: [...one.texts, ...other.texts],
    ...defined({ told: words.toSorted((a, b) => b.at - a.at)[0] }),
  }
}
