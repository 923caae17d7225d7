// It is imported at the first look, which would take longer than what is asked of a stopped clock.
import '../../src/services/display/parse.ts'
import { demoFleet } from '../../src/demo/fleet.ts'
import type { World } from '../../src/demo/world.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import type { Member } from '../../src/fleet/member.ts'
import type { FleetOptions } from '../../src/fleet/options.ts'
import { now } from '../../src/hosts/clock.ts'
import { defined } from '../../src/hosts/defined.ts'
import { type Channel, type Host, HostError } from '../../src/hosts/host.ts'
import { label, say } from '../../src/hosts/label.ts'
import type { LdapConnection } from '../../src/services/ldap/facts.ts'

/** Some hosts of the demo, and what they are asked. For a world whose clock is stopped. */
export interface Overheard {
  readonly fleet: Fleet
  readonly world: World
  /** `hv1 domjobinfo UUID`: a command, or a line of one that stays; `fe1 ldap`, `fe1 radius`: a search, a packet */
  readonly asked: string[]
  /** lets a host answer nothing any more, and its servers neither */
  silence(host: string): void
  /** lets it answer again */
  mend(host: string): void
  /** puts the clock of the fleet forward by so many milliseconds, at which nothing else happens */
  skip(milliseconds: number): void
  end(): Promise<void>
}

interface Options extends Partial<Omit<FleetOptions, 'members'>> {
  /** the hosts that there are; default all of the demo */
  readonly hosts?: readonly string[]
  /** what else the configuration says of a host */
  readonly configs?: Readonly<Record<string, Partial<Member['config']>>>
}

export function overheard({ hosts, configs = {}, ...options }: Options = {}): Overheard {
  const { world, members } = demoFleet({ seed: 1 })
  const asked: string[] = []
  const silent = new Set<string>()
  const channels = new Map<string, Channel[]>()
  let ahead = 0
  const refused = (host: string) => new HostError('unreachable', host, say`silent`)
  const hear = <T>(host: string, what: string, answer: () => Promise<T>): Promise<T> => {
    asked.push(`${host} ${what}`)
    return silent.has(host) ? Promise.reject(refused(host)) : answer()
  }
  const known = members.filter(({ config }) => !hosts || hosts.includes(config.name))
  const fleet = new Fleet({
    cluster: label('demo'),
    demo: true,
    readOnly: false,
    interval: 1_000,
    journal: new Journal(':memory:'),
    now: () => now() + ahead,
    ...options,
    members: known.map(({ config, host, ldap, radius }): Member => {
      const { name } = config
      const heard: Hear = (what, answer) => hear(name, what, answer)
      return {
        config: { ...config, ...configs[name] },
        host: overheardHost(host, heard, (channel) => {
          channels.set(name, [...(channels.get(name) ?? []), channel])
        }),
        ...(ldap
          ? {
              ldap: {
                ...ldap,
                open: () => heard('bind', async () => overheardLdap(await ldap.open(), heard)),
              },
            }
          : {}),
        ...(radius
          ? { radius: { ...radius, wire: (...given) => heard('radius', () => radius.wire(...given)) } }
          : {}),
      }
    }),
  })
  return {
    fleet,
    world,
    asked,
    silence: (host) => {
      silent.add(host)
      for (const channel of channels.get(host) ?? []) channel.kill()
    },
    mend: (host) => void silent.delete(host),
    skip: (milliseconds) => {
      ahead += milliseconds
    },
    end: async () => {
      await fleet.stop()
      world.stop()
      fleet.journal.close()
    },
  }
}

type Hear = <T>(what: string, answer: () => Promise<T>) => Promise<T>

/** The host itself, but for what is told of it. */
function overheardHost(host: Host, hear: Hear, opened: (channel: Channel) => void): Host {
  return {
    name: host.name,
    run: (argv, options) => hear(argv.join(' '), () => host.run(argv, options)),
    stream: (argv) =>
      hear(argv.join(' '), async () => {
        const channel = await host.stream(argv)
        opened(channel)
        channel.stdin.on('data', (fed: Buffer) => {
          for (const line of fed.toString().split('\n').filter(isAsking))
            hear(line, async () => {}).catch(() => {})
        })
        return channel
      }),
    connect: (place, signal) => host.connect(place, signal),
    terminal: (argv, terminal) => host.terminal(argv, terminal),
    doubt: (reason) => void hear(`doubted: ${reason}`, async () => {}).catch(() => {}),
    close: () => host.close(),
  }
}

/** Not what only tells answers apart. */
function isAsking(line: string): boolean {
  return line !== '' && !line.includes('__vdd_')
}

async function overheardLdap(connection: LdapConnection, hear: Hear): Promise<LdapConnection> {
  return {
    ...defined({ certifiedUntil: connection.certifiedUntil }),
    get closed() {
      return connection.closed
    },
    close: () => connection.close(),
    search: (...given) => hear('ldap', () => connection.search(...given)),
  }
}
