import type { Balancing, DemoBalancer } from './balancer/balancing.ts'
import type { Time } from './clock.ts'
import type { DemoDirectory } from './directory/directory.ts'
import type { Hypervisors } from './machine/hypervisors.ts'
import type { DemoMachine } from './machine/machine.ts'
import { life } from './machine/machine.ts'
import type { Outage, Outages } from './outages.ts'

/** The part of the demo's world that can fail, and what is done about it. */
interface Around extends Pick<Time, 'later'> {
  readonly balancing: Balancing
  readonly directory: DemoDirectory
  readonly hypervisors: Hypervisors
  readonly outages: Outages
}

/** Something that happens so many milliseconds after the beginning of the failure. */
type Step = readonly [after: number, does: () => void]

/** Milliseconds from the start of the demo to its failure: by then all have answered. */
const begins = 8_000

/** Lets something fail, and what is made for it do what it does, as long after it as the real ones take (docs/internals/cluster.md, "What it takes"). */
export function letFail(world: Around, failure: Outage): void {
  for (const [after, does] of plays[failure](world)) world.later(begins + after, does)
}

const plays: { readonly [F in Outage]: (world: Around) => readonly Step[] } = {
  /** The active balancer loses its power: the cluster needs its token and consensus, then it starts the address and ldirectord. */
  balancer: ({ balancing, outages }) => {
    const [active, other] = balancing.balancers
    if (!active || !other) return []
    return [
      [0, () => outages.begin(active.name)],
      [2_300, () => takeOver(balancing.balancers, other)],
      [90_000, () => outages.end(active.name)],
    ]
  },
  /** The directory server that takes changes is cut off: the replicas answer on, and fall behind. */
  master: ({ directory, outages }) => [
    [0, () => outages.begin(directory.provider.name)],
    [60_000, () => outages.end(directory.provider.name)],
  ],
  /** A front end loses its power: ldirectord asks it in vain, and takes it out at its next check. */
  frontend: ({ balancing, outages }) => {
    const frontend = balancing.frontends[1]
    if (!frontend) return []
    return [
      [0, () => outages.begin(frontend.name)],
      [75_000, () => outages.end(frontend.name)],
    ]
  },
  /** A hypervisor dies: its machines are started on the others, the first after the time in which it is missed. */
  host: ({ hypervisors, outages }) => {
    const [, dead] = [...hypervisors.hosts.keys()]
    if (dead === undefined) return []
    const others = [...hypervisors.hosts.keys()].filter((name) => name !== dead)
    const lost = [...hypervisors.machines.values()].filter((one) => one.host === dead && one.life.state === 1)
    return [
      [0, () => outages.begin(dead)],
      ...lost.map((machine, i): Step => {
        const to = others[i % others.length] ?? dead
        return [12_000 + 700 * i, () => startElsewhere(hypervisors, machine, to)]
      }),
      [120_000, () => outages.end(dead)],
    ]
  },
}

/** The address goes to another balancer; the connections that went through the first are lost. */
function takeOver(balancers: readonly DemoBalancer[], by: DemoBalancer): void {
  for (const balancer of balancers) {
    balancer.holdsAddress = balancer === by
    if (!balancer.holdsAddress)
      for (const { reals } of balancer.services) for (const real of reals) real.active = 0
  }
}

function startElsewhere(hypervisors: Hypervisors, machine: DemoMachine, to: string): void {
  hypervisors.hosts.get(machine.host)?.machines.delete(machine)
  machine.life = { ...life.off }
  machine.host = to
  hypervisors.hosts.get(to)?.machines.add(machine)
  hypervisors.become(machine, life.booted, 'Started Booted')
}
