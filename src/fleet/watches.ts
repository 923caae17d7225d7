import { wallTime } from '../hosts/clock.ts'
import type { HostError } from '../hosts/host.ts'
import { watchDisplays } from '../services/display/watch.ts'
import { watchFileSystems } from '../services/filesystem/watch.ts'
import { watchHardware } from '../services/hardware/watch.ts'
import { watchLdap } from '../services/ldap/watch.ts'
import { LdirectordWatch } from '../services/ldirectord/watch.ts'
import { watchLogs } from '../services/logs/watch.ts'
import { watchLvs } from '../services/lvs/watch.ts'
import { watchHost } from '../services/process/watch.ts'
import { type RadiusServer, watchRadius } from '../services/radius/watch.ts'
import { displaysEvery } from './display/record.ts'
import { logsOf } from './logs/sources.ts'
import type { Member } from './member.ts'
import { watchedProcesses } from './process/watched.ts'
import type { Wants } from './wants.ts'
import { watchClusterOf } from './watch-cluster.ts'
import { atItsPace, type Watch, type Watching } from './watching.ts'

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
