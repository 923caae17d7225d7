import { type Label, label, say } from '../hosts/label.ts'
import type { World } from './world.ts'

/** Something that happened before the demo began, as a journal has it. */
interface Past {
  /** milliseconds since the epoch */
  readonly at: number
  readonly kind: 'seen' | 'did'
  readonly severity: 'bad' | 'warning' | 'info'
  readonly type: string
  readonly source?: string
  readonly host: string
  readonly about: {
    readonly kind: 'host' | 'directory' | 'node' | 'resource' | 'machine' | 'incident'
    readonly id: string
  }
  readonly name?: Label
  readonly who?: Label
  readonly text: Label
  readonly raw?: Label
}

const hours = 3_600_000

type Told = Omit<Past, 'at' | 'kind' | 'host' | 'about'> & { readonly about?: Past['about'] }

/** What happened lately in the made-up cluster, the oldest first: a balancer that died, a front end that came and went, a machine that crashed. */
export function demoPast(world: World): readonly Past[] {
  const now = world.now()
  const seen = (at: number, host: string, told: Told): Past => ({
    at: Math.round(at),
    kind: 'seen',
    host,
    about: { kind: 'host', id: host },
    ...told,
  })
  return [
    ...balancerDied(now - 86 * hours, seen),
    ...frontendFlapped(now - 27 * hours, world, seen),
    ...machineCrashed(now - 2 * hours, world, seen),
  ]
}

type Seen = (at: number, host: string, told: Told) => Past

function balancerDied(at: number, seen: Seen): Past[] {
  const node = { about: { kind: 'node', id: 'lb1+lb2 lb1' } as const, name: say`lb1`, source: 'pacemaker' }
  const moved = (name: Label, text: Label) => ({
    severity: 'info' as const,
    type: 'resource.moved',
    about: { kind: 'resource', id: `lb1+lb2 ${name}` } as const,
    name,
    text,
  })
  return [
    seen(at, 'lb1', { severity: 'bad', type: 'host.lost', text: say`does not answer: no route to host` }),
    seen(at + 1_640, 'lb2', {
      ...node,
      severity: 'bad',
      type: 'node.lost',
      text: say`offline`,
      raw: say`pacemaker-controld [871] (update_peer_state_iter) notice: Node lb1 state is now lost | nodeid=1 previous=member`,
    }),
    seen(at + 2_310, 'lb2', {
      severity: 'warning',
      type: 'address.moved',
      text: say`has taken the address 10.0.0.100`,
    }),
    seen(at + 2_420, 'lb2', moved(say`service-ip`, say`went from lb1 to lb2; it ran nowhere for 0.7 s`)),
    seen(at + 3_080, 'lb2', moved(say`ldirectord`, say`went from lb1 to lb2; it ran nowhere for 1.3 s`)),
    seen(at + 412_000, 'lb1', { severity: 'info', type: 'host.back', text: say`answers again, after 6 min` }),
    seen(at + 415_300, 'lb2', {
      ...node,
      severity: 'info',
      type: 'node.joined',
      text: say`is in the cluster again, after 6 min`,
    }),
    {
      ...seen(at + 3 * hours, 'lb1', {
        severity: 'info',
        type: 'incident.noted',
        text: say`its power supply was dead; replaced`,
      }),
      kind: 'did',
      about: { kind: 'incident', id: '1' },
      name: say`#1`,
      who: say`carla@console`,
    },
    seen(at + 20 * hours, 'lb1', moved(say`service-ip`, say`went from lb2 to lb1; it ran nowhere for 0.4 s`)),
  ]
}

/** Its slapd had no descriptors left, twice. */
function frontendFlapped(at: number, { balancing }: World, seen: Seen): Past[] {
  const [, frontend] = balancing.frontends
  if (!frontend) return []
  const { name, address } = frontend
  const place = label(`${address}:389`)
  const about = { kind: 'directory', id: name } as const
  const fails = (from: number, lasts: number): Past[] => [
    seen(from, name, { about, severity: 'bad', type: 'directory.failed', text: say`LDAP: no answer in 2 s` }),
    seen(from + 2_790, 'lb1', {
      severity: 'warning',
      type: 'frontend.out',
      source: 'ldirectord',
      text: say`${place} out of 10.0.0.100:389 (ldirectord), 2.8 s after its LDAP failed here`,
      raw: say`Quiescent real server: ${place} (10.0.0.100:389) (Weight set to 0)`,
    }),
    seen(from + lasts, name, {
      about,
      severity: 'info',
      type: 'directory.back',
      text: say`LDAP: answers again, after ${Math.round(lasts / 1000)} s`,
    }),
    seen(from + lasts + 1_400, 'lb1', {
      severity: 'info',
      type: 'frontend.in',
      source: 'ldirectord',
      text: say`${place} back in 10.0.0.100:389, weight 4 (ldirectord)`,
      raw: say`Restored real server: ${place} (10.0.0.100:389) (Weight set to 4)`,
    }),
  ]
  return [...fails(at, 34_000), ...fails(at + 95_000, 51_000)]
}

function machineCrashed(at: number, { hypervisors }: World, seen: Seen): Past[] {
  const crashed = [...hypervisors.machines.values()].find(({ name }) => name === 'exam-01')
  if (!crashed) return []
  const about = { kind: 'machine', id: crashed.uuid } as const
  const text = say`crashed on ${label(crashed.host)}`
  return [
    seen(at, crashed.host, {
      about,
      name: label(crashed.name),
      severity: 'bad',
      type: 'machine.crashed',
      text,
    }),
  ]
}
