import { joined, type Label, label, say } from '../hosts/label.ts'
import { oncePer } from '../hosts/once.ts'
import { machinesOf } from './cluster/owner.ts'
import type { ResourceRecord } from './cluster/record.ts'
import type { FrontendService } from './frontend/frontends.ts'
import type { MachineRecord } from './machine/record.ts'
import { inShort, namesText, peopleIn, peopleText, sessionsOn } from './session/people.ts'
import { type SessionRecord, sessionsAt } from './session/record.ts'
import type { Snapshot } from './snapshot.ts'

/** What goes on at some objects: it is hit by what happens to them. */
export interface Hit {
  /** the sessions of people: desktops, and those at terminals without X */
  readonly sessions: readonly SessionRecord[]
  /** connections that front ends have open */
  readonly open: number
  /** connections that go through balancers, besides those */
  readonly through: number
  /** display servers that do not tell who works where */
  readonly silent: readonly string[]
}

/** What is felt of it: sessions and connections end; they stumble, or stand still for a while; connections go on to their end; they hang. */
export type Felt = 'ends' | 'stumbles' | 'goes on' | 'hangs'

const nothing: Hit = { sessions: [], open: 0, through: 0, silent: [] }

/** What goes on in these sessions. */
export function hitInSessions(sessions: readonly SessionRecord[]): Hit {
  return { ...nothing, sessions }
}

/** What goes on at these real servers. */
export function hitAtServices(services: readonly Pick<FrontendService, 'active'>[]): Hit {
  return { ...nothing, open: openAt(services) }
}

/** What goes on at these machines: people work on them, and some are front ends, balancers or display servers themselves. */
export function hitOnMachines(machines: readonly Pick<MachineRecord, 'rawName'>[], snapshot: Snapshot): Hit {
  const hosts = withTheirMachines(
    machines.map(({ rawName }) => rawName),
    snapshot,
  )
  return hitAt(hosts, machines, snapshot)
}

/** What goes on at these hosts, and at the machines on them. */
export function hitAtHosts(names: readonly string[], snapshot: Snapshot): Hit {
  return hitAt(withTheirMachines(names, snapshot), [], snapshot)
}

/** The agents of what connections through a balancer come by. */
const carriers = /:(?:IPaddr2?|ldirectord|lvs_support)$/

/** What goes on through what a cluster runs: the connections through a balancer whose address or ldirectord it is. */
export function hitByResources(resources: readonly ResourceRecord[], snapshot: Snapshot): Hit {
  const carried = resources.filter(({ agent }) => carriers.test(agent))
  const nodes = new Set<string>(carried.flatMap(({ places }) => places.map(({ node }) => node)))
  const all = snapshot.frontends.flatMap(({ services }) => services)
  const machines = machinesOf(resources, snapshot)
  const on = machines.length ? hitOnMachines(machines, snapshot) : nothing
  return { ...on, through: on.through + openAt(all.filter(({ balancer }) => nodes.has(balancer))) }
}

function hitAt(
  hosts: ReadonlySet<string>,
  machines: readonly Pick<MachineRecord, 'rawName'>[],
  snapshot: Snapshot,
): Hit {
  const on = [...hosts].flatMap((host) => byHost(snapshot.machines).get(host) ?? [])
  const { displays, frontends } = snapshot
  const atScreens = displays.filter(({ host }) => hosts.has(host)).flatMap(sessionsAt)
  const ofThem = frontends.filter(({ host }) => hosts.has(host ?? ''))
  const others = frontends.filter((one) => !ofThem.includes(one)).flatMap(({ services }) => services)
  return {
    sessions: [...new Set([...atScreens, ...sessionsOn([...machines, ...on], snapshot)])],
    open: openAt(ofThem.flatMap(({ services }) => services)),
    through: openAt(others.filter(({ balancer }) => hosts.has(balancer))),
    silent: displays.filter(({ reading, trouble }) => trouble || !reading).map(({ host }) => host),
  }
}

function openAt(services: readonly Pick<FrontendService, 'active'>[]): number {
  return services.reduce((sum, { active }) => sum + active, 0)
}

/** These hosts, and those that are machines on them; a machine is a host of the configuration by its name. */
function withTheirMachines(names: readonly string[], snapshot: Snapshot): ReadonlySet<string> {
  const all = new Set(names)
  // It grows while it is gone through.
  for (const name of all)
    for (const { rawName } of byHost(snapshot.machines).get(name) ?? []) all.add(rawName)
  return all
}

/** Of hundreds of hosts that fall silent together each is asked about. */
const byHost = oncePer((machines: Snapshot['machines']) => Map.groupBy(machines, ({ host }) => host))

/** For whoever is about to do something to it, a sentence each: who works there, and what is open. `many`: several objects. */
export function hitTexts({ sessions, open, through, silent }: Hit, felt: Felt, many: boolean): Label[] {
  const where = many ? say`them` : say`it`
  const isOne = peopleIn(sessions).length === 1
  const names = namesText(sessions)
  return [
    ...(names
      ? [say`${peopleText(sessions)} ${isOne ? say`is` : say`are`} working on ${where}: ${names}`]
      : []),
    ...(open ? [openText(open, felt)] : []),
    ...(through
      ? [say`${connections(through)} ${through === 1 ? say`goes` : say`go`} through ${where}`]
      : []),
    ...(silent.length
      ? [say`not known who works on ${where}: ${label(silent.join(', '))} cannot be asked`]
      : []),
  ]
}

/** In one phrase, of what is wrong: `2 people: anna (term3), bruno (term7); 12 open connections`; undefined: nothing is known to be hit. */
export function hitText({ sessions, open, through }: Hit): Label | undefined {
  const who = inShort(sessions)
  const parts = [...(who ? [who] : []), ...(open + through ? [connections(open + through)] : [])]
  return parts.length ? joined(parts, '; ') : undefined
}

function connections(count: number): Label {
  return count === 1 ? say`1 open connection` : say`${count} open connections`
}

function openText(open: number, felt: Felt): Label {
  const isOne = open === 1
  const how: Readonly<Record<Felt, Label>> = {
    ends: isOne ? say` is cut` : say` are cut`,
    stumbles: isOne ? say` stands still meanwhile` : say` stand still meanwhile`,
    'goes on': isOne ? say` goes on to its end` : say` go on to their end`,
    hangs: isOne ? say` hangs: it gets no answer, and no end` : say` hang: they get no answer, and no end`,
  }
  return say`${connections(open)}${how[felt]}`
}
