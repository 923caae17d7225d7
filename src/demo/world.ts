import { now as steadyNow } from '../hosts/clock.ts'
import { Balancing } from './balancer/balancing.ts'
import type { Time } from './clock.ts'
import { DemoCluster } from './cluster/cluster.ts'
import { DemoDaemons } from './daemons.ts'
import { DemoDirectory } from './directory/directory.ts'
import { DemoDisplays } from './display/displays.ts'
import { letFail } from './failures.ts'
import { Hypervisors } from './machine/hypervisors.ts'
import { type Outage, Outages } from './outages.ts'
import { randomFrom } from './random.ts'

export interface WorldOptions {
  readonly seed?: number
  readonly hosts?: number
  readonly machines?: number
  readonly frontends?: number
  /** what is to fail soon after the start; default nothing */
  readonly fail?: Outage
  readonly now?: () => number
}

/** Milliseconds until a check of the cluster's fails once, for somebody to clean up. */
const failsAfter = 400_000

/** The objects of the demo, a field for each kind. It knows no commands: each kind's `commands.ts` answers for it. */
export class World implements Time {
  readonly outages: Outages
  readonly hypervisors: Hypervisors
  readonly bornAt: number
  readonly daemons: DemoDaemons
  readonly balancing: Balancing
  readonly cluster: DemoCluster
  readonly directory: DemoDirectory
  readonly displays: DemoDisplays
  readonly now: () => number
  readonly random: () => number
  #timers = new Set<NodeJS.Timeout>()

  constructor({
    seed = 1,
    hosts = 3,
    machines = 20,
    frontends = 3,
    fail,
    now = steadyNow,
  }: WorldOptions = {}) {
    this.now = now
    this.bornAt = now()
    this.random = randomFrom(seed)
    this.outages = new Outages(this)
    this.daemons = new DemoDaemons(this)
    this.balancing = new Balancing(this, frontends)
    this.cluster = new DemoCluster(this.balancing)
    this.directory = new DemoDirectory(this)
    this.hypervisors = new Hypervisors(this, hosts, machines)
    this.displays = new DemoDisplays(this, this.hypervisors)
    this.later(failsAfter, () => this.cluster.fail('gateway', 'lb2'))
    if (fail) letFail(this, fail)
  }

  /** Calls back after a while of the demo's own time; forgotten when the demo ends. */
  later(milliseconds: number, then: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      then()
    }, milliseconds)
    timer.unref()
    this.#timers.add(timer)
    return timer
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.hypervisors.stop()
  }
}
