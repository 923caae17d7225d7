import { wallTime } from '../hosts/clock.ts'
import type { HostError } from '../hosts/host.ts'
import { watchDisplays } from '../services/display/watch.ts'
import { watchFileSystems } from '../services/filesystem/watch.ts'
import { watchHardware } from '../services/hardware/watch.ts'
import { lookAtHeartbeat } from '../services/heartbeat/look.ts'
import { lookAtKeepalived } from '../services/keepalived/look.ts'
import { watchLdap } from '../services/ldap/watch.ts'
import { LdirectordWatch } from '../services/ldirectord/watch.ts'
import { watchLogs } from '../services/logs/watch.ts'
import { watchLvs } from '../services/lvs/watch.ts'
import { type NodeLook, type NodeReading, watchNode } from '../services/node-watch.ts'
import { lookAtPacemaker } from '../services/pacemaker/look.ts'
import { watchHost } from '../services/process/watch.ts'
import { type RadiusServer, watchRadius } from '../services/radius/watch.ts'
import type { Changes } from './changes.ts'
import type { Telling } from './cluster/record.ts'
import { heartbeatTelling, keepalivedTelling } from './cluster/telling.ts'
import type { FullNames } from './display/full-names.ts'
import { displaysEvery } from './display/record.ts'
import type { FleetEvent } from './event.ts'
import type { LogBook } from './logs/log-book.ts'
import { logsOf } from './logs/sources.ts'
import type { Member } from './member.ts'
import { watchedProcesses } from './process/watched.ts'
import type { FleetStore } from './store.ts'
import type { Wants } from './wants.ts'

/** Something that polls a host. */
export interface Watch {
  /** milliseconds */
  interval: number
  start(): void
  stop(): void
  look(): void
}

/** What a watch needs to know, and whom it tells. */
interface Watching {
  /** milliseconds between two looks */
  readonly interval: number
  /** milliseconds in which requests for a look at how a host is become one; default as each watch has it */
  readonly merge?: number | undefined
  readonly now: () => number
  readonly store: FleetStore
  /** none: what logs tell is not wanted */
  readonly logs?: LogBook
  /** an answer came: is it time to look less often? */
  readonly rest: () => void
  readonly changed: (changes: Changes) => void
  readonly happened: (events: readonly FleetEvent[]) => void
  readonly lookAtDirectories: () => void
  /** of the people at terminals */
  readonly fullNames: FullNames
  readonly lookAtBalancers: () => void
}

/** Where ldirectord looks for its configuration by itself: ldirectord(8). */
export const defaultLdirectord = '/etc/ha.d/ldirectord.cf'

/** The watches of a host besides libvirt and its directory. A host without libvirt is asked for its load, too. */
export function watchOthers(member: Member, watching: Watching, wants: Wants): Watch[] {
  const { roles } = member.config
  return [
    ...(wants('vitals') && !roles.includes('hypervisor') ? [watchVitals(member, watching)] : []),
    ...(wants('balancer') && roles.includes('balancer') ? watchBalancer(member, watching) : []),
    ...(wants('radius') && member.radius ? [watchRadiusOf(member.radius, member, watching)] : []),
    ...(wants('displays') && roles.includes('display') ? [watchDisplaysOf(member, watching)] : []),
    ...(wants('cluster') ? watchClusterOf(member, watching) : []),
    ...(wants('storage') ? [watchStorage(member, watching)] : []),
    ...(wants('logs') ? [watchLogsOf(member, watching)] : []),
    ...(wants('hardware') && member.config.local ? [watchOwnHardware(member, watching)] : []),
  ]
}

function watchVitals(
  { host, config }: Member,
  { interval, merge, now, store, rest, changed }: Watching,
): Watch {
  return watchHost({
    host,
    interval,
    merge,
    now,
    processes: watchedProcesses(config),
    sink: {
      reading: (reading) => {
        rest()
        changed(store.applyHost(reading))
      },
      trouble: (name, error) => changed(store.fail(name, error, now())),
    },
  })
}

function watchBalancer(
  { host, config }: Member,
  { interval, now, store, happened, lookAtBalancers }: Watching,
): Watch[] {
  const { sudo = false, ldirectord: configFile = defaultLdirectord } = config
  const common = { host, interval, now }
  const failed = (what: 'lvs' | 'ldirectord') => (name: string, error: HostError) =>
    happened(store.balancers.failed(name, what, error, now()))
  const lvs = watchLvs({
    ...common,
    sudo,
    sink: {
      reading: (reading) => {
        happened(store.balancers.table(reading))
        // An address that one balancer gives up is taken by another.
        if (store.balancers.movedAt === reading.at) lookAtBalancers()
      },
      trouble: failed('lvs'),
    },
  })
  const ldirectord = new LdirectordWatch({
    ...common,
    configFile,
    sink: {
      reading: (reading) => happened(store.balancers.state(reading)),
      history: (name, events) => store.balancers.knew(name, events),
      event: (name, event) => {
        happened(store.ldirectordDid(name, event))
        lvs.look()
      },
      trouble: failed('ldirectord'),
    },
  })
  return [lvs, ldirectord]
}

function watchRadiusOf(
  server: RadiusServer,
  { config }: Member,
  { interval, now, store, happened }: Watching,
): Watch {
  return watchRadius({
    ...server,
    host: config.name,
    interval,
    now,
    sink: {
      reading: (reading) => happened(store.radius.reading(reading)),
      trouble: (name, error) => happened(store.radius.failed(name, error, now())),
    },
  })
}

function watchDisplaysOf(
  { host, config }: Member,
  { interval, now, store, rest, happened, fullNames }: Watching,
): Watch {
  const watch = watchDisplays({
    host,
    vdd: config.vdd ?? 'vdd',
    interval,
    now,
    sink: {
      reading: (reading) => {
        rest()
        const take = () => happened(store.displays.reading(fullNames.in(reading)))
        const learnt = fullNames.learn(reading)
        if (learnt) void learnt.then(take)
        else take()
      },
      trouble: (name, error) => {
        store.displays.failed(name, error, now())
        happened([])
      },
    },
  })
  return atItsPace(watch, (milliseconds) => Math.max(displaysEvery, milliseconds))
}

function watchClusterOf(
  { host, config: { roles, sudo = false } }: Member,
  { interval, now, store, happened }: Watching,
): Watch[] {
  const trouble = (name: string, error: HostError) => happened(store.clusters.failed(name, error, now()))
  const watch = <Slow, Facts>(
    look: NodeLook<Slow, Facts>,
    tellingOf: (reading: NodeReading<Facts>) => Telling,
  ): Watch[] => {
    const reading = (one: NodeReading<Facts>) => happened(store.clusters.reading(tellingOf(one)))
    return [watchNode({ host, interval, now, look, sink: { reading, trouble } })]
  }
  if (roles.includes('pacemaker')) return watch(lookAtPacemaker, (one) => one)
  if (roles.includes('heartbeat')) return watch(lookAtHeartbeat, heartbeatTelling)
  if (roles.includes('keepalived')) return watch(lookAtKeepalived(sudo), keepalivedTelling)
  return []
}

/** Milliseconds between two looks at file systems: they fill slowly, and each look starts a program. */
const storageEvery = 60_000

function watchStorage({ host }: Member, { interval, now, store, happened }: Watching): Watch {
  const watch = watchFileSystems({
    host,
    interval,
    now,
    sink: {
      reading: (reading) => {
        store.fileSystemsRead(reading)
        happened([])
      },
      trouble: (name, error, at) => {
        store.fileSystemsFailed(name, error, at)
        happened([])
      },
    },
  })
  return atItsPace(watch, (milliseconds) => Math.max(storageEvery, milliseconds))
}

/** Milliseconds between two looks at a clock, and at logs with it: what they tell has been seen already, but for what comes and goes between two looks. */
const clockEvery = 10_000
const logsEvery = 3_000

function watchLogsOf({ host, config }: Member, { interval, now, store, happened, logs }: Watching): Watch {
  const places = logs ? logsOf(config.roles) : []
  const watch = watchLogs({
    host,
    logs: places,
    interval,
    now,
    sink: {
      clock: (sample) => happened(store.clocks.sample(sample)),
      position: (name, file) => logs?.position(name, file),
      take: (piece) => logs?.take(piece) ?? false,
      denied: (name, denied) => store.logsDenied(name, denied),
      trouble: (name, error) => happened(store.clocks.failed(name, error, now())),
    },
  })
  const every = places.length ? logsEvery : clockEvery
  return atItsPace(watch, (milliseconds) => Math.max(every, milliseconds))
}

/** Milliseconds between two looks at what a machine is made of: a screen may be plugged in. */
const hardwareEvery = 600_000

function watchOwnHardware({ config }: Member, { interval, now, store, happened }: Watching): Watch {
  const watch = watchHardware({
    host: config.name,
    interval,
    now,
    sink: {
      reading: (host, facts) => {
        store.hardwareRead(host, facts)
        happened([])
      },
      // It is not known then, and nothing depends on it.
      trouble: () => {},
    },
  })
  return atItsPace(watch, (milliseconds) => Math.max(hardwareEvery, milliseconds))
}

/** A watch at its own pace instead of the fleet's. */
function atItsPace(watch: Watch, pace: (milliseconds: number) => number): Watch {
  let asked = watch.interval
  watch.interval = pace(asked)
  return {
    get interval() {
      return asked
    },
    set interval(milliseconds) {
      asked = milliseconds
      watch.interval = pace(milliseconds)
    },
    start: () => watch.start(),
    stop: () => watch.stop(),
    look: () => watch.look(),
  }
}

/**
 * Providers are asked twice as often as the rest. When one shows a change, all others are asked at once, so that their lag is known within
 * a second.
 */
export function watchDirectory(
  { ldap, config }: Member,
  { interval, now, store, happened, lookAtDirectories }: Watching,
): Watch | undefined {
  if (!ldap) return undefined
  const pace = (milliseconds: number) =>
    config.roles.includes('directory') ? milliseconds / 2 : milliseconds
  const watch = watchLdap({
    ...ldap,
    host: config.name,
    interval,
    now,
    sink: {
      reading: (reading) => {
        const { events, hasNews } = store.directoryAnswered(reading)
        happened(events)
        if (hasNews) lookAtDirectories()
      },
      trouble: (name, error, lostAt) =>
        happened(
          store.directoryFailed(name, error, now(), lostAt === undefined ? undefined : wallTime(lostAt)),
        ),
    },
  })
  return atItsPace(watch, pace)
}
